"""docs/security.md: the words of docs/parts/security.md, then the standard item by item.

docs/asvs.csv holds, for each item of OWASP ASVS 5.0 at levels 1 and 2: its number, whether it
holds, where (files, and tests as file::name), and how.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

from broker.config import ROOT

ANSWERS = {
    "holds": "Holds",
    "operator": "For those who run it",
    "open": "Open",
    "n/a": "Does not apply",
}
CHAPTERS = (
    "Encoding and sanitising", "Validation and business rules", "Browsers", "Web service", "Files",
    "Signing in", "Sessions", "Who may what", "Signed tokens", "OAuth and OpenID Connect",
    "Cryptography", "Transport", "Configuration", "Data protection", "Code and dependencies",
    "Logging and errors", "WebRTC",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One item of the standard, such as V1.2.3, and what answers it."""

    number: str
    answer: str
    where: tuple[str, ...]
    words: str

    @property
    def chapter(self) -> int:
        return int(self.number.removeprefix("V").partition(".")[0])


def items() -> list[Item]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="|"))
    return [
        Item(row["item"], row["answer"], tuple(row["where"].split()), row["words"]) for row in rows
    ]


def security_page() -> str:
    walked = items()
    counts = Counter(item.answer for item in walked)
    sums = ", ".join(f"{words.lower()} {counts[answer]}" for answer, words in ANSWERS.items())
    parts = [
        (ROOT / "docs" / "parts" / "security.md").read_text(encoding="utf-8"),
        f"\n# The standard, item by item\n\n{len(walked)} items of levels 1 and 2: {sums}.\n",
    ]
    for number, name in enumerate(CHAPTERS, start=1):
        parts.append(
            f"\n## V{number} {name}\n\n| Item | | How | Where |\n| --- | --- | --- | --- |\n"
        )
        parts += [_line(item) for item in walked if item.chapter == number]
    return "".join(parts)


def _line(item: Item) -> str:
    where = ", ".join(f"`{one}`" for one in item.where)
    return f"| {item.number} | {ANSWERS[item.answer]} | {item.words} | {where} |\n"
