"""What is there again at the next start, and what is kept out of the file."""

import asyncio
import json
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QTabBar,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui import launch
from gms_console.ui.window import MainWindow
from gms_console.workspace import FILE_NAME
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    add_row,
    choose,
    drop_files,
    find,
    form,
    form_table,
    open_tab,
    press,
    retype,
    said,
    select_rows,
    send,
    type_text,
)


def go_to(window: MainWindow, url: str) -> None:
    press(window, "Ctrl+L")
    type_text(window, url)
    press(window, "Return")


def spin(window: MainWindow, name: str, value: str) -> None:
    edit = find(window, QDoubleSpinBox, name).findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    retype(edit, value, "Tab")


def test_all_that_was_edited_survives_a_restart(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    attached = tmp_path / "attached.txt"
    attached.write_text("content")
    folder = tmp_path / "config" / "new"
    first = open_window(folder=folder)
    go_to(first, f"{wire.base_url}/GMS-web/gms")
    retype(find(first, QLineEdit, "serviceNameEdit"), "own-service")
    add_row(first, "text", "value")
    QApplication.clipboard().setText('{"key": "lines", "value": "one\\r\\ntwo"}\n# off=1\n')
    press(first, "Ctrl+V")
    drop_files(first.request_pane, attached)
    choose(find(first, QComboBox, "bodyKindCombo"), "Multipart Form")
    tabs = find(first, QTabBar, "targetTabs")
    open_tab(tabs, "Request on an instance")
    retype(find(first, QLineEdit, "requestNameEdit"), "update")
    add_row(first, "second", "form")
    open_tab(tabs, "Create a service")
    retype(find(first, QLineEdit, "pollRequestEdit"), "get-dialog")
    spin(first, "pollIntervalSpin", "2.5")
    retype(find(first, QLineEdit, "pollUntilEdit"), "status=done")
    spin(first, "pollLimitSpin", "90")
    rows = form(first)
    close_window(first, qtbot)

    again = open_window(folder=folder)
    assert find(again, QLineEdit, "baseUrlEdit").text() == f"{wire.base_url}/GMS-web/gms"
    assert find(again, QLineEdit, "serviceNameEdit").text() == "own-service"
    assert form(again) == rows
    assert len(rows) == 4
    assert find(again, QComboBox, "bodyKindCombo").currentText() == "Multipart Form"
    assert find(again, QLineEdit, "pollRequestEdit").text() == "get-dialog"
    assert find(again, QDoubleSpinBox, "pollIntervalSpin").value() == 2.5
    assert find(again, QLineEdit, "pollUntilEdit").text() == "status=done"
    assert find(again, QDoubleSpinBox, "pollLimitSpin").value() == 90
    assert send(again, wire, qtbot).target == "/GMS-web/gms/1/service/own-service"
    open_tab(find(again, QTabBar, "targetTabs"), "Request on an instance")
    assert find(again, QLineEdit, "requestNameEdit").text() == "update"
    assert form(again) == Form.of(("second", "form"))


def test_what_is_still_being_typed_survives_as_well(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window(folder=tmp_path)
    add_row(first, "key", "")
    select_rows(first, 0)
    press(first, "Return", "Tab")
    type_text(first, "half typed")
    close_window(first, qtbot)
    assert form(open_window(folder=tmp_path)) == Form.of(("key", "half typed"))


def test_a_base_url_still_being_typed_survives_as_well(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window(folder=tmp_path)
    press(first, "Ctrl+L")
    type_text(first, "ftp://half")
    close_window(first, qtbot)
    again = open_window(folder=tmp_path)
    assert find(again, QLineEdit, "baseUrlEdit").text() == "ftp://half"


def test_size_and_splitters_survive(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window(folder=tmp_path)
    first.resize(first.minimumSizeHint().grownBy(first.contentsMargins()))
    first.resize(first.width() + 31, first.height() + 17)
    panes = first.panes
    for splitter in (panes.middle, panes.whole, panes.left, first.request_pane.splitter):
        splitter.moveSplitter(splitter.sizes()[0] + 13, 1)
    size = first.size()
    sizes = [splitter.sizes() for splitter in first.panes.splitters]
    close_window(first, qtbot)
    again = open_window(folder=tmp_path)
    screen = again.screen().availableGeometry()
    assert again.size() == size or not screen.contains(first.frameGeometry())
    if again.size() == size:
        assert [splitter.sizes() for splitter in again.panes.splitters] == sizes
    else:  # a window larger than the screen is shrunk by Qt; its parts keep their proportions
        for splitter, before in zip(again.panes.splitters, sizes, strict=True):
            now = splitter.sizes()
            assert now[0] / sum(now) == pytest.approx(before[0] / sum(before), abs=0.1)


def test_values_that_look_like_secrets_are_not_written(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window(folder=tmp_path)
    go_to(first, wire.base_url)
    for key in ("password", "_api_key", "Auth-Token", "client_secret"):
        add_row(first, key, "hunter2")
    add_row(first, "language", "french")
    close_window(first, qtbot)
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert "hunter2" not in text
    assert "french" in text
    again = open_window(folder=tmp_path)
    kept = [(row.key, row.value, row.enabled) for row in form(again)]
    assert kept == [
        ("password", "", False),
        ("_api_key", "", False),
        ("Auth-Token", "", False),
        ("client_secret", "", False),
        ("language", "french", True),
    ]


def test_the_simulator_is_used_at_the_first_start_and_at_the_second(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for _ in range(2):
        window = open_window(folder=tmp_path)
        button = find(window, QToolButton, "simulatorButton")
        qtbot.waitUntil(lambda: button.text() == "On the simulator")  # noqa: B023
        retype(find(window, QLineEdit, "serviceNameEdit"), "request-interaction", "Tab")
        press(window, "Ctrl+Return")
        qtbot.waitUntil(lambda: window.console.exchange is not None)  # noqa: B023
        assert window.console.exchange.response.status == 200
        close_window(window, qtbot)
        assert json.loads((tmp_path / FILE_NAME).read_text("utf-8"))["base_url"] == ""


@pytest.mark.parametrize(
    "content", ["{broken", '{"version": 99}', '{"version": 1, "poll": 3}', "[]"]
)
def test_an_unreadable_workspace_is_kept_aside_and_the_window_opens(
    loop: qasync.QEventLoop,
    application: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    content: str,
) -> None:
    (tmp_path / FILE_NAME).write_text(content)
    opened: list[MainWindow] = []

    async def stay(window: MainWindow) -> int:
        opened.append(window)
        await window.finished.wait()
        return 0

    running = loop.create_task(launch._run(stay, tmp_path, on_simulator=False))
    qtbot.waitUntil(lambda: bool(opened))
    window = opened[0]
    message = said(window)
    assert message.startswith("The last workspace could not be read; it is kept as ")
    aside = tmp_path / "workspace.unreadable.json"
    assert str(aside) in message
    assert aside.read_text() == content
    qtbot.waitUntil(lambda: window.console.environment is not None)
    window.close()
    qtbot.waitUntil(running.done)
    assert running.result() in {0, 130}
    assert aside.read_text() == content
    assert json.loads((tmp_path / FILE_NAME).read_text("utf-8"))["version"] == 1
    window.deleteLater()


def test_a_workspace_that_cannot_be_written_does_not_keep_the_window_open(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where a folder should be")
    window = open_window()
    window._folder = in_the_way
    close_window(window, qtbot)
    assert said(window).startswith("Not saved for the next start.")


def test_closing_twice_ends_once(
    open_window: OpenWindow, loop: qasync.QEventLoop, qtbot: QtBot
) -> None:
    window = open_window()
    window.close()
    window.close()
    close_window(window, qtbot)
    left = [one for one in asyncio.all_tasks(loop) if not one.done()]
    assert left == []


def test_an_empty_table_is_an_empty_table_again(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window(folder=tmp_path)
    add_row(first, "a", "1")
    select_rows(first, 0)
    press(first, "Delete")
    close_window(first, qtbot)
    again = open_window(folder=tmp_path)
    assert form_table(again).model().rowCount() == 0
