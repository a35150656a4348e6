"""Which headers carry credentials."""

import pytest

from gms_console.redaction import MASK, is_credential_name, mask_headers


@pytest.mark.parametrize(
    "name",
    [
        "Authorization", "proxy-authorization", "Cookie", "Set-Cookie", "set-cookie2", "apikey",
        "api-key", "X-API-Key", "x_api_key", "X-Auth-Token", "X-Auth", "Ocp-Apim-Subscription-Key",
        "X-Amz-Security-Token", "X-CSRF-TOKEN", "Client-Secret", "X-Password", "X-Session-Id",
    ],
)  # fmt: skip
def test_credentials(name: str) -> None:
    assert is_credential_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Content-Type", "Host", "gms_user", "WWW-Authenticate", "Proxy-Authenticate", "X-Trace",
        "X-Author", "ETag", "Location", "Idempotency-Key", "Access-Control-Allow-Origin",
    ],
)  # fmt: skip
def test_no_credentials(name: str) -> None:
    assert not is_credential_name(name)


def test_order_names_and_duplicates_stay() -> None:
    headers = (("B", "1"), ("set-cookie", "a=b"), ("A", ""), ("Set-Cookie", ""), ("B", "2"))
    assert mask_headers(headers) == (
        ("B", "1"),
        ("set-cookie", MASK),
        ("A", ""),
        ("Set-Cookie", MASK),
        ("B", "2"),
    )
