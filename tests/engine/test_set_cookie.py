"""The cookies of an exchange as their lines stood: attributes, ends, nodes, and what is odd."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.cookies import NEVER
from gms_console.model.exchange import (
    Exchange,
    Operation,
    OperationKind,
    Response,
    SentRequest,
    Timing,
)
from gms_console.set_cookie import (
    SetCookie,
    cookie_date,
    node_of,
    sent_cookies,
    set_cookies,
)

STARTED = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
URL = "http://gms.example.com/genesys/1/service/request-chat"


def exchange(
    *lines: str, url: str = URL, sent: tuple[tuple[str, str], ...] = (), answered: bool = True
) -> Exchange:
    response = Response(
        status=200,
        reason="OK",
        http_version="HTTP/1.1",
        headers=(("Content-Type", "text/plain"), *(("Set-Cookie", line) for line in lines)),
        body=b"",
        wire_size=0,
        complete=True,
    )
    return Exchange(
        operation=Operation(kind=OperationKind.CREATE, service="request-chat"),
        started=STARTED,
        request=SentRequest(
            method="POST",
            url=url,
            http_version="HTTP/1.1",
            headers=sent,
            body_preview="",
            body_size=0,
        ),
        response=response if answered else None,
        timing=Timing(total=1000.0),
    )


def one(line: str, url: str = URL) -> SetCookie:
    [found] = set_cookies(exchange(line, url=url))
    return found


# --- what a line says -----------------------------------------------------------------------


def test_every_attribute_of_a_line() -> None:
    line = (
        "JSESSIONID=a1b2.w1; Path=/genesys; Domain=.Example.com; Secure; HttpOnly; "
        "SameSite=None; Expires=Wed, 01 Jan 2098 00:00:00 GMT; Priority=High; Partitioned"
    )
    cookie = one(line, "https://gms.example.com/genesys/1/service/x")
    assert (cookie.name, cookie.value) == ("JSESSIONID", "a1b2.w1")
    assert (cookie.path, cookie.names_path, cookie.domain) == ("/genesys", True, "example.com")
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "None")
    assert cookie.expires == datetime(2098, 1, 1, tzinfo=UTC)
    assert cookie.other_attributes == (("Priority", "High"), ("Partitioned", ""))
    assert cookie.worker == "w1"
    assert cookie.oddities == ()
    assert cookie.line == line


def test_what_a_line_leaves_out_comes_from_its_request() -> None:
    cookie = one("lang=fr")
    assert (cookie.domain, cookie.host) == ("", "gms.example.com")
    assert (cookie.path, cookie.names_path) == ("/genesys/1/service", False)
    assert (cookie.expires, cookie.ended, cookie.worker) == (None, False, "")
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (False, False, "")
    assert one("lang=fr", "http://gms.example.com/x").path == "/"


def test_max_age_counts_from_the_arrival_and_before_expires() -> None:
    arrived = STARTED + timedelta(seconds=1)
    cookie = one("a=1; Expires=Wed, 01 Jan 2098 00:00:00 GMT; Max-Age=60")
    assert cookie.expires == arrived + timedelta(seconds=60)
    assert one("a=1; Max-Age=99999999999999999999").expires == NEVER


@pytest.mark.parametrize(
    "line",
    [
        "a=; Max-Age=0",
        "a=; Max-Age=-5",
        f"a=; Max-Age=-{'9' * 5000}",
        "a=; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
    ],
    ids=["nought", "negative", "very negative", "in the past"],
)
def test_a_cookie_is_taken_away(line: str) -> None:
    assert one(line).ended


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("6 nov 30 8:9:7", datetime(2030, 11, 6, 8, 9, 7, tzinfo=UTC)),
        ("31 Feb 2026 10:00:00", None),
        ("Mon, 01 Jan 1600 10:00:00", None),
        ("01 Jan 2026", None),
        ("2026-01-01 10:00:00", None),
        ("never", None),
        ("", None),
    ],
)
def test_dates_are_read_as_clients_read_them(text: str, read: datetime | None) -> None:
    assert cookie_date(text) == read


# --- what is odd ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no equals sign", "no name"),
        ("=value", "no name"),
        ("a=1; Path=genesys", "no slash: genesys"),
        ("a=1; Path=/a; Path=/b", "path is there more than once"),
        ("a=1; Expires=tomorrow", "no date: tomorrow"),
        ("a=1; Max-Age=1h", "no number of seconds: 1h"),
        ("a=1; SameSite=Sometimes", "not Sometimes"),
        ("a=1; SameSite=None", "needs Secure"),
        ("a=1; Secure", "HTTPS alone"),
        ("a=1; Domain=other.com", "not within other.com"),
        ("a=1; Domain=ample.com", "not within ample.com"),
        ("__Secure-a=1", "__Secure- needs Secure"),
        ("__Host-a=1; Path=/", "__Host- needs Secure, Path=/"),
    ],
)
def test_what_a_client_may_stumble_over_is_said(line: str, said: str) -> None:
    assert any(said in oddity for oddity in one(line).oddities)


@pytest.mark.parametrize(
    "line",
    [
        "a=1",
        "a=1; Domain=example.com",
        "a=1; Domain=gms.example.com; SameSite=lax",
        "a=1; Path=/; Max-Age=5; Expires=Wed, 01 Jan 2098 00:00:00 GMT",
        "a=b=c; HttpOnly;",
    ],
)
def test_a_plain_line_is_not_odd(line: str) -> None:
    assert one(line).oddities == ()


def test_lines_stay_in_order_and_repeated_ones_are_told() -> None:
    found = set_cookies(exchange("a=1", "b=2", "a=3", "a=4; Path=/else"))
    assert [(cookie.name, cookie.value) for cookie in found] == [
        ("a", "1"),
        ("b", "2"),
        ("a", "3"),
        ("a", "4"),
    ]
    repeated = ["more than once" in " ".join(cookie.oddities) for cookie in found]
    assert repeated == [True, False, True, False], "another path makes another cookie"


@given(st.text(max_size=200))
def test_any_line_is_read_and_none_is_in_a_repr(line: str) -> None:
    cookie = one(line)
    assert cookie.line == line
    assert cookie.expires is None or cookie.expires.tzinfo is not None
    assert all(isinstance(oddity, str) for oddity in cookie.oddities)
    assert "s3cr3t" not in repr(one("JSESSIONID=s3cr3t.w1"))


# --- what was sent --------------------------------------------------------------------------


def test_sent_cookies_in_their_order() -> None:
    found = sent_cookies(
        exchange(sent=(("Cookie", "JSESSIONID=a.w2; a=b=c;d"), ("cookie", "JSESSIONID=b")))
    )
    assert [(cookie.name, cookie.value, cookie.worker) for cookie in found] == [
        ("JSESSIONID", "a.w2", "w2"),
        ("a", "b=c", ""),
        ("", "d", ""),
        ("JSESSIONID", "b", ""),
    ]
    assert "a.w2" not in repr(found[0])


def test_without_an_answer_there_are_only_those_that_were_sent() -> None:
    failed = exchange("a=1", sent=(("Cookie", "b=2"),), answered=False)
    assert set_cookies(failed) == ()
    assert len(sent_cookies(failed)) == 1
    assert sent_cookies(replace(failed, request=replace(failed.request, headers=()))) == ()


def test_the_node_that_a_worker_stands_for() -> None:
    workers = [("w1", "node one"), ("w2", "node two")]
    assert node_of("w2", workers) == "node two"
    assert node_of("w9", workers) == "unknown worker w9"
    assert node_of("", workers) == ""
