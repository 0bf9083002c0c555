"""The words of messages about ways of signing in."""

from __future__ import annotations

from broker.letter import URGENT, Letter

LETTERS: dict[tuple[str, ...], Letter] = {
    ("person", "reset_second_step"): Letter(
        "Your second step was reset",
        todo="Set it up again when you next sign in. If you did not ask for this, tell an"
        " administrator at once.",
        is_urgent=URGENT,
    ),
    ("person", "end_sessions"): Letter(
        "An administrator ended all your sessions",
        todo="Sign in again. If you do not know why, ask an administrator.",
        is_urgent=URGENT,
    ),
}
