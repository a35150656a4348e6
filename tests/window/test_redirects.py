"""Redirects in the window: the hops one by one, and the question before another place."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPlainTextEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.redirect_box import RedirectHops
from gms_console.ui.window import MainWindow
from tests.support.wire_server import Answer, WireServer, hold, json_answer, text_answer
from tests.window.driving import add_row, click, find, press, said, send, settle

SENT = "request-interaction"


def moved(where: str, status: int = 302, text: str = "moved") -> Answer:
    """An answer that leads to another place."""
    return text_answer(text, status, [("Location", where)])


@contextmanager
def elsewhere() -> Iterator[WireServer]:
    """Another place: the same host, another port."""
    with WireServer(default=json_answer({"_id": "far"})) as server:
        yield server


def hops(window: MainWindow) -> list[QToolButton]:
    """The buttons of the way, in order."""
    parts = find(window, RedirectHops, "redirectHops").parts
    return [one for one in parts if isinstance(one, QToolButton)]


def box(window: MainWindow) -> QFrame:
    """The box of a redirect that was not followed."""
    return find(window, QFrame, "redirectBox")


def text_of(window: MainWindow, name: str) -> str:
    """What a label of the box says."""
    return find(window, QLabel, name).text()


def body(window: MainWindow) -> str:
    """The answer that is shown, as it came."""
    return find(window, QPlainTextEdit, "answerRawView").toPlainText()


def wait_until_sent(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until nothing is under way."""
    qtbot.waitUntil(lambda: not window.console.sending)


def test_the_hops_of_an_answer_are_shown_one_by_one(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(moved("/gw/one", 307, "first"), moved("/gw/two", 302, "second"), json_answer({}))
    press(window, "Ctrl+Return")
    wait_until_sent(window, qtbot)
    buttons = hops(window)
    assert [button.text() for button in buttons] == ["307", "→ /gw/one 302", "→ /gw/two 200"]
    assert [button.isChecked() for button in buttons] == [False, False, True]
    assert body(window) == "{}"
    click(buttons[0])
    assert body(window) == "first"
    assert hops(window) == buttons
    assert [button.isChecked() for button in buttons] == [True, False, False]
    assert not box(window).isVisible()
    click(buttons[1])
    assert body(window) == "second"
    click(buttons[2])
    assert body(window) == "{}"
    click(buttons[2])
    assert buttons[2].isChecked()
    assert wire.url("/gw/one") in buttons[1].toolTip()
    assert buttons[1].accessibleName().startswith("Request 2 of 3: POST ")
    send(window, wire, qtbot)
    assert not find(window, RedirectHops, "redirectHops").isVisible()


def test_the_hops_are_reached_by_the_keyboard(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(moved("/there", 307, "first"), json_answer({}))
    press(window, "Ctrl+Return")
    wait_until_sent(window, qtbot)
    first = hops(window)[0]
    for _ in range(80):
        if QApplication.focusWidget() is first:
            break
        press(window, "Tab")
    assert QApplication.focusWidget() is first
    press(window, "Space")
    assert body(window) == "first"


def test_a_circle_is_explained_and_its_hops_are_there(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(moved("/a", 307), moved("/a", 307, "round"))
    press(window, "Ctrl+Return")
    wait_until_sent(window, qtbot)
    assert "circle" in find(window, QLabel, "problemLabel").text()
    assert body(window) == "round"
    assert len(hops(window)) == 2
    assert not box(window).isVisible()


def test_another_place_is_followed_once_when_a_person_says_so(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    with elsewhere() as other:
        add_row(window, "_phone_number", "5551")
        wire.script(moved(other.url("/far"), 307, "elsewhere"))
        send(window, wire, qtbot)
        assert box(window).isVisible()
        assert not find(window, QFrame, "problemBox").isVisible()
        assert text_of(window, "redirectWhereLabel") == f"307 leads to {other.url('/far')}"
        assert f"another port, {other.base_url}" in text_of(window, "redirectWhyLabel")
        consent = text_of(window, "redirectConsentLabel")
        assert "POST with the whole body (18 bytes)" in consent
        assert "no cookie, no credentials" in consent
        assert body(window) == "elsewhere"
        assert other.connections == 0
        click(find(window, QPushButton, "redirectFollowButton"))
        wait_until_sent(window, qtbot)
        (request,) = other.requests
        assert (request.method, request.target, request.body) == (
            "POST",
            "/far",
            b"_phone_number=5551",
        )
        assert not box(window).isVisible()
        assert body(window) == '{"_id": "far"}'
        assert [button.text() for button in hops(window)] == ["307", f"→ {other.url('/far')} 200"]
        assert "lives there and is not listed" in said(window)
        assert window.console.session.instances == []
        click(hops(window)[0])
        assert box(window).isVisible()
    assert len(wire.requests) == 1


def test_following_can_be_cancelled_and_is_reached_by_the_keyboard(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    with elsewhere() as other:
        other.script(hold())
        wire.script(moved(other.url("/far")))
        send(window, wire, qtbot)
        button = find(window, QPushButton, "redirectFollowButton")
        for _ in range(80):
            if button.hasFocus():
                break
            press(window, "Tab")
        assert button.hasFocus()
        press(window, "Space")
        other.wait_for_gates()
        assert not button.isEnabled()
        press(window, "Escape")
        wait_until_sent(window, qtbot)
        other.wait_for_abandoned()
        assert "Cancelled" in find(window, QLabel, "answerStatusLabel").text()
        assert QApplication.focusWidget() is not None
    settle()


def test_what_a_server_writes_into_an_address_is_shown_as_it_is(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """Markup in a Location stays text, and a long one does not push the window wider."""
    wire.script(moved("http://far.invalid/<b>bold</b>&x" + "y" * 2000))
    width = window.width()
    send(window, wire, qtbot)
    assert "%3Cb%3Ebold%3C/b%3E&x" in text_of(window, "redirectWhereLabel")
    assert window.width() == width
    wire.script(moved("/<i>a&b", 307), json_answer({}))
    press(window, "Ctrl+Return")
    wait_until_sent(window, qtbot)
    assert hops(window)[1].text() == "→ /%3Ci%3Ea&&b 200"
