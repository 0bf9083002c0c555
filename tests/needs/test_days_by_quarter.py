"""How a need's days spread over its quarters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broker.clock import Quarter
from broker.models.need import Shape
from broker.needs.actions import NeedTerms, days_by_quarter

FIRST = Quarter(2026 * 4)
spread_terms = st.builds(
    NeedTerms,
    title=st.just("A need"),
    themes=st.just(()),
    choices=st.just(()),
    days_wanted=st.integers(1, 20_000),
    days_least=st.just(1),
    first_quarter=st.integers(0, 20_000).map(Quarter),
    quarters_wanted=st.integers(1, 8),
    shape=st.sampled_from(Shape),
)


def spread(days: int, quarters: int, shape: Shape) -> list[int]:
    terms = NeedTerms("A need", (), (), days, 1, FIRST, quarters_wanted=quarters, shape=shape)
    return list(days_by_quarter(terms).values())


@given(spread_terms)
def test_the_quarters_add_up_to_the_days_wanted(terms: NeedTerms) -> None:
    assert sum(days_by_quarter(terms).values()) == terms.days_wanted


@given(spread_terms)
def test_every_quarter_named_gets_a_whole_positive_number_of_quarter_days(
    terms: NeedTerms,
) -> None:
    assert all(isinstance(d, int) and d > 0 for d in days_by_quarter(terms).values())


@given(spread_terms)
def test_quarters_follow_each_other_from_the_first_and_are_no_more_than_wanted(
    terms: NeedTerms,
) -> None:
    quarters = list(days_by_quarter(terms))
    assert len(quarters) <= terms.quarters_wanted
    assert quarters == [terms.first_quarter + ahead for ahead in range(len(quarters))]


@given(spread_terms)
def test_no_quarter_gets_more_than_the_one_before_it(terms: NeedTerms) -> None:
    shares = list(days_by_quarter(terms).values())
    assert shares == sorted(shares, reverse=True)


@given(spread_terms.filter(lambda terms: terms.shape is Shape.EVEN))
def test_an_even_spread_differs_by_a_quarter_of_a_day_at_most(terms: NeedTerms) -> None:
    shares = list(days_by_quarter(terms).values())
    assert max(shares) - min(shares) <= 1


def test_each_shape_spreads_in_its_own_way() -> None:
    assert spread(40, 4, Shape.EVEN) == [10, 10, 10, 10]
    assert spread(40, 4, Shape.TAPERING) == [16, 12, 8, 4]
    assert spread(40, 4, Shape.FRONT_LOADED) == [15, 15, 5, 5]


def test_quarters_that_would_get_nothing_are_left_out() -> None:
    assert spread(2, 8, Shape.EVEN) == [1, 1]


def test_days_that_do_not_divide_go_to_the_first_quarters() -> None:
    assert spread(10, 4, Shape.EVEN) == [3, 3, 2, 2]
