"""Days as people write them and as the product keeps them: whole numbers of quarter-days."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

MAX_DAYS = 5000
LONGEST = 1000  # characters that are read as a number at all
NUMBER_WORDS = "Type a number of days, like 12 or 12.5."
STEP_WORDS = "Use whole days, or quarters of a day such as 0.25, 0.5 or 0.75."


def format_number(quarter_days: int) -> str:
    """50 → '12.5', 4 → '1'."""
    whole, part = divmod(abs(quarter_days), 4)
    sign = "-" if quarter_days < 0 else ""
    return f"{sign}{whole:,}{('', '.25', '.5', '.75')[part]}"


def format_plain(number: int | Decimal) -> str:
    """12.50 → '12.5', 1200 → '1,200'."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def format_days(quarter_days: int) -> str:
    """50 → '12.5 days', 4 → '1 day'."""
    return f"{format_number(quarter_days)} {'day' if quarter_days == 4 else 'days'}"


def parse_days(text: str) -> int:
    """'12.5' → 50 quarter-days; ValueError, in words for the person, when it is not days."""
    try:
        days = Decimal(_plain(text))
    except InvalidOperation:
        raise ValueError(NUMBER_WORDS) from None
    if not days.is_finite():
        raise ValueError(NUMBER_WORDS)
    if days < 0:
        raise ValueError("Days cannot be less than 0.")
    if days > MAX_DAYS:
        raise ValueError(f"Days must be {MAX_DAYS:,} or fewer.")
    if (quarter_days := days * 4) != int(quarter_days):
        raise ValueError(STEP_WORDS)
    return int(quarter_days)


def _plain(text: str) -> str:
    """Without the word 'days' and commas between thousands; '12,5' is left, as no number."""
    digits = re.sub(r"\s*days?$", "", text.strip(), flags=re.IGNORECASE)
    if len(digits) > LONGEST:
        raise ValueError(NUMBER_WORDS)
    is_grouped = re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", digits)
    return digits.replace(",", "") if is_grouped else digits
