"""Stories of the console's main job, from the empty start to the end, by mouse and keys alone."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.model.exchange import FailureKind
from gms_console.poll import PollOutcome
from gms_console.simulator import Simulator
from gms_console.ui.tour import example_picture
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.parsers import MULTIPART_READERS, ParsedRow
from tests.support.wire_server import (
    UNKNOWN_HOST,
    Answer,
    WireServer,
    close_before_answer,
    cut_in_body,
    garbage,
    hold,
    json_answer,
    refused_port,
    reset_before_answer,
    slow_headers,
    text_answer,
)
from tests.window import driving as drive
from tests.window.conftest import OpenWindow

REFERENCE_ROWS = (
    ("_phone_number", "6504669999"),
    ("_provide_code", "true"),
    ("language", "french"),
    ("current_location_latitude", "48.8583"),
    ("current_location_longitude", "2.2944"),
)
REFERENCE_ID = "39a98e24-b03b-4191-b756-1efe8f3b16b8"
CREATED = json_answer({"_id": REFERENCE_ID, "_access_number": "8003449999", "_access_code": "7684"})
WAITING = json_answer({"status": "waiting-for-agent", "dialog": "/waitingforagent.html"})


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Start a simulator outside the window, whose records and clock the test can reach."""
    with Simulator() as started:
        yield started


