"""The base URL that a person types, and the address that a server then sees."""

from urllib.parse import unquote, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import (
    Environment,
    PathSegmentError,
)
from gms_console.model.exchange import Operation, OperationKind
from gms_console.wire.request import prepare_create, prepare_request
from tests.engine.helpers import send
from tests.support.wire_server import WireServer


@pytest.mark.parametrize(
    ("typed", "base_url"),
    [
        ("http://localhost:8080/genesys", "http://localhost:8080/genesys"),
        ("http://localhost:8080/GMS-web/gms", "http://localhost:8080/GMS-web/gms"),
        ("http://localhost:8080", "http://localhost:8080/genesys"),
        ("http://localhost:8080/", "http://localhost:8080/genesys"),
        ("http://localhost:8080/genesys/", "http://localhost:8080/genesys"),
        ("http://localhost:8080/genesys///", "http://localhost:8080/genesys"),
        ("http://localhost:8080//GMS-web//gms/", "http://localhost:8080/GMS-web/gms"),
        ("http://gateway//", "http://gateway//"),
        ("  http://localhost:8080/genesys \n", "http://localhost:8080/genesys"),
        ("localhost:8080", "http://localhost:8080/genesys"),
        ("gms.example/app", "http://gms.example/app"),
        ("HTTP://LocalHost:8080/Genesys", "http://localhost:8080/Genesys"),
        ("https://gms.example", "https://gms.example/genesys"),
        ("https://gms.example:8443/x", "https://gms.example:8443/x"),
        ("https://gms.example:443/x", "https://gms.example/x"),
        ("http://gms.example:80/x", "http://gms.example/x"),
        ("http://gms.example:443/x", "http://gms.example:443/x"),
        ("http://[::1]:8080/genesys", "http://[::1]:8080/genesys"),
        ("http://[2001:DB8::1]", "http://[2001:db8::1]/genesys"),
        ("http://127.0.0.1:65535", "http://127.0.0.1:65535/genesys"),
        ("http://h/a%20b/c", "http://h/a%20b/c"),
        ("http://h/ü", "http://h/%C3%BC"),
        ("http://h/1", "http://h/1"),
        ("http://h/service", "http://h/service"),
        ("http://h/service/gms", "http://h/service/gms"),
    ],
)
def test_good_base_urls(typed: str, base_url: str) -> None:
    environment = Environment.parse(typed)
    assert environment.base_url == base_url
    assert Environment.parse(base_url) == environment


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("ftp://localhost", "'ftp' is not http"),
        ("file:///etc/passwd", "'file' is not http"),
        ("http:/localhost:8080", "//"),
        ("http://", "host"),
        ("http:///genesys", "host"),
        ("http://:8080", "host"),
        ("http://local host:8080", "space"),
        ("http://localhost/a b", "space"),
        ("http://localhost:0", "port"),
        ("http://localhost:65536", "port"),
        ("http://localhost:http", "port"),
        ("http://localhost:-1", "port"),
        ("http://[::1", "host"),
        ("http://[fe80::1%25eth0]/", "host"),
        ("http://{host}:8080", "host"),
        ("http://a\\b", "host"),
        ("http://ann:secret@localhost", "user name"),
        ("http://ann@localhost", "user name"),
        ("http://@localhost", "user name"),
        ("ann:secret@localhost:8080", "user name"),
        ("http://localhost/genesys?x=1", "?"),
        ("http://localhost/genesys#top", "#"),
        ("http://localhost/a/../b", ".."),
        ("http://localhost/./b", "."),
        ("http://localhost/\ud800", ""),
        ("http://h\ud800/", ""),
    ],
)
def test_bad_base_urls_are_refused_with_their_reason(typed: str, says: str) -> None:
    with pytest.raises(BaseUrlError) as caught:
        Environment.parse(typed)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("http://localhost:8080/genesys/1/service/x", "http://localhost:8080/genesys"),
        ("http://localhost:8080/genesys/1/service/", "http://localhost:8080/genesys"),
        (
            "http://localhost:8080/GMS-web/gms/1/service/39a9/status",
            "http://localhost:8080/GMS-web/gms",
        ),
        ("https://h/genesys/2/service/x", "https://h/genesys"),
        ("localhost:8080/genesys/1/service/x", "localhost:8080/genesys"),
        ("http://h//genesys//1//service/x", "http://h/genesys"),
        ("http://h/service/1/service/x", "http://h/service"),
        # Behind a gateway that rewrites the path: the base path is none, not the default one.
        ("http://h/1/service/x", "http://h//"),
    ],
)
def test_the_address_of_a_service_is_refused_with_its_base_url(typed: str, suggestion: str) -> None:
    with pytest.raises(BaseUrlError) as caught:
        Environment.parse(typed)
    suggested = str(caught.value).split()[-1]
    assert suggested == suggestion
    path = urlsplit(typed if "://" in typed else f"http://{typed}").path.replace("//", "/")
    service = Environment.parse(suggested).service_url("x")
    assert path.startswith(urlsplit(service).path.rpartition("/service/")[0][:-1])


