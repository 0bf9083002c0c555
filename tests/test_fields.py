"""Forms: what is typed is read strictly, kept on the page, and refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from broker import create_app
from broker.days import MAX_DAYS, format_number, parse_days
from broker.db import db
from broker.fields import (
    AuthorityField,
    CheckboxesField,
    CheckboxField,
    DateField,
    DaysField,
    EmailField,
    Form,
    LongTextField,
    NumberField,
    PasswordField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.fields.typed import whole
from tests.client import checked_page, tags, words

PAGE = (
    "{% extends 'layouts/form.html' %}{% block title %}Try{% endblock %}"
    "{% block end %}{{ end_form('Send') }}{% endblock %}"
)
WELSH_AND_ARABIC = "Cymorth i blant â’u teuluoedd: مساعدة الأطفال"
SCRIPT = "<script>alert('x')</script> & \"quotes\""
THINGS = [("a", "Apples"), ("b", "Pears", "Green ones")]


class EverythingForm(Form):
    authority = AuthorityField(
        "Which authority?", choices=lambda: [("1", "Leeds"), ("2", "Wirral")]
    )
    title = TextField(lambda: "Title", hint="A few words.", max_length=20)
    story = LongTextField("Story", max_length=100)
    email = EmailField("E-mail address")
    password = PasswordField("Password")
    days = DaysField("Days")
    people = NumberField("People", least=1, most=50)
    day = DateField("Day", years=range(2020, 2031))
    later = DateField("Later", optional=True)
    one = SelectField("One", choices=[("", "Choose one"), *THINGS[:1]])
    other = RadiosField("Other", choices=THINGS)
    several = CheckboxesField("Several", choices=THINGS)
    grouped = CheckboxesField("Grouped")
    agreed = CheckboxField("We agree", hint="All of us.", must=True)


RIGHT = {
    "authority": "2", "title": "Front door", "story": "One.\r\n\r\nTwo.", "email": "a@example.org",
    "password": " kept as typed ", "days": "12.5", "people": "3", "day-day": "29",
    "day-month": "Feb", "day-year": "2028", "one": "a", "other": "b", "several": "b",
    "grouped": "g", "agreed": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application without a database, with its forms free to be tried."""
    var = tmp_path_factory.mktemp("forms")
    app = create_app({"MODE": "test", "VAR": str(var), "TODAY": "2026-11-20"})
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


def sent(app: Flask, data: object) -> tuple[EverythingForm, bool]:
    with app.test_request_context("/", method="POST", data=data):
        form = EverythingForm()
        form.grouped.groups = [("Heading", [("g", "In a group")])]
        return form, form.validate()


def drawn(app: Flask, data: object = None) -> Element:
    """The page that shows the form again after it was sent (or for the first time)."""
    method = "POST" if data is not None else "GET"
    with app.test_request_context("/", method=method, data=data):
        form = EverythingForm()
        form.grouped.groups = [("Heading", [("g", "In a group")])]
        if method == "POST":
            form.validate()
        return checked_page(render_template_string(PAGE, form=form), "the form")


def with_id(page: Element, name: str) -> Element:
    return next(element for element in page.iter() if element.get("id") == name)


def test_what_is_right_becomes_plain_values(forms: Flask) -> None:
    form, is_right = sent(forms, RIGHT)
    assert is_right, form.errors
    assert (form.title.data, form.story.data) == ("Front door", "One.\n\nTwo.")
    assert (form.days.data, form.people.data, form.day.data) == (50, 3, date(2028, 2, 29))
    assert (form.later.data, form.several.data, form.grouped.data) == (None, ["b"], ["g"])
    assert (form.password.data, form.agreed.data) == (" kept as typed ", True)


def test_a_fresh_form_draws_with_a_label_for_every_input(forms: Flask) -> None:
    page = drawn(forms)
    assert words(tags(page, "title")[0]).startswith("Try")
    assert not [e for e in page.iter() if "govuk-error-summary" in (e.get("class") or "")]


def test_every_error_leads_to_an_input_and_no_two_messages_are_the_same(forms: Flask) -> None:
    page = drawn(forms, {})
    assert words(tags(page, "title")[0]).startswith("Error: Try")
    summary = next(e for e in page.iter() if e.get("class") == "govuk-error-summary")
    links = tags(summary, "a")
    assert len(links) == len({words(link) for link in links}) == 13
    for link in links:
        target = with_id(page, (link.get("href") or "")[1:])
        assert target.tag.endswith(("input", "select", "textarea")), link.attrib


@pytest.mark.parametrize("typed", [WELSH_AND_ARABIC, SCRIPT, "x" * 300, "’ü\u200fא"])
def test_what_was_typed_is_shown_again(forms: Flask, typed: str) -> None:
    page = drawn(forms, {"title": typed, "story": typed, "email": typed, "days": typed})
    for name in ("title", "email", "days"):
        assert with_id(page, name).get("value") == typed
    assert "".join(with_id(page, "story").itertext()).removeprefix("\n") == typed
    assert with_id(page, "title").get("dir") == with_id(page, "story").get("dir") == "auto"
    assert with_id(page, "password").get("value") is None


