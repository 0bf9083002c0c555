"""Providers that are half set up, or not safe, keep the exchange from starting."""

from __future__ import annotations

import pytest

from broker.config import BadSetting, read_settings
from broker.council_providers import read
from tests.council_accounts.conftest import settings

ISSUER = "https://login.leeds.example/tenant/v2.0"
GOOD = {"OIDC_PROVIDERS": "leeds", **settings(ISSUER)}


def test_a_provider_is_read_and_its_secret_is_never_shown() -> None:
    more = {"OIDC_LEEDS_STRONG": "amr=mfa acr=two", "OIDC_LEEDS_HOSTS": "https://a.example:8443"}
    [one] = read(GOOD | more | {"OIDC_LEEDS_DOMAINS": "Leeds.GOV.uk, lcc.example"}, is_live=True)
    assert one.issuer == ISSUER and one.name == "Leeds City Council"
    assert one.origins == ("https://login.leeds.example", "https://a.example:8443")
    assert one.strong == (("amr", "mfa"), ("acr", "two")) and one.verified_by == "email_verified"
    assert one.speaks_for("A@LEEDS.gov.uk") and not one.speaks_for("a@not-leeds.gov.uk")
    assert one.client_secret not in repr(one) + repr(read_settings(GOOD | {"MODE": "test"}))
    assert read({}, is_live=True) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        *(
            ({f"OIDC_LEEDS_{name}": ""}, f"OIDC_LEEDS_{name} is not set")
            for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "DOMAINS")
        ),
        ({"OIDC_PROVIDERS": ""}, "belongs to no provider"),
        ({"OIDC_PROVIDERS": "leeds leeds"}, "stands twice"),
        ({"OIDC_PROVIDERS": "leeds, Wirr-al"}, "letters and digits"),
        ({"OIDC_LEEDS_SECRET": "x"}, "belongs to no provider"),
        ({"OIDC_PROVIDERS": "leeds wirral", **settings(ISSUER, "wirral")}, "twice in ISSUER"),
        (
            {"OIDC_PROVIDERS": "leeds wirral", **settings(ISSUER + "/2", "wirral")},
            "twice in DOMAINS",
        ),
        ({"OIDC_LEEDS_DOMAINS": "a@leeds.gov.uk"}, "is not like example.gov.uk"),
        ({"OIDC_LEEDS_STRONG": "mfa"}, "is not like amr=mfa"),
        *(
            ({"OIDC_LEEDS_ISSUER": issuer}, "OIDC_LEEDS_ISSUER is not an https address")
            for issuer in (
                "http://login.leeds.example", "http://127.0.0.1:9400", "login.leeds.example",
                "https://", "https://a@login.example", "https://login.example?x=1",
                "https://login.example;script-src", "https://login.example, *",
            )
        ),
        ({"OIDC_LEEDS_HOSTS": "http://a.example"}, "OIDC_LEEDS_HOSTS is not an https address"),
    ],
)  # fmt: skip
def test_what_is_half_set_up_or_unsafe_is_refused(wrong: dict[str, str], said: str) -> None:
    live = {"MODE": "live", "SITE": "https://a.example", "SECRET_KEY": "0123456789abcdef" * 2}
    with pytest.raises(BadSetting, match=said):
        read_settings(live | GOOD | wrong)


def test_a_provider_on_this_machine_may_be_tried_out_by_http() -> None:
    [one] = read(GOOD | {"OIDC_LEEDS_ISSUER": "http://127.0.0.1:9400"}, is_live=False)
    assert one.origins == ("http://127.0.0.1:9400",)
