"""What the phone's tests have in common: an instance with its phone in front, and its requests."""

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gms_console import __version__
from gms_console.trail import Screen
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import Answer, WireRequest, WireServer, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow

ID = "39a98e24-b03b-4191-b756-1efe8f3b16b8"
CONFIRMATION = {
    "_dialog_id": "0",
    "_action": "ConfirmationDialog",
    "_text": "You will receive the call shortly",
    "_ok_title": "Ok",
    "_id": ID,
}
NUMBER = {"_id": ID, "_action": "DialNumber", "_label": "Call us", "_tel_url": "tel:8003449999"}


def address(server: WireServer, request: str) -> str:
    """Give the address of a request on the instance."""
    return server.url(f"/genesys/1/service/{ID}/{request}")


def menu(*items: tuple[str, str], label: str = "How may we help?") -> dict[str, Any]:
    """Make a DisplayMenu of labels and addresses; an empty address is left out."""
    entries = [
        {"_label": text, "_user_action_url": url} if url else {"_label": text}
        for text, url in items
    ]
    content = [{"_group_name": "Please choose", "_group_content": entries}]
    return {"_id": ID, "_action": "DisplayMenu", "_label": label, "_content": content}


def two_choices(server: WireServer) -> dict[str, Any]:
    """Make a menu of two entries on the server's own host."""
    return menu(
        ("Call me now", address(server, "now")), ("Call me later", address(server, "later"))
    )


def open_phone(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    *answers: object,
    workspace: Workspace | None = None,
) -> MainWindow:
    """Create a callback that is answered with the first of `answers`, and go to its phone."""
    wire.script(*(one if isinstance(one, Answer) else json_answer(one) for one in answers))
    window = open_window(
        workspace or Workspace(base_url=wire.base_url, create=Draft(service="callback/callme"))
    )
    create(window, qtbot)
    drive.press(window, "Alt+8")
    return window


def create(window: MainWindow, qtbot: QtBot) -> None:
    """Send the create, and wait for its instance."""
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)
    assert window.console.live.selected is not None


def idle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the phone has nothing under way."""
    qtbot.waitUntil(lambda: not window.console.phone.handset.busy)
    drive.settle()


def press_button(window: MainWindow, name: str) -> None:
    """Click a button of the phone."""
    drive.click(drive.find(window, QPushButton, name))


def choose(window: MainWindow, name: str, wire: WireServer, qtbot: QtBot) -> WireRequest:
    """Click a choice, wait for its answer, and give the request that the server received."""
    count = len(wire.requests)
    press_button(window, name)
    idle(window, qtbot)
    assert len(wire.requests) == count + 1
    return wire.requests[-1]


def request_bytes(server: WireServer, line: str, *, cookie: str = "", post: bool = True) -> bytes:
    """Give a follow-up without a body, as it should come over the wire."""
    lines = [
        f"{line} HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: GMS-Console/{__version__}",
        "Accept: */*",
        "Accept-Encoding: gzip, deflate",
        "Connection: keep-alive",
        *([f"Cookie: {cookie}"] if cookie else []),
        *(["Content-Length: 0"] if post else []),
    ]
    return "".join(f"{one}\r\n" for one in [*lines, ""]).encode()


def screens(window: MainWindow) -> list[Screen]:
    """Give the screens of the selected instance."""
    return list(window.console.phone.screens)


def shown(window: MainWindow) -> list[str]:
    """Give the texts on the phone's screen, from top to bottom."""
    area = drive.find(window, QWidget, "phoneScreen")
    parts = [
        one
        for one in area.findChildren(QWidget)
        if isinstance(one, QLabel | QPushButton) and one.isVisibleTo(area) and one.text()
    ]
    return [one.text() for one in sorted(parts, key=lambda one: one.mapTo(area, one.pos()).y())]


def foot(window: MainWindow) -> str:
    """Give what stands at the foot of the phone; empty when nothing does."""
    label = drive.find(window, QLabel, "phoneFootText")
    return label.text() if label.isVisible() else ""


def spoken(window: MainWindow) -> str:
    """Give what a screen reader says of the screen."""
    return drive.find(window, QWidget, "phoneScreen").accessibleDescription()


def answer_beside(window: MainWindow) -> str:
    """Give the answer that is shown beside the phone."""
    return drive.find(window, QPlainTextEdit, "answerView").toPlainText()


def focus_name() -> str:
    """Name the widget that has the focus."""
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""
