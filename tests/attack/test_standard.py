"""The walk through the standard names files and tests that are there, and leaves no item out."""

from __future__ import annotations

import ast

import pytest

from broker.config import ROOT
from broker.printed_security import ANSWERS, items

# Of OWASP ASVS 5.0, levels 1 and 2: how many items each chapter has.
ITEMS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13,
    14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip


def test_every_item_is_answered_once_in_order() -> None:
    walked = items()
    numbers = [tuple(map(int, item.number.removeprefix("V").split("."))) for item in walked]
    assert numbers == sorted(set(numbers))
    assert {c: sum(n[0] == c for n in numbers) for c in ITEMS} == ITEMS
    for item in walked:
        assert item.answer in ANSWERS and item.words.endswith("."), item


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_what_an_item_names_is_there(answer: str) -> None:
    for item in items():
        if item.answer == answer:
            assert item.where or answer not in ("holds", "operator"), item
            for one in item.where:
                file, _, name = one.partition("::")
                path = ROOT / file
                assert path.is_file(), f"{item.number}: {file} is not there"
                if name:
                    tree = ast.parse(path.read_text(encoding="utf-8"))
                    known = {d.name for d in ast.walk(tree) if isinstance(d, ast.FunctionDef)}
                    assert name in known, f"{item.number}: {one} is not there"
