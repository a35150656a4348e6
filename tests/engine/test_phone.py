"""What a choice on the phone sends, byte for byte, and what never goes to another host."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gms_console import __version__
from gms_console.instance import Instance
from gms_console.model.dialog import (
    Confirmation,
    DialNumber,
    DisplayMenu,
    FailedDialog,
    PageDialog,
    StartChat,
)
from gms_console.model.environment import Environment
from gms_console.model.exchange import FailureKind
from gms_console.phone import (
    FollowUp,
    FollowUpError,
    Push,
    follow_up,
    page_request,
    push_follow_up,
    read_push,
    send_follow_up,
)
from gms_console.session import Session
from gms_console.wire.request import prepare_create
from tests.engine.helpers import open_session
from tests.support.wire_server import (
    UNKNOWN_HOST,
    WireServer,
    close_before_answer,
    json_answer,
    self_signed_certificate,
    text_answer,
)

HEADERS = (("gms_user", "me"), ("Authorization", "Basic c2VjcmV0"), ("apikey", "k-1"))
DIAL = {"_id": "a1", "_action": "DialNumber", "_label": "Call", "_tel_url": "tel:8003449999"}
SECRETS = (b"cookie", b"jsessionid", b"authorization", b"gms_user", b"apikey", b"k-1", b"secret")


@contextmanager
def second_server() -> Iterator[WireServer]:
    """Start another server, on the same address and another port."""
    with WireServer() as server:
        yield server


async def a_phone(session: Session, wire: WireServer, first: object = None) -> Instance:
    """Create the instance a1, whose node has given it a cookie; then it answers DIAL."""
    cookie = ("Set-Cookie", "JSESSIONID=s-1.w1; Path=/; HttpOnly")
    wire.script(json_answer(first or {"_id": "a1"}, headers=[cookie]), json_answer(DIAL))
    place = Environment.parse(wire.base_url, timeout=5, headers=HEADERS)
    made = await session.create(place, prepare_create(place, "callback/callme"))
    assert made.instance is not None
    return made.instance


def expected(wire: WireServer, line: str, *, own: bool, length: bool) -> bytes:
    """Give the whole request as it must come over the wire."""
    lines = [
        f"{line} HTTP/1.1",
        f"Host: {wire.host}:{wire.port}",
        f"User-Agent: GMS-Console/{__version__}",
        "Accept: */*",
        "Accept-Encoding: gzip, deflate",
        "Connection: keep-alive",
    ]
    if own:
        lines += [f"{name}: {value}" for name, value in HEADERS]
        lines.append("Cookie: JSESSIONID=s-1.w1")
    if length:
        lines.append("Content-Length: 0")
    return "".join(f"{one}\r\n" for one in (*lines, "")).encode()


@pytest.mark.parametrize(("method", "length"), [("POST", True), ("GET", False), ("get", False)])
async def test_a_choice_goes_out_as_shown(wire: WireServer, method: str, length: bool) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        url = wire.url("/genesys/1/service/a1/connect?x=1&x=2")
        choice = follow_up(instance, url, "Connect me", method)
        assert (choice.label, choice.other_origin) == ("Connect me", "")
        exchange, answer = await send_follow_up(instance, choice)
        assert session.exchanges.get(exchange.id) is exchange
    line = f"{method.upper()} /genesys/1/service/a1/connect?x=1&x=2"
    sent = wire.requests[-1].raw
    assert sent == expected(wire, line, own=True, length=length)
    assert choice.prepared.preview().encode() == sent
    assert answer.ok
    assert exchange.operation.title == "Connect me"
    assert (exchange.operation.request, exchange.operation.instance_id) == ("connect", "a1")
    assert exchange.operation.service == "callback/callme"


async def test_the_answer_of_a_choice_is_the_next_screen(wire: WireServer) -> None:
    async with open_session() as session:
        items = [{"_label": "Now", "_user_action_url": "/genesys/1/service/a1/connect"}]
        content = [{"_group_name": "When?", "_group_content": items}]
        menu = {"_id": "a1", "_action": "DisplayMenu", "_label": "Call", "_content": content}
        instance = await a_phone(session, wire, menu)
        shown = instance.trail.current
        assert shown is not None
        assert isinstance(shown.dialog, DisplayMenu)
        item = shown.dialog.groups[0].items[0]
        await send_follow_up(instance, follow_up(instance, item.url, item.label))
    screens = instance.trail.screens
    assert [screen.came_by for screen in screens] == ["create callback/callme", "Now"]
    assert screens[1].dialog == DialNumber(
        label="Call", tel_url="tel:8003449999", number="8003449999"
    )


async def test_cookies_of_the_own_node_are_kept(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        moved = ("Set-Cookie", "JSESSIONID=s-2.w2; Path=/")
        wire.script(json_answer(DIAL, headers=[moved]))
        await send_follow_up(instance, follow_up(instance, "/a", "one"))
        await send_follow_up(instance, follow_up(instance, "/b", "two"))
    assert wire.requests[-1].values("Cookie") == ["JSESSIONID=s-2.w2"]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_nothing_of_the_instance_goes_to_another_origin(
    wire: WireServer, method: str
) -> None:
    with second_server() as other:
        stray = ("Set-Cookie", "STRAY=1; Path=/")
        other.script(json_answer({**DIAL, "_access_code": "76"}, headers=[stray]))
        async with open_session() as session:
            instance = await a_phone(session, wire)
            choice = follow_up(instance, other.url("/genesys/1/service/a1/connect"), "Go", method)
            assert choice.other_origin == other.base_url
            exchange, _ = await send_follow_up(instance, choice)
            assert session.exchanges.get(exchange.id) is exchange
            other.wait_for_disconnects(1)  # its client is closed at once
            again, _ = await send_follow_up(instance, choice)
            after = instance.prepare("status")
        line = f"{method} /genesys/1/service/a1/connect"
        for request in other.requests:
            assert request.raw == expected(other, line, own=False, length=method == "POST")
            assert choice.prepared.preview().encode() == request.raw
            assert not any(secret in request.raw.lower() for secret in SECRETS)
        assert len(other.requests) == 2
    assert len(wire.requests) == 1
    assert dict(after.headers)["Cookie"] == "JSESSIONID=s-1.w1"
    shown = instance.trail.current
    assert shown is not None
    assert isinstance(shown.dialog, DialNumber)
    assert (shown.came_by, shown.exchange_id) == ("Go", again.id)
    assert instance.last_exchange is again
    assert instance.access is not None
    assert instance.access.code == "76"


async def test_the_port_alone_makes_another_origin_and_so_does_the_name(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        for url in (
            f"http://localhost:{wire.port}/a",
            f"https://{wire.host}:{wire.port}/a",
            f"//{wire.host}:{wire.port + 1 if wire.port < 65535 else 1}/a",
            f"http://{wire.host}/a",
        ):
            choice = follow_up(instance, url, "x")
            assert choice.other_origin
            names = {name.lower() for name, _ in choice.prepared.headers}
            assert names == {
                *("host", "user-agent", "accept", "accept-encoding", "connection"),
                "content-length",
            }
        host = f"HTTP://{wire.host}:{wire.port}"
        assert follow_up(instance, f"{host}/a", "x").other_origin == ""


async def test_where_it_goes_is_judged_by_the_address_alone(wire: WireServer) -> None:
    with second_server() as other:
        async with open_session() as session:
            instance = await a_phone(session, wire)
            honest = follow_up(instance, other.url("/a"), "x")
            await send_follow_up(instance, FollowUp(honest.prepared, "x", ""))
        assert not other.requests[0].values("Cookie")


async def test_a_redirect_is_shown_and_not_followed(wire: WireServer) -> None:
    with second_server() as other:
        async with open_session() as session:
            instance = await a_phone(session, wire)
            wire.script(text_answer("", 302, [("Location", other.url("/steal"))]))
            _, answer = await send_follow_up(instance, follow_up(instance, "/a", "x"))
        assert answer.problem is not None
        assert answer.problem.status == 302
        assert other.connections == 0


async def test_a_failure_on_the_way_is_a_screen_too(wire: WireServer) -> None:
    with second_server() as other:
        other.script(close_before_answer())
        async with open_session() as session:
            instance = await a_phone(session, wire)
            exchange, answer = await send_follow_up(
                instance, follow_up(instance, other.url("/a"), "x")
            )
            assert exchange.failure is not None
            assert exchange.failure.kind is FailureKind.NO_ANSWER
            lost, _ = await send_follow_up(
                instance, follow_up(instance, f"http://{UNKNOWN_HOST}/a", "x")
            )
            assert lost.failure is not None
            assert UNKNOWN_HOST in lost.failure.message
    assert answer.problem is not None
    assert [type(screen.dialog) for screen in instance.trail.screens] == [FailedDialog] * 2


async def test_tls_rule_and_time_out_hold_on_another_origin(
    wire: WireServer, tmp_path: Path
) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(json_answer(DIAL), tls=pair) as other:
        async with open_session() as session:
            strict = await a_phone(session, wire)
            refused, _ = await send_follow_up(strict, follow_up(strict, other.url("/a"), "x"))
            assert refused.failure is not None
            assert refused.failure.kind is FailureKind.TLS
            place = Environment.parse(wire.base_url, timeout=5, verify_tls=False)
            lenient = session.attach(place, "a2")
            exchange, _ = await send_follow_up(lenient, follow_up(lenient, other.url("/a"), "x"))
            assert exchange.failure is None


@pytest.mark.parametrize(
    "url",
    [
        *("", "javascript:alert(1)", "file:///etc/passwd", "tel:800", "http://u:p@h/", "/\\evil/"),
        *("http://", "http://h:0/a", "/a\r\nX: 1"),
    ],
)
async def test_what_is_no_web_address_is_refused_and_nothing_sent(
    wire: WireServer, url: str
) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        with pytest.raises(FollowUpError) as caught:
            follow_up(instance, url, "x")
        assert str(caught.value).endswith(".")
        with pytest.raises(FollowUpError):
            page_request(instance, url)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("url", "label", "title"),
    [
        ("/genesys/1/service/a1/connect", "", "connect"),
        ("/genesys/1/service/a1/connect/", " ", "connect"),
        ("/genesys/1/service/a1/get%20dialog?x", "", "get dialog"),
        ("/", "", "127.0.0.1"),
        ("/a", " Yes ", "Yes"),
    ],
)
async def test_an_exchange_is_named_by_the_label_or_the_address(
    wire: WireServer, url: str, label: str, title: str
) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        choice = follow_up(instance, url, label)
    assert (choice.label, choice.prepared.operation.title) == (title, title)


async def test_fixture_a19_a_push_asks_for_its_action(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        push = read_push('{"_id": "a1", "_action": "get-dialog"}')
        await send_follow_up(instance, push_follow_up(instance, push))
        await send_follow_up(instance, push_follow_up(instance, push, "GET"))
    first, second = wire.requests[-2:]
    path = "/genesys/1/service/a1/get-dialog"
    assert first.raw == expected(wire, f"POST {path}", own=True, length=True)
    assert second.raw == expected(wire, f"GET {path}", own=True, length=False)
    assert instance.trail.current is not None
    assert instance.trail.current.came_by == "get-dialog"


async def test_a_push_for_another_instance_is_refused_by_name(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        with pytest.raises(FollowUpError, match=r"instance b2, and this one is a1"):
            push_follow_up(instance, Push("b2", "connect"))
        other = session.attach(instance.environment, "b2")
        await send_follow_up(other, push_follow_up(other, Push("b2", "connect")))
    assert wire.requests[-1].target == "/genesys/1/service/b2/connect"
    assert not wire.requests[-1].values("Cookie")


async def test_a_push_keeps_its_action_in_one_segment(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire)
        choice = push_follow_up(instance, Push("a1", "../b2/x?y#é"))
        assert choice.prepared.target == "/genesys/1/service/a1/..%2Fb2%2Fx%3Fy%23%C3%A9"
        await send_follow_up(instance, choice)
        with pytest.raises(FollowUpError, match="folder step"):
            push_follow_up(instance, Push("a1", ".."))
    assert wire.requests[-1].target == choice.prepared.target


async def test_a_page_is_fetched_by_get_and_is_no_screen_of_its_own(wire: WireServer) -> None:
    first = {"_id": "a1", "status": "waiting-for-agent", "dialog": "/waitingforagent.html#top"}
    async with open_session() as session:
        instance = await a_phone(session, wire, first)
        shown = instance.trail.current
        assert shown is not None
        assert isinstance(shown.dialog, PageDialog)
        wire.script(text_answer("<h1>Wait</h1>", headers=[("Content-Type", "text/html")]))
        page = page_request(instance, shown.dialog.path)
        exchange, answer = await send_follow_up(instance, page)
    assert wire.requests[-1].raw == expected(
        wire, "GET /waitingforagent.html", own=True, length=False
    )
    assert exchange.operation.title == "waitingforagent.html"
    assert answer.ok
    assert instance.trail.screens == (shown,)
    assert instance.state == "waiting-for-agent"


async def test_fixtures_a3_and_a7_over_the_wire(wire: WireServer) -> None:
    said = {
        "_dialog_id": "0",
        "_action": "ConfirmationDialog",
        "_text": "You will receive the call shortly",
        "_ok_title": "Ok",
        "_id": "a1",
    }
    chat_url = "/genesys/1/service/81f0ef4e/ixn/chat"
    async with open_session() as session:
        instance = await a_phone(session, wire, said)
        wire.script(json_answer({"_chatIxnAPI-CREATE-URL": chat_url, "_id": "a1"}))
        await send_follow_up(instance, follow_up(instance, "/chat", "Chat"))
        first, second = instance.trail.screens
        assert isinstance(second.dialog, StartChat)
        await send_follow_up(instance, follow_up(instance, second.dialog.url, "Start"))
    assert first.dialog == Confirmation(text="You will receive the call shortly", ok_title="Ok")
    assert wire.requests[-1].target == chat_url


async def test_a_page_says_nothing_of_the_instance(wire: WireServer) -> None:
    async with open_session() as session:
        instance = await a_phone(session, wire, {"_id": "a1", "status": "waiting"})
        wire.script(json_answer({"_id": "zz", "status": "closed", "_access_number": "999"}))
        request = page_request(instance, f"{wire.url('')}/page")
        await send_follow_up(instance, request, learn=False)
        assert (instance.state, instance.access) == ("waiting", None)
