"""Words are compared as a person would: endings, case and accents do not part them."""

from __future__ import annotations

import pytest

from broker.prospectus.words import asked_for, folded, plain, score, tokens, weighed

TEXTS = (
    (8, "Children’s homes and the front-door"),
    (1, "Ffrynt a DŴR; نَعمل معكم. Multi-agency 50% O'Neill assessments of neglected infants"),
)
TERMS = weighed(TEXTS)
LINES = "\n" + "\n".join(TERMS) + "\n"


def _score(text: str) -> int:
    return score(asked_for(text), TERMS, LINES)


@pytest.mark.parametrize(
    "text",
    [
        "children", "CHILDREN'S", "childrens", "home", "front door", "front-door", "dwr", "Dŵr",
        "ｄｗｒ", "نعمل", "50", "o'neill", "O’Neill", "agency multi", "assessment", "fron",
        "assessing neglect", "ass", "front negle", "the children's",
    ],
)  # fmt: skip
def test_these_are_found(text: str) -> None:
    assert _score(text)


@pytest.mark.parametrize(
    "text",
    ["child welfare", "ont", "negle front", "frontdoor", "homeless", "51", "مرحبا"],
)
def test_these_are_not(text: str) -> None:
    assert not _score(text)


@pytest.mark.parametrize("text", ["", "% _ ;", "💥", "' --"])
def test_these_hold_no_word(text: str) -> None:
    assert not asked_for(text)


def test_a_word_in_the_title_weighs_more_than_one_in_the_text_and_a_beginning_least() -> None:
    assert _score("children") > _score("neglect") >= _score("infan") > 0
    assert _score("children neglect") > _score("children")


def test_what_is_typed_is_made_plain() -> None:
    assert plain("  a\x00b\n\tc\ud800 ") == "a b c" and len(plain("x" * 10_000)) == 100
    assert folded("ÉCOLE") == "ecole" and tokens("") == [] and tokens("_%'") == []
