"""The words of messages about roles and ways of signing in."""

from __future__ import annotations

from broker.letter import URGENT, Letter

NOT_RIGHT = "See your roles. If this is not right, ask your director or an administrator."
SIGN_IN = "/sign-in"  # in the post the one-time link stands in its place
LETTERS: dict[tuple[str, ...], Letter] = {
    ("invitation", "invite"): Letter(
        "You are invited to the Support Exchange as {role}, {place}",
        "There, councils find and give each other help with children's services.",
        "Open the link below to accept. It works once, for seven days, and for you alone: pass it"
        " on to nobody.",
        is_urgent=URGENT,
        path=SIGN_IN,
    ),
    ("invitation", "renew"): Letter(
        "A new link: you are invited to the Support Exchange as {role}, {place}",
        "Earlier links work no longer.",
        "Open the link below to accept. It works once, for seven days, and for you alone.",
        is_urgent=URGENT,
        path=SIGN_IN,
    ),
    ("invitation", "accept"): Letter("Your invitation as {role}, {place}, was accepted"),
    ("membership", "end"): Letter("Your role as {role}, {place}, ends", todo=NOT_RIGHT),
    ("membership", "change_end"): Letter(
        "The last day of your role as {role}, {place}, was changed", todo=NOT_RIGHT
    ),
    ("membership", "give_back"): Letter("You hold your role as {role}, {place}, again"),
    ("membership", "run_out"): Letter(
        "A role as {role}, {place}, has come to its last day",
        "What waits for that role waits for the others who hold it, and for the director.",
        "See who holds which role, and invite whoever follows.",
        path="/people",
    ),
    ("person", "send_link"): Letter(
        "Choose a new password for the Support Exchange",
        "Somebody, you we hope, asked for it on the sign-in page.",
        "Open the link below. It works once, for one hour. If you did not ask, do nothing:"
        " your password stays as it is.",
        is_urgent=URGENT,
        path=SIGN_IN,
    ),
    ("person", "reset_password"): Letter(
        "Your password was changed by a link sent to you",
        "All sessions have ended.",
        "If that was not you, tell an administrator at once.",
        is_urgent=URGENT,
    ),
    ("person", "reset_second_step"): Letter(
        "Your second step was reset",
        todo="Set it up again when you next sign in. If you did not ask for this, tell an"
        " administrator at once.",
        is_urgent=URGENT,
    ),
    ("person", "connect_council_account"): Letter(
        "Your council's account opens the Support Exchange from now on",
        todo="Look at it under 'Your sign-in'. If that was not you, disconnect it there and tell an"
        " administrator at once.",
        is_urgent=URGENT,
        path="/me/sign-in",
    ),
    ("person", "disconnect_council_accounts"): Letter(
        "Your council's account opens the Support Exchange no longer",
        "An administrator disconnected it. All sessions have ended.",
        "Sign in with your password. If you do not know why, ask an administrator.",
        is_urgent=URGENT,
    ),
    ("person", "end_sessions"): Letter(
        "An administrator ended all your sessions",
        todo="Sign in again. If you do not know why, ask an administrator.",
        is_urgent=URGENT,
    ),
}
