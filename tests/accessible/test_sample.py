"""A sample of what `make accessible` asks of every page, and that what is wrong is noticed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.accessible.conftest import House
from tests.accessible.every_page import looked_at
from tests.accessible.looking import errors, everything

pytestmark = [pytest.mark.browser]
SAMPLE = (
    ("/sign-in", "nobody"),
    ("/authorities/E08000035", "other"),
    ("/needs/new", "receiver_lead"),
)
WRONG = """<html lang="en"><title>Error: bad</title><main><h1>Bad</h1>
<div style="width:2000px">wide</div>
<div style="width:40px;overflow:hidden;white-space:nowrap">much too long for this</div>
<button style="border:0;outline:0;transition:color 2s" tabindex="3"></button>
<div class="govuk-error-summary" tabindex="-1"><a href="#nothing">Enter a date</a></div>
<svg role="img" aria-label="Days"><rect/><rect/><rect/><rect/></svg></main>"""
NOTICED = (
    "wider than the screen at 320", "cut at 320", "axe at 768: button-name", "hear: - button",
    "beside the picture: Days", "in forced colours: button", "moves although",
    "an order of its own", "focus is not to be seen: button", "summary has no focus",
    "leads nowhere: Enter a date",
)  # fmt: skip


@pytest.mark.parametrize(("address", "kind"), SAMPLE)
def test_a_sample_of_pages_can_be_used_by_everybody(
    furnished: House, address: str, kind: str
) -> None:
    assert list(looked_at(furnished, address, kind)) == []


def test_what_is_wrong_with_a_page_is_noticed(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(WRONG)
    said = "\n".join([*everything(page), *errors(page)])
    page.close()
    assert [words for words in NOTICED if words not in said] == [], said