def test_what_was_chosen_is_shown_again(forms: Flask) -> None:
    page = drawn(forms, {**RIGHT, "title": ""})
    chosen = {e.get("name"): e.get("value") for e in page.iter() if e.get("checked") is not None}
    assert chosen == {"other": "b", "several": "b", "grouped": "g", "agreed": "yes"}
    selected = [e.get("value") for e in page.iter() if e.get("selected") is not None]
    assert selected == ["2", "a"]
    parts = [with_id(page, f"day-{part}").get("value") for part in ("day", "month", "year")]
    assert parts == ["29", "Feb", "2028"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("title", "x" * 21, "‘Title’ must be 20 characters or fewer; it has 21"),
        ("title", "a\x00b", "‘Title’ has characters that cannot be kept"),
        ("title", "a\u202eb", "‘Title’ has characters that cannot be kept"),
        ("title", "\u3000 \t", "Fill in ‘Title’"),
        ("story", "x" * 101, "‘Story’ must be 100 characters or fewer; it has 101"),
        ("email", "nobody", "‘E-mail address’ must be an e-mail address, like name@example.org"),
        ("email", "a@b@c.d", "must be an e-mail address"),
        ("days", "12,5", "‘Days’: Type a number of days, like 12 or 12.5."),
        ("days", "NaN", "Type a number of days"),
        ("days", "1e99", "Days must be 5,000 or fewer."),
        ("days", "-1", "Days cannot be less than 0."),
        ("days", "0.1", "quarters of a day"),
        ("people", "0", "‘People’ must be between 1 and 50"),
        ("people", "3.5", "‘People’ must be a whole number, like 3"),
        ("day-day", "", "‘Day’ needs a day"),
        ("day-year", "", "‘Day’ needs a year"),
        ("day-year", "2027", "‘Day’ is not a date: there is no 29 February 2027"),
        ("day-year", "1999", "‘Day’ must have a year between 2020 and 2030"),
        ("day-month", "13", "‘Day’ must have a month between 1 and 12"),
        ("day-day", "٣", "‘Day’ must have a day between 1 and 31"),
        ("one", "999", "‘One’ must be one of the answers listed"),
        ("authority", "3", "‘Which authority?’ must be one of the answers listed"),
        ("several", "zzz", "‘Several’ must be answers from the list"),
        ("agreed", "", "Tick ‘We agree’ to go on"),
    ],
)
def test_what_is_wrong_is_said(forms: Flask, name: str, value: str, said: str) -> None:
    form, is_right = sent(forms, {**RIGHT, name: value})
    summary = [message for _, message in form.error_summary]
    assert not is_right
    assert len(summary) == 1 and said in summary[0]
    text = words(drawn(forms, {**RIGHT, name: value}))
    assert said in text


def test_a_part_of_a_date_sent_twice_is_refused(forms: Flask) -> None:
    twice = MultiDict([*RIGHT.items(), ("day-day", "3")])
    form, is_right = sent(forms, twice)
    assert not is_right and form.error_summary[0][0] == "day-day"


def test_what_is_sent_as_json_is_not_a_form(forms: Flask) -> None:
    with forms.test_request_context("/", method="POST", json=["title", 3]):
        assert not EverythingForm().validate()


def test_accents_are_composed_so_that_the_same_word_is_the_same_text(forms: Flask) -> None:
    form, _ = sent(forms, {**RIGHT, "title": "  Ma\u0302n   gynnes "})
    assert form.title.data == "Mân gynnes"


def test_errors_are_escaped_wherever_they_come_from(forms: Flask) -> None:
    with forms.test_request_context("/", method="POST", data=RIGHT):
        form = EverythingForm()
        form.title.errors = [SCRIPT]
        assert "<script>" not in str(form.title())
        assert escape("<script>") in str(form.title())


GARBAGE = st.text(max_size=8) | st.sampled_from(["29", "2", "2028", "feb", "-1", "0x1", "1e3"])


@given(
    parts=st.dictionaries(st.sampled_from(["day", "month", "year"]), st.lists(GARBAGE, max_size=3))
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_parts_of_a_date_give_a_date_or_a_message(
    forms: Flask, parts: dict[str, list[str]]
) -> None:
    data = MultiDict((f"day-{part}", one) for part, many in parts.items() for one in many)
    form, _ = sent(forms, data)
    assert (form.day.data is None) == bool(form.day.errors)
    with forms.app_context():
        assert form.day()


@given(text=st.text(max_size=30) | st.decimals(allow_nan=True, allow_infinity=True).map(str))
def test_any_text_gives_days_or_a_message(text: str) -> None:
    try:
        quarter_days = parse_days(text)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert 0 <= quarter_days <= MAX_DAYS * 4


@given(quarter_days=st.integers(min_value=0, max_value=MAX_DAYS * 4))
def test_days_shown_can_be_typed_again(quarter_days: int) -> None:
    assert parse_days(format_number(quarter_days)) == quarter_days
    assert parse_days(f" {format_number(quarter_days)} Days") == quarter_days


@pytest.mark.parametrize("text", ["9" * 25, "2147483648", "-2147483649", "x", "", "1.5"])
def test_a_number_that_no_column_holds_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        whole(text)
    assert whole("2147483647") == 2**31 - 1
