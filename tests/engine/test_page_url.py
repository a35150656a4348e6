"""Addresses in answers lead where a browser at the node would go, or are refused."""

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gms_console.model.address import AddressError, page_url, resolve
from gms_console.model.environment import Environment

NODE = Environment.parse("http://node:8080/genesys", timeout=7, headers=(("apikey", "k"),))


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/waitingforagent.html", "http://node:8080/waitingforagent.html"),
        ("waitingforagent.html", "http://node:8080/waitingforagent.html"),
        (" /a.html\n", "http://node:8080/a.html"),
        ("/a.html?x=1&y=a b#top", "http://node:8080/a.html?x=1&y=a%20b#top"),
        ("?x=1", "http://node:8080/?x=1"),
        ("/", "http://node:8080/"),
        ("/a/../b/./c", "http://node:8080/b/c"),
        ("/../../etc/passwd", "http://node:8080/etc/passwd"),
        ("/a/%2e%2E/b", "http://node:8080/b"),
        ("/a/..", "http://node:8080/"),
        ("/ü b", "http://node:8080/%C3%BC%20b"),
        ("/50%", "http://node:8080/50%25"),
        ("/a%2Fb", "http://node:8080/a%2Fb"),
        ("//other/a.html", "http://other/a.html"),
        ("http://other:81/a.html", "http://other:81/a.html"),
        ("HTTPS://Other:443/A.html", "https://other/A.html"),
        ("http://other", "http://other/"),
        ("http://[::1]:81/a", "http://[::1]:81/a"),
        ("http://bücher/a", "http://xn--bcher-kva/a"),
        ("/a:b/javascript:x", "http://node:8080/a:b/javascript:x"),
    ],
)
def test_a_page_lies_where_a_browser_at_the_node_finds_it(path: str, url: str) -> None:
    assert page_url(NODE, path) == url


@pytest.mark.parametrize(
    "path",
    [
        *(
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
        ),
        *("file:///etc/passwd", "tel:800", "mailto:a@b", "ftp://h/x", "host:8080/a", "about:blank"),
        *("", "  ", "http:a", "http:/a", "http://", "http:///a", "http://h:0/", "http://h:x/"),
        *("http://h:99999/", "http://[::1", "http://a b/", "http://user@h/", "http://u:p@h/"),
        *("/\\evil/x", "\\\\evil\\x", "http://h\\@evil/", "/a\x00b", "/a\tb", "/\ud800"),
        "/" + "a" * 70_000,
    ],
)
def test_anything_else_is_refused_with_a_sentence(path: str) -> None:
    with pytest.raises(AddressError) as caught:
        page_url(NODE, path)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 250
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("url", ["/a", "http://node:8080/a", "http://NODE:8080", "//node:8080/x"])
def test_the_own_origin_is_the_environment_itself(url: str) -> None:
    assert resolve(NODE, url).place is NODE


@pytest.mark.parametrize(
    "url",
    ["http://node/a", "https://node:8080/a", "http://node.evil:8080/", "http://127.0.0.1:8080/"],
)
def test_another_origin_gets_time_out_and_tls_rule_and_nothing_else(url: str) -> None:
    careless = Environment.parse(
        NODE.base_url, timeout=7, verify_tls=False, headers=(("Authorization", "Basic x"),)
    )
    place = resolve(careless, url).place
    assert place is not careless
    assert (place.timeout, place.verify_tls, place.headers) == (7, False, ())


_texts = st.text(max_size=30) | st.from_regex(r"(http://h(:8[0-9])?)?/[ -~ü]{0,20}", fullmatch=True)


@settings(max_examples=300)
@given(_texts)
@example("http://h/a?")
@example("/%%%")
@example("/a^b|c[d]")
def test_what_is_shown_is_what_is_sent(text: str) -> None:
    try:
        address = resolve(NODE, text)
    except AddressError:
        return
    assert str(httpx.URL(address.url)) == address.url
    assert resolve(NODE, address.url) == address or address.fragment