def attach(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Attach a file as with the keyboard alone: Ctrl+Shift+A, the path, Enter."""
    drive.press(window, "Ctrl+Shift+A")
    dialog = drive.active_dialog(qtbot, QFileDialog)
    drive.type_text(dialog, str(path))
    drive.press(dialog, "Return")
    drive.back_in(window, qtbot)


def go_to(window: MainWindow, base_url: str) -> None:
    """Type another base URL: Ctrl+L, the URL, Enter."""
    drive.press(window, "Ctrl+L")
    drive.type_text(window, base_url)
    drive.press(window, "Return")


def pick(window: MainWindow, words: str) -> None:
    """Pick a service by keys: Ctrl+P, some letters of it, Enter."""
    drive.press(window, "Ctrl+P")
    drive.type_text(window, words)
    drive.press(window, "Return")


def answered(window: MainWindow, qtbot: QtBot) -> str:
    """Press Ctrl+Enter, wait for the end, and give the status line."""
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)
    return status(window)


def status(window: MainWindow) -> str:
    return drive.find(window, QLabel, "answerStatusLabel").text()


def problem(window: MainWindow) -> str:
    return drive.problem_text(window) or ""


# --- the reference page's two examples -----------------------------------------------------


def fill_reference_form(window: MainWindow, qtbot: QtBot) -> None:
    pick(window, "request-interaction")
    for key, value in REFERENCE_ROWS:
        drive.fill_row(window, key, value)
    attach(window, example_picture(), qtbot)


@pytest.mark.parametrize("read", MULTIPART_READERS)
def test_the_documented_create_arrives_field_by_field(
    open_window: OpenWindow,
    wire: WireServer,
    qtbot: QtBot,
    read: Callable[[bytes, str], list[ParsedRow]],
) -> None:
    wire.script(CREATED)
    window = open_window(Workspace(base_url=wire.url("")))
    fill_reference_form(window, qtbot)
    assert "200 OK" in answered(window, qtbot)
    request = wire.requests[0]
    assert (request.method, request.target) == ("POST", "/genesys/1/service/request-interaction")
    expected = [ParsedRow(key, value.encode()) for key, value in REFERENCE_ROWS]
    picture = example_picture().read_bytes()
    expected.append(ParsedRow("FileKey", picture, "MyPic.png", "image/png"))
    assert read(request.body, request.values("Content-Type")[0]) == expected
    chips = {
        name: drive.find(window, QToolButton, name).property("value")
        for name in ("chipId", "chipAccessNumber", "chipAccessCode")
    }
    assert chips == {
        "chipId": REFERENCE_ID,
        "chipAccessNumber": "8003449999",
        "chipAccessCode": "7684",
    }


def test_the_documented_status_request_under_the_old_root(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(WAITING)
    window = open_window(Workspace(base_url=wire.url("/GMS-web/gms")))
    drive.open_tab(drive.find(window, QTabBar, "targetTabs"), "Request on an instance")
    drive.type_text(drive.find(window, QLineEdit, "requestInstanceEdit"), REFERENCE_ID)
    drive.retype(drive.find(window, QLineEdit, "requestNameEdit"), "status")
    assert "200 OK" in answered(window, qtbot)
    request = wire.requests[0]
    assert request.method == "POST"
    assert request.target == f"/GMS-web/gms/1/service/{REFERENCE_ID}/status"
    assert request.body == b""
    assert request.values("Content-Type") == []
    shown = drive.find(window, QPlainTextEdit, "answerRawView").toPlainText()
    assert shown == '{"status": "waiting-for-agent", "dialog": "/waitingforagent.html"}'
    assert drive.texts(drive.find(window, QListView, "instanceList")) == ["(reopened by id)"]


def test_both_examples_against_the_simulator(
    open_window: OpenWindow, simulator: Simulator, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=simulator.base_url))
    fill_reference_form(window, qtbot)
    assert "200 OK" in answered(window, qtbot)
    create = simulator.received[-1]
    assert create.target == b"/genesys/1/service/request-interaction"
    boundary = dict(create.headers)[b"Content-Type"].decode()
    rows = MULTIPART_READERS[0](create.body, boundary)
    assert [(row.name, row.value.decode()) for row in rows[:5]] == list(REFERENCE_ROWS)
    assert rows[5] == ParsedRow("FileKey", example_picture().read_bytes(), "MyPic.png", "image/png")

    go_to(window, f"{simulator.root_url}/GMS-web/gms")
    pick(window, "inbound-poll")
    assert "200 OK" in answered(window, qtbot)
    drive.open_tab(drive.find(window, QTabBar, "targetTabs"), "Request on an instance")
    assert window.console.draft.form_model.rowCount() == 0
    assert "200 OK" in answered(window, qtbot)
    selected = window.console.live.selected
    assert selected is not None
    received = simulator.received[-1]
    assert received.target == f"/GMS-web/gms/1/service/{selected.id}/status".encode()
    assert received.body == b""
    assert selected.state == "waiting-for-agent"


# --- from the empty start to an agent ------------------------------------------------------


def test_from_the_empty_start_to_agent_ready_with_the_mouse(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path)
    services = drive.find(window, QTreeView, "servicePicker")
    drive.click_row(services, "request-interaction")
    drive.click(window.request_pane.tool_buttons[0])
    drive.type_text(window, "_provide_code")
    drive.press(window, "Tab")
    drive.type_text(window, "true")
    drive.press(window, "Return")
    drive.drop_files(window.request_pane, example_picture())
    send = drive.find(window, QPushButton, "sendButton")
    drive.click(send)
    qtbot.waitUntil(lambda: not window.console.sending)
    number = drive.find(window, QToolButton, "chipAccessNumber")
    drive.click(number)
    assert QApplication.clipboard().text() == "8003449999"

    drive.click_row(services, "request-inbound-poll")
    drive.click(send)
    qtbot.waitUntil(lambda: not window.console.sending)
    drive.click(drive.find(window, QPushButton, "pollButton"))
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: poll.timeline.state == "waiting-for-agent")
    embedded = window.console.simulator.simulator
    assert embedded is not None
    embedded.clock.advance(5)
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.REACHED)
    label = drive.find(window, QLabel, "pollStateLabel")
    assert "Reached agent-ready" in label.text()
    assert [span.state for span in poll.timeline.spans] == ["waiting-for-agent", "agent-ready"]
    assert window.poll_pane.timeline.poll is poll


def test_from_the_empty_start_to_agent_ready_with_the_keyboard(
    open_window: OpenWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window(folder=tmp_path)
    pick(window, "inbound poll")
    drive.add_row(window, "_phone_number", "6504669999")
    drive.add_row(window, "language", "french")
    drive.press(window, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: window.console.live.poll is not None)
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: poll.timeline.state == "waiting-for-agent")
    instances = drive.find(window, QListView, "instanceList")
    qtbot.waitUntil(lambda: "polling" in window.console.instances.state_text(poll.instance))
    assert drive.texts(instances) == ["request-inbound-poll"]
    embedded = window.console.simulator.simulator
    assert embedded is not None
    embedded.clock.advance(5)
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.REACHED)
    assert "Reached agent-ready" in drive.said(window)
    assert '"agent-ready"' in drive.find(window, QPlainTextEdit, "answerView").toPlainText()


# --- cancelling and closing in the middle ----------------------------------------------------


def test_escape_cancels_a_request_halfway_and_closes_its_socket(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(hold(), CREATED)
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    assert drive.find(window, QPushButton, "cancelButton").isEnabled()
    assert not drive.find(window, QPushButton, "sendButton").isEnabled()
    drive.press(window, "Esc")
    qtbot.waitUntil(lambda: wire.abandoned == 1)
    qtbot.waitUntil(lambda: not window.console.sending)
    assert "Cancelled" in status(window)
    assert "in the phase “wait”" in problem(window)
    assert window.console.exchange is not None
    assert window.console.exchange.failure is not None
    assert window.console.exchange.failure.kind is FailureKind.CANCELLED
    assert "200 OK" in answered(window, qtbot)


def test_escape_stops_a_poll_halfway(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    gate = threading.Event()
    wire.script(CREATED, WAITING, hold(gate))
    assert "200 OK" in answered(window, qtbot)
    drive.retype(drive.find(window, QLineEdit, "pollRequestEdit"), "status")
    drive.press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    drive.press(window, "Esc")
    qtbot.waitUntil(lambda: wire.abandoned == 1)
    poll = window.console.live.poll
    assert poll is not None
    qtbot.waitUntil(lambda: poll.outcome is PollOutcome.CANCELLED)
    assert drive.find(window, QPushButton, "pollButton").text() == "Start polling"
    assert "Poll stopped after 1 attempt." in drive.said(window)


@pytest.mark.parametrize("hanging", [False, True])
def test_closing_the_window_in_mid_poll_is_clean(
    window: MainWindow, wire: WireServer, qtbot: QtBot, hanging: bool
) -> None:
    wire.script(CREATED, WAITING, *([hold()] if hanging else [WAITING]))
    assert "200 OK" in answered(window, qtbot)
    drive.press(window, "Ctrl+R")
    qtbot.waitUntil(lambda: (wire.waiting == 1) if hanging else len(wire.requests) >= 2)
    window.close()
    # The fixture holds it to its end: no task, no thread, no warning.
    qtbot.waitUntil(window.finished.is_set)
    qtbot.waitUntil(lambda: wire.open_connections == 0)


def test_closing_the_window_while_a_request_is_under_way_is_clean(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(hold())
    drive.press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    window.close()
    qtbot.waitUntil(window.finished.is_set)
    qtbot.waitUntil(lambda: wire.open_connections == 0)


CLOSE_IN_MID_POLL = """
import asyncio, sys
from gms_console.ui.launch import run_window

async def story(window):
    console = window.console
    while console.environment is None:
        await asyncio.sleep(0.01)
    console.services.choose("request-inbound-poll")
    window.send_poll()
    while console.live.poll is None or not console.live.poll.timeline.attempts:
        await asyncio.sleep(0.01)
    window.send()
    return 0

sys.exit(run_window(story, None, on_simulator=True))
"""


def test_a_whole_process_that_ends_in_mid_poll_says_nothing() -> None:
    """A process of its own: what Python or Qt complain of at their very end shows only there."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CLOSE_IN_MID_POLL],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    assert (done.returncode, done.stdout, said) == (0, "", [])


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "in_status", "in_problem"),
    [
        (reset_before_answer(), "Connection reset", "broke the connection"),
        (close_before_answer(), "Closed without an answer", "may have been carried out"),
        (cut_in_body(), "Answer cut off", "closed in the middle of the answer"),
        (garbage(b"220 mail\r\n\r\n"), "Answer is not HTTP", "other than a web server"),
        (slow_headers(threading.Event()), "Timed out", "too slow or stuck"),
        (json_answer({}, 404), "404 Not Found", "no service of this name"),
        (text_answer("Forbidden", 403), "403 Forbidden", "gateway, firewall"),
        (json_answer({"error": "closed"}), "with an error inside", "GMS did not do what was asked"),
        (json_answer('{"_id": "1", _access_code="7684"}'), "with broken JSON", "kept exactly"),
    ],
)
def test_what_goes_wrong_is_explained_kept_and_survived(
    window: MainWindow,
    wire: WireServer,
    qtbot: QtBot,
    answer: Answer,
    in_status: str,
    in_problem: str,
) -> None:
    assert window.console.environment is not None
    window.console.use_environment(replace(window.console.environment, timeout=0.3))
    wire.script(answer, CREATED)
    shown = answered(window, qtbot)
    assert in_status in shown
    assert in_problem in problem(window)
    assert "\nTry\n" in problem(window)
    assert window.console.exchange is not None
    assert window.console.session.exchanges.get(window.console.exchange.id) is not None
    assert window.console.live.selected is None
    assert "✓ 200 OK" in answered(window, qtbot)
    assert not drive.find(window, QLabel, "problemLabel").isVisible()


