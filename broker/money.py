"""Money as people write it and as the product keeps it: whole pence."""

from __future__ import annotations

import re

MOST = 100_000_000_00  # pence
WORDS = "Type an amount of money, like 1,250 or 1,250.50."


def format_money(pence: int) -> str:
    """-125050 → '-£1,250.50'; 125000 → '£1,250'."""
    pounds, part = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return f"{sign}£{pounds:,}" + (f".{part:02}" if part else "")


def parse_money(text: str) -> int:
    """'£1,250.50' → 125050; ValueError, in words for the person, when it is no amount above 0."""
    plain = text.strip().removeprefix("£").replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", plain):
        raise ValueError(WORDS)
    pounds, _, part = plain.partition(".")
    pence = int(pounds) * 100 + int(part.ljust(2, "0") or 0)
    if not 0 < pence <= MOST:
        raise ValueError(f"Type an amount from £0.01 to {format_money(MOST)}.")
    return pence
