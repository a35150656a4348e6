"""Opens, drives and reads the window of callbacks, for its tests."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
)
from pytestqt.qtbot import QtBot

from gms_console import __version__
from gms_console.simulator import Simulator
from gms_console.ui.panes.callbacks.window import CallbacksWindow
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    answer_bytes,
    by_request,
    raw_answer,
)
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    click_cell,
    find,
    press,
    settle,
    texts,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
QUEUES = "/genesys/1/admin/callback/queues"
SERVICE = "/genesys/1/service/callback"


@contextmanager
def before(simulator: Simulator) -> Iterator[WireServer]:
    """A server that keeps every byte it gets, and lets the simulator answer."""

    def answer(request: WireRequest) -> Answer:
        came = ask(simulator, request.method, request.target, request.body, request.headers)
        return raw_answer(came)

    with WireServer(default=by_request(answer)) as wire:
        yield wire


def ask(
    simulator: Simulator,
    method: str,
    target: str,
    body: bytes = b"",
    headers: list[tuple[str, str]] | None = None,
) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=20)
    try:
        skipped = {"host", "connection", "content-length", "accept-encoding"}
        sent = {name: value for name, value in headers or () if name.lower() not in skipped}
        connection.request(method, target, body=body or None, headers=sent)
        came = connection.getresponse()
        kept = [("Content-Type", came.getheader("content-type") or "text/plain")]
        return answer_bytes(came.read(), came.status, kept)
    finally:
        connection.close()


def records(simulator: Simulator, query: str = "") -> dict[str, dict[str, str]]:
    """What the simulator has, by id."""
    body = ask(simulator, "GET", f"{SERVICE}{query}").partition(b"\r\n\r\n")[2]
    return {one["_id"]: one for one in json.loads(body)}


def create(simulator: Simulator, number: str, time: str) -> str:
    """Create a scheduled callback; give its id."""
    form = json.dumps({"_customer_number": number, "_desired_time": time, "segment": "gold"})
    came = ask(
        simulator,
        "POST",
        f"{SERVICE}/callme",
        form.encode(),
        [("Content-Type", "application/json")],
    )
    made = json.loads(came.partition(b"\r\n\r\n")[2])["_id"]
    assert isinstance(made, str)
    return made


def opened(window: MainWindow, qtbot: QtBot) -> CallbacksWindow:
    """Open the window by its key."""
    press(window, "Ctrl+Alt+1")
    made = window.tools.window("callbacks")
    assert isinstance(made, CallbacksWindow)
    qtbot.waitUntil(made.isActiveWindow)
    return made


def at(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    return open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))


def idle(window: CallbacksWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.desk.busy)
    settle()


def listed(window: CallbacksWindow, qtbot: QtBot, *keys: str) -> list[str]:
    """Press keys that list anew; give the ids that are shown."""
    press(window, *(keys or ("F5",)))
    idle(window, qtbot)
    return texts(window.table)


def select(window: CallbacksWindow, *ids: str) -> None:
    """Click the rows of these ids, with Ctrl held from the second on."""
    held = Qt.KeyboardModifier.NoModifier
    for one in ids:
        row = window.desk.model.row_of(one)
        click_cell(window.table, window.table.model().index(row, 0), held)
        held = CTRL


def cell(window: CallbacksWindow, callback_id: str, column: int) -> str:
    model = window.desk.model
    return str(model.index(model.row_of(callback_id), column).data())


def counted(window: CallbacksWindow) -> str:
    return find(window, QLabel, "callbackCountLabel").text()


def shown(window: CallbacksWindow, name: str) -> str:
    """What a label says; empty while it is hidden."""
    found = find(window, QLabel, name)
    return found.text() if found.isVisible() else ""


def head(wire: WireServer, method: str, target: str, *more: str) -> bytes:
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: 127.0.0.1:{wire.port}",
        f"User-Agent: GMS-Console/{__version__}",
        "Accept: */*",
        "Accept-Encoding: gzip, deflate",
        "Connection: keep-alive",
        *more,
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def json_head(wire: WireServer, method: str, target: str, body: bytes) -> bytes:
    kind, size = "Content-Type: application/json", f"Content-Length: {len(body)}"
    return head(wire, method, target, kind, size) + body


def record(number: int, state: str = "QUEUED", **more: object) -> dict[str, object]:
    time = f"2030-01-01T00:{number // 60:02}:{number % 60:02}.000Z"
    fields = {"_id": f"id-{number:03}", "_desired_time": time, "_service_name": "callme"}
    return {**fields, "_callback_state": state, "_customer_number": "+49891200000", **more}
