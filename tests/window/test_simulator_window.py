"""The simulator's window: who lives and works in it, its clock, and what shall go wrong."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.simulator import Simulator
from gms_console.ui.panes.simulator.fault_dialog import FaultDialog
from gms_console.ui.panes.simulator.table import SnapshotTable
from gms_console.ui.panes.simulator.window import SimulatorWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    choose,
    click,
    find,
    open_tab,
    press,
    problem_text,
    retype,
    said,
    texts,
    type_text,
)

CALL_BACK = "VOICE-NOW-USERTERM"


@pytest.fixture
def on_simulator(open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """Open a window on its own simulator, as at the first start."""
    window = open_window()
    qtbot.waitUntil(lambda: window.console.place.on_simulator)
    return window


def simulator_of(window: MainWindow) -> Simulator:
    found: Simulator | None = window.console.simulator.simulator
    assert found is not None
    return found


def to_front(window: QWidget, qtbot: QtBot) -> None:
    """Go to a window, as a click on it does."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def show(window: MainWindow, qtbot: QtBot) -> SimulatorWindow:
    """Open it by its key."""
    to_front(window, qtbot)
    press(window, "Ctrl+Alt+5")
    shown = window.tools.window("simulator")
    assert isinstance(shown, SimulatorWindow)
    qtbot.waitUntil(shown.isActiveWindow)
    return shown


def create(window: MainWindow, qtbot: QtBot, service: str, number: str = "+16504669999") -> None:
    """Create a service from the form of the main window."""
    to_front(window, qtbot)
    press(window, "Ctrl+P")
    type_text(window, service)
    press(window, "Return")
    key = "_phone_number" if service.startswith("request") else "_customer_number"
    window.console.draft.set_value((key,), number)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: not window.console.sending)


def table(shown: SimulatorWindow, name: str) -> SnapshotTable[object]:
    return find(shown, SnapshotTable, name)


def select(shown: SimulatorWindow, name: str, place: int) -> None:
    view = table(shown, name)
    view.setFocus()
    view.selectRow(place)


def tick(shown: SimulatorWindow, name: str, place: int) -> None:
    """Click the box of a row."""
    view = table(shown, name)
    rect = view.visualRect(view.model().index(place, 0))
    spot = rect.topLeft() + QPoint(12, rect.height() // 2)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot
    )


def test_the_presenter_pushes_customers_and_agents_on(
    on_simulator: MainWindow, qtbot: QtBot
) -> None:
    window = on_simulator
    simulator = simulator_of(window)
    simulator.clock.pause()
    for number in ("+16504660001", "+16504660002"):
        create(window, qtbot, CALL_BACK, number)
    shown = show(window, qtbot)
    qtbot.waitUntil(lambda: len(texts(table(shown, "simulatorInstances"))) == 2)
    assert texts(table(shown, "simulatorInstances"), 1) == ["QUEUED", "QUEUED"]
    assert sorted(texts(table(shown, "simulatorInstances"), 2)) == ["1.", "2."]
    assert find(shown, QPushButton, "simulatorPause").text() == "Go &on"

    press(shown, "Ctrl+G")
    assert said(shown) == "An agent is free now, and serves who waited longest."
    by_number = dict(
        zip(
            texts(table(shown, "simulatorInstances"), 4),
            texts(table(shown, "simulatorInstances"), 1),
            strict=True,
        )
    )
    assert by_number == {"+16504660001": "PROCESSING", "+16504660002": "QUEUED"}
    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Agents")
    assert texts(table(shown, "simulatorAgents"), 2).count("busy") == 1
    press(shown, "Ctrl+H")  # nobody is selected, which is said where they can be
    assert said(shown) == "Select the instances whose customers hang up."

    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Instances")
    waiting = texts(table(shown, "simulatorInstances"), 4).index("+16504660002")
    select(shown, "simulatorInstances", waiting)
    click(find(shown, QPushButton, "simulatorHangUp"))
    assert said(shown) == "The customer of VOICE-NOW-USERTERM has hung up."
    assert texts(table(shown, "simulatorInstances"), 1)[waiting] == "COMPLETED"
    click(find(shown, QPushButton, "simulatorEnd"))
    assert texts(table(shown, "simulatorInstances"), 4) == ["+16504660001"]

    before = simulator.clock.utc()
    click(find(shown, QPushButton, "simulatorStep60"))
    assert (simulator.clock.utc() - before).total_seconds() == pytest.approx(60)
    assert find(shown, QLabel, "simulatorTime").text() == f"{simulator.clock.utc():%H:%M:%S}"
    choose(find(shown, QComboBox, "simulatorSpeed"), "10×")
    assert simulator.clock.speed == 10
    press(shown, "Ctrl+Space")
    assert not simulator.clock.paused

    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Agents")
    name = texts(table(shown, "simulatorAgents"), 1)[3]
    tick(shown, "simulatorAgents", 3)
    assert said(shown) == f"{name} is away."
    assert texts(table(shown, "simulatorAgents"), 2)[3] == "away"
    # By keys alone: into the list, and its boxes wherever in a row they are.
    press(shown, "Alt+1", "Alt+2")
    agents = table(shown, "simulatorAgents")
    assert agents.hasFocus()
    press(shown, "Home", "Right", "Down", "Down", "Down", "Shift+Down", "Space")
    assert texts(agents, 2)[3:5] == ["away", "away"]
    press(shown, "Space")
    assert "away" not in texts(agents, 2)
    ends_many_at_once(window, qtbot)


