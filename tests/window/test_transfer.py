"""The transfer bar: what it says while a request takes its time, and that it is gone after it."""

import threading
from pathlib import Path

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form, Row
from gms_console.ui.panes.transfer_bar import TransferBar
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.slow_reader import SlowReader
from tests.support.wire_server import WireServer, hold, json_answer, slow_body
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press, send, settle


def bar(window: MainWindow) -> TransferBar:
    """The bar under the request line."""
    return find(window, TransferBar, "transferBar")


def idle(window: MainWindow) -> bool:
    """Whether the bar is gone, and its timer stands still."""
    return not bar(window).isVisible() and not bar(window)._timer.isActive()


def test_an_upload_says_how_far_it_is(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "recording.wav"
    path.write_bytes(bytes(8 * 1024 * 1024))
    with SlowReader(step=64 * 1024, every=0.01) as server:
        window = open_window(
            Workspace(
                base_url=server.base_url,
                create=Draft(
                    service="request-interaction",
                    form=Form((Row(key="FileKey", file=path),)),
                ),
            )
        )
        assert idle(window)
        press(window, "Ctrl+Return")
        said: set[str] = set()
        spoken: set[str] = set()
        shares: set[int] = set()

        def watch() -> bool:
            said.add(bar(window).text)
            if bar(window).isVisible():
                spoken.add(find(window, QLabel, "transferLabel").accessibleName())
                shares.add(find(window, QProgressBar, "transferProgress").value())
            return len([one for one in said if "MiB/s" in one]) >= 4

        qtbot.waitUntil(watch, timeout=10_000)
        press(window, "Escape")
        qtbot.waitUntil(lambda: not window.console.sending)
        assert server.closed.wait(5)
    uploading = sorted(one for one in said if "left" in one)
    assert uploading[0].startswith("Uploading ")
    assert " of 8.0 MiB, " in uploading[0]
    assert len(shares) >= 4
    assert 1 <= len(spoken) <= 4
    assert all(one.startswith("Uploading") and "MiB" not in one for one in spoken)
    assert idle(window)


def test_waiting_and_receiving_are_told_and_a_quick_answer_shows_no_bar(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown: list[bool] = []
    window.console.busy_changed.connect(lambda: shown.append(bar(window).isVisible()))
    send(window, wire, qtbot)
    assert not any(shown)
    gate, second = threading.Event(), threading.Event()
    wire.script(hold(gate, slow_body(b"x" * 2048, second)))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: bar(window).text.startswith("Waiting for the answer, 0."))
    first = bar(window).text
    qtbot.waitUntil(lambda: bar(window).text not in {"", first})
    gate.set()
    qtbot.waitUntil(lambda: bar(window).text.startswith("Receiving 2.0 of 2.0 KiB"))
    second.set()
    qtbot.waitUntil(lambda: not window.console.sending)
    assert idle(window)


def test_a_request_of_a_card_has_the_bar_too(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="my-own")))
    wire.script(json_answer({"_id": "i1"}))
    send(window, wire, qtbot)
    gate = threading.Event()
    wire.script(hold(gate, json_answer({"status": "Running"})))
    click(find(window, QToolButton, "requestButton_status"))
    qtbot.waitUntil(lambda: bar(window).text.startswith("Waiting"))
    gate.set()
    qtbot.waitUntil(lambda: idle(window))
    assert window.console.transfer is None


def test_a_screen_reader_is_told_of_the_phase_and_not_of_every_look(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(hold())
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: bar(window).isVisible())
    words = find(window, QLabel, "transferLabel")
    seen = {bar(window).text}

    def looked_often() -> bool:
        seen.add(bar(window).text)
        return len(seen) > 3

    qtbot.waitUntil(looked_often)
    interface = QAccessible.queryAccessibleInterface(words)
    assert interface.text(QAccessible.Text.Name) == "Waiting for the answer"
    press(window, "Escape")
    qtbot.waitUntil(lambda: idle(window))
    settle()