def test_an_unknown_host_and_a_refused_port(open_window: OpenWindow, qtbot: QtBot) -> None:
    with refused_port() as port:
        window = open_window(
            Workspace(base_url=f"http://127.0.0.1:{port}", create=Draft(service="hello"))
        )
        assert "Connection refused" in answered(window, qtbot)
        assert "Nothing listens on this host and port" in problem(window)
        assert "Connection refused" in drive.find(window, QLabel, "connectionLabel").text()
        go_to(window, f"http://{UNKNOWN_HOST}:8080")
        assert "Name not found" in answered(window, qtbot)
        assert "spelling of the host" in problem(window)
    assert len(window.console.session.exchanges) == 2


def test_a_full_pool_and_a_service_that_gives_no_id(open_window: OpenWindow, qtbot: QtBot) -> None:
    with Simulator(pool=["8003449999"]) as small:
        window = open_window(
            Workspace(base_url=small.base_url, create=Draft(service="request-interaction"))
        )
        assert "200 OK" in answered(window, qtbot)
        assert "500" in answered(window, qtbot)
        assert "pool of access numbers is empty" in problem(window)
        small.clock.advance(31)
        assert "200 OK" in answered(window, qtbot)
        pick(window, "hello")
        assert "200 OK" in answered(window, qtbot)
        meaning = drive.find(window, QLabel, "answerMeaningLabel").text()
        assert "no id, so no request can follow" in meaning
        assert len(window.console.session.instances) == 2