def ends_many_at_once(window: MainWindow, qtbot: QtBot) -> None:
    """One that is gone by now keeps none of the others back."""
    create(window, qtbot, CALL_BACK, "+16504660003")
    shown = show(window, qtbot)
    instances = table(shown, "simulatorInstances")
    qtbot.waitUntil(lambda: len(texts(instances)) == 2)
    press(shown, "Alt+1")
    instances.selectAll()
    simulator_of(window).control.end(texts(instances, 6)[0])
    click(find(shown, QPushButton, "simulatorEnd"))
    assert texts(instances) == []


def test_faults_are_made_in_the_window_and_met_in_the_form(
    on_simulator: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = on_simulator
    shown = show(window, qtbot)
    press(shown, "Ctrl+N")
    dialog = active_dialog(qtbot, FaultDialog)
    retype(_line(dialog, "faultService"), "request-inter*")
    retype(_line(dialog, "faultRequest"), "create")
    choose(find(dialog, QComboBox, "faultWhen"), "only the n-th time")
    retype(find(dialog, QLineEdit, "faultCount"), "1, two")
    press(dialog, "Return")
    assert find(dialog, QLabel, "faultError").text() == "two is no whole number."
    choose(find(dialog, QComboBox, "faultWhen"), "by chance")
    refused(dialog, "faultCount", "150", "150 is no percentage above 0, up to 100.")
    choose(find(dialog, QComboBox, "faultWhen"), "only the n-th time")
    refused(dialog, "faultCount", "0", "Found '0', expected a whole number from 1.")
    retype(find(dialog, QLineEdit, "faultCount"), "1, 3")
    retype(find(dialog, QLineEdit, "faultJitter"), "1s")
    refused(dialog, "faultDelay", "", "Jitter comes on top of a delay: say how late first.")
    refused(dialog, "faultDelay", "soon", "Found 'soon', expected a duration such as 500ms")
    retype(find(dialog, QLineEdit, "faultDelay"), "")
    retype(find(dialog, QLineEdit, "faultJitter"), "")
    refused(dialog, "faultValue", "99", "Found '99', expected an HTTP status")
    keys_of_its_own(dialog)
    retype(find(dialog, QLineEdit, "faultValue"), "503")
    retype(find(dialog, QLineEdit, "faultBody"), "Limit reached")
    press(dialog, "Return")
    qtbot.waitUntil(shown.isActiveWindow)
    assert texts(table(shown, "simulatorFaults"), 3) == ["HTTP 503: Limit reached"]

    answers = []
    for _ in range(3):
        create(window, qtbot, "request-interaction")
        answers.append((problem_text(window) or "", find_status(window)))
    assert ["503" in status for _, status in answers] == [True, False, True]
    assert "Limit reached" in answers[0][0]
    shown.desk.look()
    assert texts(table(shown, "simulatorFaults"), 5) == ["2"]

    shown = show(window, qtbot)
    click(find(shown, QPushButton, "simulatorFaultReady"))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.setActiveAction(next(one for one in menu.actions() if one.text() == "ORS down"))
    press(menu, "Return")
    qtbot.waitUntil(lambda: texts(table(shown, "simulatorFaults"), 3)[1:] != [])
    create(window, qtbot, CALL_BACK)
    assert "cannot connect to ORS" in (problem_text(window) or "")


def test_faults_are_carried_into_a_file_and_back(
    on_simulator: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, file = on_simulator, tmp_path / "faults.yaml"
    shown = show(window, qtbot)
    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Faults")
    shown.faults.add({"service": "request-interaction", "nth": 2, "then": {"status": 503}})
    shown.faults.add_ready_made("ORS down")
    click(find(shown, QPushButton, "simulatorFaultSave"))
    answer_files(qtbot, file)
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: said(shown) == f"The faults are in {file}.")
    tick(shown, "simulatorFaults", 1)
    create(window, qtbot, CALL_BACK)
    assert problem_text(window) is None
    shown = show(window, qtbot)
    click(find(shown, QPushButton, "simulatorFaultClear"))
    assert texts(table(shown, "simulatorFaults"), 3) == []
    click(find(shown, QPushButton, "simulatorFaultLoad"))
    answer_files(qtbot, file)
    qtbot.waitUntil(lambda: len(texts(table(shown, "simulatorFaults"), 3)) == 2)
    assert said(shown) == "2 faults of faults.yaml in force."
    select(shown, "simulatorFaults", 0)
    to_front(shown, qtbot)
    press(shown, "Alt+1", "Del")  # what cannot be seen stays
    assert len(texts(table(shown, "simulatorFaults"), 3)) == 2
    press(shown, "Alt+3", "Del")
    assert said(shown) == "HTTP 503: removed."
    assert texts(table(shown, "simulatorFaults"), 3) == ["ORS cannot be reached"]

    file.write_text("faults:\n  - then: {stall: soon}\n", "utf-8")
    click(find(shown, QPushButton, "simulatorFaultLoad"))
    answer_files(qtbot, file)
    qtbot.waitUntil(lambda: said(shown).startswith(f"Not taken: {file}, line 2, column 19"))
    assert texts(table(shown, "simulatorFaults"), 3) == ["ORS cannot be reached"]


def test_what_was_received_is_shown_byte_for_byte_and_nodes_can_go_down(
    on_simulator: MainWindow, qtbot: QtBot
) -> None:
    window = on_simulator
    create(window, qtbot, "request-interaction")
    shown = show(window, qtbot)
    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Received")
    qtbot.waitUntil(lambda: texts(table(shown, "simulatorReceived"), 2) == ["POST"])
    select(shown, "simulatorReceived", 0)
    received = simulator_of(window).received[0]
    lines = find(shown, QPlainTextEdit, "simulatorRaw").toPlainText().split("\n")
    assert lines[0] == "POST /genesys/1/service/request-interaction"
    assert lines[1 : lines.index("")] == [
        f"{name.decode()}: {value.decode()}" for name, value in received.headers
    ]
    assert lines[lines.index("") + 1] == "_phone_number=%2B16504669999"

    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Nodes")
    assert texts(table(shown, "simulatorNodes"), 1)[0] == "node1"
    tick(shown, "simulatorNodes", 0)
    assert said(shown) == "node1 refuses connections now."
    create(window, qtbot, "request-interaction")
    assert (problem_text(window) or "").startswith("127.0.0.1 refuses connections on this port")
    shown = show(window, qtbot)
    tick(shown, "simulatorNodes", 0)
    create(window, qtbot, "request-interaction")
    assert problem_text(window) is None


def test_the_configuration_is_copied_edited_and_in_force_with_the_next_request(
    on_simulator: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, file = on_simulator, tmp_path / "mine.yaml"
    shown = show(window, qtbot)
    open_tab(find(shown, QTabWidget, "simulatorTabs"), "Configuration")
    text = find(shown, QPlainTextEdit, "simulatorConfigText")
    qtbot.waitUntil(lambda: "service.request-interaction:" in text.toPlainText())
    click(find(shown, QPushButton, "simulatorConfigCopy"))
    answer_files(qtbot, file)
    qtbot.waitUntil(lambda: said(shown) == "The simulator goes by mine.yaml now.")
    assert find(shown, QLabel, "simulatorConfigPlace").text().startswith(str(file))

    config = simulator_of(window).config
    file.write_text("service.hello: {_type: ors, _service: hello}\n", "utf-8")
    config.check()
    create(window, qtbot, "request-interaction")
    assert "404" in find_status(window)
    file.write_text("service.hello: [\n", "utf-8")
    config.check()
    shown = show(window, qtbot)
    shown.desk.look()
    assert f"{file}, line 2" in find(shown, QLabel, "simulatorTrouble").text()
    # Coming back from an editor shows the file as it is now.
    qtbot.waitUntil(lambda: text.toPlainText() == "service.hello: [\n")
    file.unlink()
    config.check()
    shown.desk.look()
    assert find(shown, QLabel, "simulatorTrouble").text().startswith(f"{file} cannot be read: ")
    click(find(shown, QPushButton, "simulatorConfigOwn"))
    qtbot.waitUntil(lambda: "goes by the built-in" in said(shown))
    create(window, qtbot, "request-interaction")
    assert problem_text(window) is None
    assert window.console.saved().simulator_config == ""


def test_the_window_starts_the_simulator_where_it_does_not_run(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    shown = show(window, qtbot)
    assert find(shown, QLabel, "simulatorOff").isVisible()
    for keys in ("Ctrl+M", "Ctrl+N", "Ctrl+H", "Ctrl+G"):
        press(shown, keys)
        assert said(shown) == "The simulator does not run. Start it first."
        assert QApplication.activePopupWidget() is None
        shown.statusBar().clearMessage()
    press(shown, "Space")  # the button that starts it has the keys
    qtbot.waitUntil(lambda: shown.desk.view is not None)
    assert find(shown, QTabWidget, "simulatorTabs").isVisible()
    assert wire.requests == []
    press(shown, "Esc")
    assert not shown.isVisible()


def refused(dialog: FaultDialog, name: str, typed: str, why: str) -> None:
    """Type something wrong: why is said, and the field is marked and has the keys."""
    field = find(dialog, QLineEdit, name)
    retype(field, typed, "Return")
    assert find(dialog, QLabel, "faultError").text().startswith(why)
    edits = dialog.findChildren(QLineEdit)
    assert [one.objectName() for one in edits if one.property("invalid")] == [name]
    assert QApplication.focusWidget() is field


def keys_of_its_own(dialog: FaultDialog) -> None:
    """Whatever is chosen, no two fields that are seen have the same key."""
    kinds, when = find(dialog, QComboBox, "faultKind"), find(dialog, QComboBox, "faultWhen")
    kind = kinds.currentIndex()
    for place in range(kinds.count()):
        kinds.setCurrentIndex(place)
        heads = [one.text() for one in dialog.findChildren(QLabel) if one.isVisible()]
        texts = [*heads, *(one.text() for one in dialog.findChildren(QPushButton))]
        keys = [text.partition("&")[2][:1].casefold() for text in texts if "&" in text]
        assert len(keys) == len(set(keys)), texts
    kinds.setCurrentIndex(kind)
    assert when.currentText() == "only the n-th time"


def find_status(window: MainWindow) -> str:
    return find(window, QLabel, "answerStatusLabel").text()


def answer_files(qtbot: QtBot, file: Path) -> None:
    """Type a path into the dialog that asks for a file."""
    dialog = active_dialog(qtbot, QFileDialog)
    find(dialog, QLineEdit, "fileNameEdit").selectAll()
    type_text(dialog, str(file))
    press(dialog, "Return")


def _line(dialog: FaultDialog, name: str) -> QLineEdit:
    edit = find(dialog, QComboBox, name).lineEdit()
    assert edit is not None
    return edit
