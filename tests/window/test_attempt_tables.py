"""The tables beside the state timeline: what they show, and how they keep in step with it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.poll import Poll, PollOutcome
from gms_console.ui.models.attempt_model import AttemptModel, ChangeModel, duration_text
from gms_console.ui.panes.attempt_tables import AttemptTables
from gms_console.ui.panes.state_timeline import StateTimeline
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import Answer, WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    choose,
    click,
    click_cell,
    find,
    open_tab,
    press,
    retype,
    row,
    said,
    settle,
    texts,
)
from tests.window.timelines import START, TEN, poll_of

# --- the models -----------------------------------------------------------------------------


def grow(poll: Poll, *seen: tuple[float, float, str | None]) -> None:
    """Add attempts to a poll; their seconds count from its start."""
    before = [
        ((one.started - START).total_seconds(), one.elapsed, one.state)
        for one in poll.timeline.attempts
    ]
    for attempt in poll_of(*before, *seen).timeline.attempts[len(before) :]:
        poll.timeline.add(attempt)


@pytest.fixture
def attempts(application: QApplication) -> AttemptModel:
    return AttemptModel({"exchange-1": 200, "exchange-3": 503}.get)


@pytest.fixture
def changes(application: QApplication) -> ChangeModel:
    return ChangeModel()


def shown(model: AttemptModel | ChangeModel) -> list[str]:
    return [model.row_text(place) for place in range(model.rowCount())]


def without_clock(line: str) -> list[str]:
    return [cell for cell in line.split("\t") if cell.count(":") < 2]


def test_all_attempts_are_rows(attempts: AttemptModel) -> None:
    attempts.show_poll(TEN)
    assert [without_clock(line) for line in shown(attempts)] == [
        ["1", "10 ms", "waiting", "200"],
        ["2", "40 ms", "waiting", "–"],
        ["3", "20 ms", "✕ connection reset", "503"],
        ["4", "20 ms", "ready", "–"],
        ["5", "5.0 ms", "ready", "–"],
    ]
    assert shown(attempts)[1].split("\t")[1].endswith(":02.000")


def test_changes_are_rows_with_their_length(changes: ChangeModel) -> None:
    changes.show_poll(TEN)
    assert [without_clock(line) for line in shown(changes)] == [
        ["waiting", "6.0 s", "2"],
        ["ready", "4.0 s", "2"],
    ]


def test_an_attempt_is_found_in_its_state(changes: ChangeModel) -> None:
    changes.show_poll(poll_of((0, 1, None), (1, 1, "a"), (2, 1, None), (3, 1, "b"), (4, 1, "a")))
    assert [changes.row_of(place) for place in range(5)] == [-1, 0, 0, 1, 2]
    assert [changes.first_attempt(place) for place in range(3)] == [1, 3, 4]


def test_rows_are_added_and_never_reset(attempts: AttemptModel, changes: ChangeModel) -> None:
    poll = poll_of((0, 1, "a"))
    resets: list[str] = []
    testers = [QAbstractItemModelTester(model) for model in (attempts, changes)]
    for model in (attempts, changes):
        model.show_poll(poll)
        model.modelReset.connect(lambda: resets.append("reset"))
    for number in range(1, 80):  # the testers go through all rows for each
        grow(poll, (number, 1, "ab"[number // 20 % 2]))
        for model in (attempts, changes):
            model.show_poll(poll)
    assert (attempts.rowCount(), changes.rowCount()) == (80, 4)
    assert resets == []
    assert len(testers) == 2


def test_a_state_that_goes_on_has_no_end_yet(changes: ChangeModel) -> None:
    poll = poll_of((0, 1, "a"), (3, 1, "a"))
    changes.show_poll(poll)
    assert "…" in shown(changes)[0]
    told: list[int] = []
    changes.dataChanged.connect(lambda first, _: told.append(first.row()))
    grow(poll, (7, 1, "a"), (9, 1, "b"))
    changes.show_poll(poll)
    assert [without_clock(line) for line in shown(changes)] == [
        ["a", "9.0 s", "3"], ["b", "…", "0.0 s", "1"],
    ]  # fmt: skip
    assert told == [0]


def test_another_poll_replaces_the_rows(attempts: AttemptModel, changes: ChangeModel) -> None:
    for model in (attempts, changes):
        model.show_poll(TEN)
        model.show_poll(poll_of((0, 1, "a")))
        assert model.rowCount() == 1
        model.show_poll(None)
        assert model.rowCount() == 0


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (65, "1 min 05 s")]
)
def test_how_long_a_state_stood(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


# --- the widget -----------------------------------------------------------------------------


@pytest.fixture
def tables(application: QApplication, qtbot: QtBot) -> Iterator[AttemptTables]:
    widget = AttemptTables(lambda _: 200)
    widget.resize(370, 120)
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitActive(widget)
    yield widget
    widget.show_poll(None)


def show(tables: AttemptTables, poll: Poll | None) -> None:
    tables.show_poll(poll)
    settle()


def table(root: QWidget, name: str) -> QTableView:
    return find(root, QTableView, name)


def selected(view: QTableView) -> list[int]:
    return sorted(index.row() for index in view.selectionModel().selectedRows())


def test_tables_are_made_with_the_first_poll(tables: AttemptTables) -> None:
    show(tables, None)
    tables.mark(3)
    assert tables.findChildren(QTableView) == []
    show(tables, poll_of())
    assert "No state seen yet." in [one.text() for one in tables.findChildren(QLabel)]


def test_a_table_stays_at_its_end_while_a_poll_goes_on(tables: AttemptTables) -> None:
    poll = poll_of(*((number, 1, "a") for number in range(50)))
    show(tables, poll)
    open_tab(find(tables, QTabWidget, "timelineTabs"), "All attempts")
    view = table(tables, "attemptsTable")
    assert view.rowAt(view.viewport().height() - 1) in {49, -1}
    grow(poll, *((number, 1, "a") for number in range(50, 80)))
    show(tables, poll)
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 50
    click_cell(view, view.model().index(60, 1))
    held = bar.value()
    grow(poll, (80, 1, "a"))
    show(tables, poll)
    assert bar.value() == held


def test_a_marked_attempt_is_selected_in_both_and_told_to_nobody(tables: AttemptTables) -> None:
    told: list[int] = []
    tables.picked.connect(told.append)
    show(tables, TEN)
    tables.mark(3)
    assert selected(table(tables, "attemptsTable")) == [3]
    assert selected(table(tables, "changesTable")) == [1]
    tables.mark(-1)
    assert selected(table(tables, "attemptsTable")) == []
    assert told == []


def test_a_row_that_was_marked_behind_another_tab_is_in_sight(tables: AttemptTables) -> None:
    show(tables, poll_of(*((number, 1, "a") for number in range(200))))
    tables.mark(40)
    open_tab(find(tables, QTabWidget, "timelineTabs"), "All attempts")
    view = table(tables, "attemptsTable")
    assert view.viewport().rect().contains(view.visualRect(view.model().index(40, 1)).center())


def test_rows_are_copied_with_tabs(tables: AttemptTables) -> None:
    show(tables, TEN)
    open_tab(find(tables, QTabWidget, "timelineTabs"), "All attempts")
    view = table(tables, "attemptsTable")
    click_cell(view, view.model().index(3, 1))
    click_cell(view, view.model().index(1, 1), Qt.KeyboardModifier.ControlModifier)
    press(view, "Ctrl+C")
    copied = QApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in copied] == ["2", "4"]
    assert copied[0].split("\t")[2:] == ["40 ms", "waiting", "200"]
    press(view, "Ctrl+A", "Ctrl+C")
    assert len(QApplication.clipboard().text().split("\n")) == 5


def test_a_wide_table_of_changes_says_until_when(tables: AttemptTables) -> None:
    show(tables, TEN)
    view = table(tables, "changesTable")
    assert view.isColumnHidden(2)
    tables.resize(900, 120)
    settle()
    assert not view.isColumnHidden(2)


def test_five_thousand_rows_are_shown(tables: AttemptTables) -> None:
    poll = poll_of(*((number, 1, f"s{number // 3}") for number in range(5000)))
    show(tables, poll)
    assert table(tables, "attemptsTable").model().rowCount() == 5000
    view = table(tables, "changesTable")
    assert view.model().rowCount() == 1667
    view.setFocus()
    told: list[int] = []
    tables.picked.connect(told.append)
    press(view, "End", "Home", "Down")
    assert told == [4998, 0, 3]


# --- in the window --------------------------------------------------------------------------


def broken() -> Answer:
    return json_answer({"error": "ORS is down"}, status=503)


@pytest.fixture
def polled(open_window: OpenWindow, wire: WireServer, qtbot: QtBot) -> MainWindow:
    """A window with a poll that ended after four attempts, the third of them an error."""
    wire.script(
        json_answer({"_id": "I-1"}),
        json_answer({"status": "waiting-for-agent", "n": 1}),
        json_answer({"status": "waiting-for-agent", "n": 2}),
        broken(),
        json_answer({"status": "agent-ready", "n": 4}),
    )
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="request-inbound-poll"),
            poll=PollSettings(every=0.1),
        )
    )
    press(window, "Ctrl+Shift+Return")
    wait_for_end(window, qtbot)
    return window


def wait_for_end(window: MainWindow, qtbot: QtBot) -> None:
    live = window.console.live
    qtbot.waitUntil(lambda: live.poll is not None and not live.poll.running)


def answer(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "answerView").toPlainText()


def test_there_are_no_tables_before_there_is_a_poll(window: MainWindow) -> None:
    assert window.findChildren(QTabWidget, "timelineTabs") == []


def test_tables_say_what_the_poll_saw(polled: MainWindow) -> None:
    assert texts(table(polled, "changesTable")) == ["waiting-for-agent", "agent-ready"]
    view = table(polled, "attemptsTable")
    assert texts(view, 4) == ["200", "200", "503", "200"]
    assert texts(view, 3)[2].startswith("✕ ")


def test_a_row_shows_its_exchange_and_marks_its_tick(polled: MainWindow) -> None:
    timeline = find(polled, StateTimeline, "stateTimeline")
    open_tab(find(polled, QTabWidget, "timelineTabs"), "All attempts")
    view = table(polled, "attemptsTable")
    click_cell(view, view.model().index(1, 1))
    assert '"n": 2' in answer(polled)
    assert timeline.marked == 1
    press(view, "Down")
    assert "ORS is down" in answer(polled)
    assert selected(table(polled, "changesTable")) == [0]
    press(view, "End", "Return")
    assert '"n": 4' in answer(polled)
    assert timeline.marked == 3


def test_a_row_of_a_change_shows_where_it_began(polled: MainWindow) -> None:
    view = table(polled, "changesTable")
    click_cell(view, row(view, "agent-ready"))
    assert '"n": 4' in answer(polled)
    assert find(polled, StateTimeline, "stateTimeline").marked == 3
    assert selected(table(polled, "attemptsTable")) == [3]


def test_a_tick_selects_its_row(polled: MainWindow) -> None:
    timeline = find(polled, StateTimeline, "stateTimeline")
    assert timeline.shown is not None
    click(timeline, QPoint(round(timeline.shown.ticks[2].x), 50))
    assert selected(table(polled, "attemptsTable")) == [2]
    press(polled, "Alt+6", "Home")
    assert selected(table(polled, "attemptsTable")) == [0]


def test_the_keyboard_alone_reaches_chooses_and_copies(polled: MainWindow) -> None:
    press(polled, "Alt+6")
    names = []
    for _ in range(6):
        press(polled, "Tab")
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.objectName() or type(focused).__name__)
        if isinstance(focused, QTableView):
            break
    assert names[:3] == ["timelineZoomIn", "timelineZoomOut", "timelineZoomFit"]
    assert names[-1] == "changesTable"
    before = answer(polled)
    assert '"n": 4' in before
    assert selected(table(polled, "changesTable")) == []
    press(polled, "Home")
    assert '"n": 1' in answer(polled)
    press(polled, "Ctrl+C")
    assert QApplication.clipboard().text().startswith("waiting-for-agent\t")
    assert said(polled) == "1 row copied"


def test_tables_can_be_put_away(polled: MainWindow) -> None:
    tabs = find(polled, QTabWidget, "timelineTabs")
    table(polled, "changesTable").setFocus()
    press(polled, "Ctrl+Shift+T")
    assert not tabs.isVisible()
    assert QApplication.focusWidget() is find(polled, StateTimeline, "stateTimeline")
    press(polled, "Ctrl+Shift+T")
    assert tabs.isVisible()


# --- several polls, several instances -------------------------------------------------------


def test_an_earlier_poll_of_an_instance_can_be_shown(
    polled: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    assert polled.findChildren(QComboBox, "pollChooser") == []
    wire.script(json_answer({"status": "agent-ready", "n": 5}))
    press(polled, "Ctrl+R")
    live = polled.console.live
    qtbot.waitUntil(lambda: len(polled.console.session.polls[live.selected]) == 2)
    wait_for_end(polled, qtbot)
    timeline = find(polled, StateTimeline, "stateTimeline")
    chooser = find(polled, QComboBox, "pollChooser")
    assert chooser.currentText().startswith("Poll 2 of 2")
    assert table(polled, "attemptsTable").model().rowCount() == 1
    choose(chooser, chooser.itemText(1))
    assert timeline.poll is polled.console.session.polls[live.selected][0]
    assert table(polled, "attemptsTable").model().rowCount() == 4
    press(polled, "Alt+6", "Home")
    assert '"n": 1' in answer(polled)


def test_fields_are_those_of_the_selected_instance(
    polled: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    live = polled.console.live
    first = live.selected
    retype(find(polled, QLineEdit, "pollUntilEdit"), "status=connected", "Tab")
    wire.script(json_answer({"_id": "I-2"}))
    polled.console.services.choose("request-interaction")
    press(polled, "Ctrl+Return")
    qtbot.waitUntil(lambda: live.selected is not first)
    assert table(polled, "attemptsTable").model().rowCount() == 0
    assert not find(polled, QTabWidget, "timelineTabs").isVisible()
    find(polled, QDoubleSpinBox, "pollIntervalSpin").setValue(7)
    live.select(first)
    assert find(polled, QLineEdit, "pollUntilEdit").text() == "status=connected"
    assert find(polled, QDoubleSpinBox, "pollIntervalSpin").value() == pytest.approx(0.1)
    assert table(polled, "attemptsTable").model().rowCount() == 4
    assert live.poll is not None
    assert live.poll.outcome is PollOutcome.REACHED


def test_states_and_requests_of_the_kind_are_offered(polled: MainWindow) -> None:
    for name, wanted in (("pollUntilEdit", "status=agent-ready"), ("pollRequestEdit", "status")):
        completer = find(polled, QLineEdit, name).completer()
        assert completer is not None
        model = completer.model()
        assert wanted in [model.index(place, 0).data() for place in range(model.rowCount())]
