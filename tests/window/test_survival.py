"""What must not be lost, left over or repaired: the console under hasty and unlucky hands."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPlainTextEdit, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form, Row
from gms_console.poll import PollOutcome
from gms_console.simulator import Simulator
from gms_console.ui.console import Console
from gms_console.ui.models.file_model import FileColumn
from gms_console.ui.panes.bulk_edit import BulkEdit
from gms_console.ui.window import MainWindow
from gms_console.workspace import Workspace, load_workspace, save_workspace
from tests.support.wire_server import WireServer, by_request, hold, json_answer
from tests.window import driving as drive
from tests.window.conftest import OpenWindow, close_window

CREATED = json_answer({"_id": "abc-1"})
ODD = "Bonjour\u00a0!\u2028line\u2029end\u0085"


def test_escape_right_after_send_leaves_the_console_usable(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    window.console.send()
    window.console.cancel()
    qtbot.waitUntil(lambda: not window.console.sending)
    assert drive.find(window, QPushButton, "sendButton").isEnabled()
    assert "Sending" not in drive.find(window, QLabel, "connectionLabel").text()
    drive.send(window, wire, qtbot)
    assert window.console.live.selected is not None


def test_closing_an_instance_cancels_its_request_and_its_poll(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, hold())
    drive.send(window, wire, qtbot)
    drive.press(window, "Ctrl+R")
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: wire.waiting == 1)
    drive.press(window, "Alt+4", "Delete", "Delete")
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.CANCELLED)
    qtbot.waitUntil(lambda: wire.open_connections == 0)
    assert drive.texts(drive.find(window, QListView, "instanceList")) == []
    assert "failed" not in drive.said(window)


def test_closing_an_instance_while_its_request_is_under_way(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, hold())
    drive.send(window, wire, qtbot)
    drive.open_tab(window.request_pane.tabs, "Request on an instance")
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    drive.press(window, "Alt+4", "Delete")
    qtbot.waitUntil(lambda: wire.open_connections == 0)
    qtbot.waitUntil(lambda: not window.console.sending)
    exchange = window.console.exchange
    assert exchange is not None
    assert exchange.failure is not None
    assert exchange.failure.kind.value == "cancelled"


def test_closing_while_the_simulator_starts_leaves_no_thread(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(ready=False)
    close_window(window, qtbot)
    assert "gms-simulator" not in {thread.name for thread in threading.enumerate()}


def test_a_demo_keeps_the_environment_of_the_last_start(tmp_path: Path) -> None:
    save_workspace(tmp_path, Workspace(base_url="http://gms.example:8080/genesys"))
    script = (
        "import asyncio, sys; from pathlib import Path\n"
        "from gms_console.ui.launch import run_window\n"
        "async def story(window):\n"
        "    while window.console.environment is None: await asyncio.sleep(0.01)\n"
        "    assert '127.0.0.1' in window.console.base_url_text\n"
        "    return 0\n"
        "sys.exit(run_window(story, Path(sys.argv[1]), on_simulator=True))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], timeout=30, check=False)
    assert done.returncode == 0
    assert load_workspace(tmp_path).base_url == "http://gms.example:8080/genesys"


def test_editing_as_text_changes_nothing_that_was_not_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    form = Form((Row(key="greeting", value=ODD), Row(key="plain\u00a0key", value="1")))
    window.console.draft.form_model.edit(form, "rows")
    drive.press(window, "Ctrl+Shift+B")
    dialog = drive.active_dialog(qtbot, BulkEdit)
    dialog.accept()
    assert window.console.draft.form_model.form == form


def test_a_value_with_odd_blanks_is_edited_in_place_without_loss(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window.console.draft.form_model.edit(Form((Row(key="a", value="1\u00a0000"),)), "row")
    table = drive.form_table(window)
    drive.double_click_cell(table, table.model().index(0, 3))
    drive.press(window, "End")
    drive.type_text(window, "7")
    drive.press(window, "Return")
    assert drive.send(window, wire, qtbot).body == b"a=1%C2%A00007"


def test_pretty_keeps_duplicate_keys_and_numbers_as_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    sent = '{"status":"a","status":"b","lat":48.85830000000000123,"n":1.10,"u":"\\u00e9","e":{}}'
    wire.script(json_answer(sent))
    drive.send(window, wire, qtbot)
    shown = drive.find(window, QPlainTextEdit, "answerView").toPlainText()
    assert shown.splitlines() == [
        "{",
        '  "status": "a",',
        '  "status": "b",',
        '  "lat": 48.85830000000000123,',
        '  "n": 1.10,',
        '  "u": "\\u00e9",',
        '  "e": {}',
        "}",
    ]


def test_a_new_file_beside_an_attachment_does_not_disturb_what_is_typed(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    picture = tmp_path / "one.png"
    picture.write_bytes(b"x")
    drive.drop_files(window.request_pane, picture)
    table = drive.find(window, QTableView, "fileTable")
    drive.double_click_cell(table, table.model().index(0, FileColumn.SENT_AS))
    drive.press(window, "Ctrl+A")
    drive.type_text(window, "half")
    model = window.console.draft.file_model
    with qtbot.waitSignal(model.files_changed):
        (tmp_path / "other.part").write_bytes(b"y")
    drive.type_text(window, "way.png")
    drive.press(window, "Return")
    assert window.console.draft.form_model.form.rows[0].filename == "halfway.png"


def test_attached_files_never_share_a_key_by_themselves(window: MainWindow, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a", "b", "c")]
    for file in files:
        file.write_bytes(b"x")
    model = window.console.draft.form_model
    model.attach(files[:2])
    model.edit(model.form.removed([0]), "remove")
    model.attach(files[2:])
    assert [row.key for row in model.form] == ["FileKey2", "FileKey"]


def test_a_broken_word_in_the_workspace_does_not_keep_the_window_closed(tmp_path: Path) -> None:
    save_workspace(tmp_path, Workspace(base_url="http://127.0.0.1:1"))
    file = tmp_path / "workspace.json"
    data = json.loads(file.read_text("utf-8"))
    data["create"]["body_kind"] = "xml"
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(OSError, match="xml"):
        load_workspace(tmp_path)


def test_send_then_poll_on_a_request_polls_too(open_window: OpenWindow, qtbot: QtBot) -> None:
    with Simulator() as started:
        window = open_window(Workspace(base_url=started.base_url))
        window.console.services.choose("request-inbound-poll")
        drive.press(window, "Ctrl+Return")
        qtbot.waitUntil(lambda: window.console.live.selected is not None)
        drive.open_tab(window.request_pane.tabs, "Request on an instance")
        drive.retype(drive.find(window, QLineEdit, "requestNameEdit"), "status")
        drive.press(window, "Ctrl+Shift+Return")
        qtbot.waitUntil(lambda: window.console.live.poll is not None)


def test_a_base_url_typed_while_the_simulator_starts_is_kept(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(ready=False)
    console: Console = window.console
    console.use_simulator()
    console.set_base_url("http://gms.example:8080")
    qtbot.waitUntil(lambda: console.simulator.base_url != "")
    qtbot.waitUntil(lambda: len(console.session.tasks) == 0)
    assert console.base_url_text == "http://gms.example:8080"


@pytest.mark.skipif(sys.platform != "linux", reason="X displays are a matter of Linux")
def test_a_display_that_cannot_be_reached_counts_as_none(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    environment |= {"DISPLAY": ":4711", "GMS_CONSOLE_HOME": str(tmp_path)}
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-m", "gms_console"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no display here" in done.stderr


def test_the_window_fits_a_small_screen_with_all_there_is_to_copy(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(
        json_answer(
            {
                "_id": "39a98e24-b03b-4191-b756-1efe8f3b16b8",
                "_access_number": "8003449999",
                "_access_code": "7684",
                "_expiration_time": "1800",
            }
        )
    )
    drive.send(window, wire, qtbot)
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: window.width() == 1024)
    assert window.minimumSizeHint().width() <= 1024


def test_colours_and_text_size_survive_a_restart(
    open_window: OpenWindow, wire: WireServer, tmp_path: Path, qtbot: QtBot
) -> None:
    save_workspace(tmp_path, Workspace(base_url=wire.base_url))
    first = open_window(folder=tmp_path)
    drive.press(first, "Ctrl+9", "Ctrl+=", "Ctrl+=")
    assert first.action("dark").isChecked()
    close_window(first, qtbot)
    kept = load_workspace(tmp_path)
    assert (kept.scheme, kept.zoom) == ("dark", 2)


def test_a_booking_that_has_ended_is_called_so_in_the_list(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "a", "_access_number": "800", "_expiration_time": "1"}))
    drive.send(window, wire, qtbot)
    instance = window.console.live.selected
    assert instance is not None
    assert window.console.instances.state_text(instance) == "call 800"
    with qtbot.waitSignal(window.console.instances.dataChanged):
        pass
    qtbot.waitUntil(lambda: window.console.instances.state_text(instance) == "booking ended")


def test_a_poll_whose_first_attempt_hangs_can_be_stopped(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED, hold())
    drive.send(window, wire, qtbot)
    drive.press(window, "Ctrl+R")
    button = drive.find(window, QPushButton, "pollButton")
    assert button.text() == "Stop polling"
    qtbot.waitUntil(lambda: wire.waiting == 1)
    drive.press(window, "Esc")
    qtbot.waitUntil(lambda: wire.abandoned == 1)
    qtbot.waitUntil(lambda: button.text() == "Start polling")


def test_a_poll_does_not_cover_the_answer_that_was_asked_for(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    drive.send(window, wire, qtbot)
    refused = json_answer({"message": "No such service"}, 404)
    waiting = json_answer({"status": "waiting-for-agent"})
    wire.script(
        *[by_request(lambda one: waiting if one.target.endswith("/status") else refused)] * 100
    )
    window.poll_pane.interval_spin.setValue(0.1)
    drive.press(window, "Ctrl+R")
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: len(poll.timeline.attempts) > 0)
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)
    asked = window.console.exchange
    assert asked.response.status == 404
    count = len(poll.timeline.attempts)
    qtbot.waitUntil(lambda: len(poll.timeline.attempts) > count + 1)
    assert window.console.exchange is asked
    # To poll, or to choose an instance, shows again what polls bring.
    drive.press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: not poll.running)
    drive.press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: window.console.exchange is not asked)