def test_both_url_roots_of_the_reference_page() -> None:
    local = Environment.parse("http://localhost:8080")
    assert (
        local.service_url("request-interaction")
        == "http://localhost:8080/genesys/1/service/request-interaction"
    )
    older = Environment.parse("http://localhost:8080/GMS-web/gms")
    assert (
        older.service_url("39a98e24-b03b-4191-b756-1efe8f3b16b8", "status")
        == "http://localhost:8080/GMS-web/gms/1/service/39a98e24-b03b-4191-b756-1efe8f3b16b8/status"
    )
    bare = Environment.parse("http://gateway//")
    assert bare.service_url("x") == "http://gateway/1/service/x"


NAMES = [
    "a/b ü",
    "a%2Fb",
    "..x",
    "a;b?c#d",
    "~tilde-_.",
    "\\",
    "a\r\nb",
    "[x]",
    "'*!()",
    "%",
    "...",
]


@pytest.mark.parametrize("name", NAMES)
async def test_names_arrive_as_one_percent_encoded_segment(wire: WireServer, name: str) -> None:
    for base in ("/genesys", "/GMS-web/gms", "//"):
        environment = Environment.parse(wire.base_url + base)
        prefix = base.replace("//", "")
        prepared = prepare_create(environment, name)
        await send(environment, prepared)
        target = wire.requests[-1].target
        assert target == prepared.target
        assert target.startswith(f"{prefix}/1/service/")
        assert unquote(target.removeprefix(f"{prefix}/1/service/")) == name
        assert target.count("/") == f"{prefix}/1/service/x".count("/")
        operation = Operation(kind=OperationKind.REQUEST, instance_id=name, request=name)
        asked = prepare_request(environment, operation)
        await send(environment, asked)
        twice = wire.requests[-1].target.removeprefix(f"{prefix}/1/service/").split("/")
        assert [unquote(part) for part in twice] == [name, name]


async def test_a_space_a_slash_and_an_umlaut_are_written_as_utf_8(wire: WireServer) -> None:
    environment = Environment.parse(wire.base_url)
    await send(environment, prepare_create(environment, "a/b ü"))
    assert wire.requests[0].target == "/genesys/1/service/a%2Fb%20%C3%BC"


@pytest.mark.parametrize("name", ["", ".", "..", "a\ud800"])
def test_names_that_are_no_segment_are_refused(name: str) -> None:
    environment = Environment.parse("http://localhost:8080")
    with pytest.raises(PathSegmentError):
        environment.service_url(name)
    with pytest.raises(PathSegmentError):
        environment.service_url("id", name)
    with pytest.raises(PathSegmentError):
        prepare_create(environment, name)


@pytest.mark.parametrize(
    "path",
    [
        "/a%20b",
        "/a%2fb",
        "/100%",
        "/a%zz",
        "/a%2",
        "/ü",
        "/a[b]",
        "/a|b",
        "/a'b",
        '/a"b',
        "/a:b@c",
        "/^`{}",
    ],
)
async def test_an_odd_base_path_is_sent_as_the_preview_shows_it(
    wire: WireServer, path: str
) -> None:
    environment = Environment.parse(wire.base_url + path)
    prepared = prepare_create(environment, "x")
    await send(environment, prepared)
    (request,) = wire.requests
    assert request.head.startswith(f"POST {prepared.target} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize("host", ["bücher.example", "пример.example", "faß.example"])
def test_a_host_name_beyond_ascii_is_sent_in_its_ascii_form_or_refused(host: str) -> None:
    try:
        environment = Environment.parse(f"http://{host}:8080")
    except BaseUrlError:
        return
    sent = dict(prepare_create(environment, "x").headers)["Host"]
    assert sent.encode() == httpx.URL(f"http://{host}:8080").netloc


@settings(max_examples=200)
@given(
    st.text(max_size=20) | st.from_regex(r"https?://[a-z.:\[\]0-9%@/?#\\-]{0,20}", fullmatch=True)
)
def test_any_text_is_a_base_url_or_refused(typed: str) -> None:
    try:
        environment = Environment.parse(typed)
    except BaseUrlError as error:
        assert str(error)  # noqa: PT017 - either is right
        return
    assert Environment.parse(environment.base_url) == environment
    assert "?" not in environment.base_url
    assert environment.service_url("x").endswith("/1/service/x")
