"""Each type of value by the keyboard alone and by the mouse, and what goes out of it."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QFileDialog,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.catalogue import read_time, write_time
from gms_console.ui.models.form_cell import Column
from gms_console.ui.panes.spin_editor import FreeSpin, IntegerEdit
from gms_console.ui.panes.time_editor import TimeEdit
from gms_console.ui.panes.value_editors import (
    ChoiceEdit,
    FileValueEdit,
    LineValueEdit,
    ValueEdit,
)
from gms_console.ui.tour import example_picture
from tests.support.wire_server import WireServer, hold
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    click_cell,
    double_click_cell,
    form_table,
    press,
    send,
    settle,
    type_text,
)
from tests.window.typed_form import (
    NOON,
    OpenForm,
    cell,
    click_value,
    editor,
    go_to_value,
    open_form,
    part,
    sent,
    value,
    value_index,
)

__all__ = ["open_form"]

CHECK = Qt.ItemDataRole.CheckStateRole


# --- by the keyboard alone -------------------------------------------------------------------

Case = tuple[str, str, type[QWidget], list[str], str, list[str], str]
BY_KEYS: list[Case] = [
    ("_phone", "", LineValueEdit, ["F2"], "+1 650 466", ["Return"], "+1 650 466"),
    ("_phone", "1", LineValueEdit, ["Return"], "call me", ["Tab"], "call me"),
    ("_media", "voice", ChoiceEdit, ["F2"], "", ["Down", "Return"], "chat"),
    ("_media", "voice", ChoiceEdit, ["F2", "Ctrl+A"], "video", ["Return"], "video"),
    ("_media", "", ChoiceEdit, ["F2"], "ha", ["Down", "Return"], "chat"),
    ("_media", "voice", ChoiceEdit, ["F2", "Ctrl+A"], "CHAT", ["Tab"], "CHAT"),
    ("_code", "", ChoiceEdit, ["F2"], "", ["Down", "Return"], "true"),
    ("_ttl", "30", IntegerEdit, ["F2"], "", ["Up", "Up", "Return"], "32"),
    ("_ttl", "1800", IntegerEdit, ["F2"], "", ["Up", "Return"], "1800"),
    ("_ttl", "30", IntegerEdit, ["F2"], "9999", ["Return"], "9999"),
    ("_ttl", "30", IntegerEdit, ["F2"], "thirty", ["Return"], "thirty"),
    ("_ttl", "", IntegerEdit, ["F2"], "", ["Up", "Return"], "5"),
    ("_time", NOON, TimeEdit, ["F2"], "", ["Up", "Return"], "2027-11-24T12:00:00.000Z"),
    ("_time", NOON, TimeEdit, ["F2"], "", ["Right", "Down", "Tab"], "2026-10-24T12:00:00.000Z"),
    ("_json", "", ValueEdit, ["F2"], '{"a": 1}', ["Return"], '{"a": 1}'),
    ("_text", "x", ValueEdit, ["F2"], "y z", ["Return"], "y z"),
    ("_picture", "", FileValueEdit, ["F2"], "no file", ["Return"], "no file"),
]


@pytest.mark.parametrize("case", BY_KEYS, ids=lambda case: "-".join(map(str, case[:2])))
def test_each_type_is_edited_by_keys(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot, case: Case
) -> None:
    key, begun, kind, opening, typed, ending, expected = case
    window = open_form((key, begun))
    go_to_value(window)
    press(window, *opening)
    assert type(editor(window)) is kind
    if typed:
        type_text(window, typed)
    press(window, *ending)
    assert window.request_pane.form_table.delegate.open_editor is None
    assert QApplication.focusWidget() is form_table(window)
    assert sent(window, wire, qtbot) == f"{key}={expected}"
    if expected != begun:
        press(window, "Alt+1", "Ctrl+Z")
        assert value(window) == begun
        assert not window.action("undo").isEnabled()
        press(window, "Ctrl+Shift+Z")
        assert value(window) == expected


@pytest.mark.parametrize("key", ["_phone", "_media", "_ttl"])
def test_typing_on_a_typed_cell_replaces_what_stands_there(open_form: OpenForm, key: str) -> None:
    window = open_form((key, {"_phone": "1", "_media": "chat", "_ttl": "30"}[key]))
    go_to_value(window)
    type_text(window, "77")
    press(window, "Return")
    assert value(window) == "77"


@pytest.mark.parametrize(
    ("key", "begun", "keys"),
    [
        ("_phone", "1", "2"),
        ("_media", "voice", "x"),
        ("_ttl", "30", "4"),
        ("_time", NOON, "1"),
        ("_picture", "", "x"),
    ],
)
def test_escape_leaves_a_typed_value_as_it_was(
    open_form: OpenForm, key: str, begun: str, keys: str
) -> None:
    window = open_form((key, begun))
    go_to_value(window)
    press(window, "F2")
    type_text(window, keys)
    while QApplication.activePopupWidget() is not None:
        press(window, "Esc")
    press(window, "Esc")
    assert window.request_pane.form_table.delegate.open_editor is None
    assert QApplication.focusWidget() is form_table(window)
    assert value(window) == begun
    assert not window.action("undo").isEnabled()


@pytest.mark.parametrize("key", ["_phone", "_ttl", "_media", "_time"])
def test_escape_in_a_typed_cell_does_not_cancel_the_request(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot, key: str
) -> None:
    gate = threading.Event()
    wire.script(hold(gate))
    window = open_form((key, ""))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    go_to_value(window)
    press(window, "F2", "Esc")
    assert window.request_pane.form_table.delegate.open_editor is None
    assert window.console.sending
    gate.set()
    qtbot.waitUntil(lambda: not window.console.sending)


def test_tab_goes_through_typed_cells(open_form: OpenForm, wire: WireServer, qtbot: QtBot) -> None:
    window = open_form(("_phone", "1"), ("_media", "voice"), ("_ttl", "30"), ("_time", NOON))
    go_to_value(window)
    press(window, "F2")
    type_text(window, "22")
    press(window, "Tab", "Tab")
    type_text(window, "fax")
    press(window, "Tab", "Tab", "Up", "Tab", "Tab", "Up", "Shift+Tab", "Shift+Tab")
    assert isinstance(editor(window), IntegerEdit)
    press(window, "Return")
    assert sent(window, wire, qtbot) == (
        "_phone=22&_media=fax&_ttl=31&_time=2027-11-24T12:00:00.000Z"
    )


def test_what_is_being_typed_in_a_typed_cell_is_sent(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_ttl", "30"))
    go_to_value(window)
    press(window, "F2", "Up")
    assert sent(window, wire, qtbot) == "_ttl=31"


# --- booleans --------------------------------------------------------------------------------


def test_space_in_a_boolean_switches_its_text(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_code", "true"), ("other", "true"))
    assert cell(window, 0, Column.VALUE, CHECK) == Qt.CheckState.Checked
    assert cell(window, 1, Column.VALUE, CHECK) is None
    go_to_value(window)
    press(window, "Space")
    assert cell(window, 0, Column.VALUE) == "false"
    assert cell(window, 0, Column.VALUE, CHECK) == Qt.CheckState.Unchecked
    assert sent(window, wire, qtbot) == "_code=false&other=true"
    press(window, "Alt+1", "Ctrl+Z")
    assert value(window) == "true"
    press(window, "Left", "Space")
    assert not window.console.draft.form_model.form.rows[0].enabled


def test_space_with_several_rows_selected_switches_the_rows(open_form: OpenForm) -> None:
    window = open_form(("_code", "true"), ("_ttl", "30"))
    go_to_value(window)
    press(window, "Shift+Down", "Space")
    assert [row.enabled for row in window.console.draft.form_model.form] == [False, False]
    assert value(window) == "true"


@pytest.mark.parametrize("text", ["", "True", "yes", " true", "1"])
def test_another_text_in_a_boolean_has_no_box(open_form: OpenForm, text: str) -> None:
    window = open_form(("_code", text))
    assert cell(window, 0, Column.VALUE, CHECK) is None
    go_to_value(window)
    press(window, "Space")
    assert value(window) == text
    assert not window.console.draft.form_model.form.rows[0].enabled


def test_one_click_on_the_box_switches_a_boolean(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_code", "false"))
    rect = form_table(window).visualRect(value_index(window))
    click(form_table(window).viewport(), QPoint(rect.left() + 10, rect.center().y()))
    assert cell(window, 0, Column.VALUE) == "true"
    assert window.request_pane.form_table.delegate.open_editor is None
    click(form_table(window).viewport(), QPoint(rect.left() + 80, rect.center().y()))
    assert sent(window, wire, qtbot) == "_code=true"


# --- by the mouse ----------------------------------------------------------------------------


def test_an_integer_by_the_mouse(open_form: OpenForm, wire: WireServer, qtbot: QtBot) -> None:
    window = open_form(("_ttl", "30"), ("other", ""))
    double_click_cell(form_table(window), value_index(window))
    spin = editor(window).findChild(FreeSpin)
    assert isinstance(spin, FreeSpin)
    option = QStyleOptionSpinBox()
    spin.initStyleOption(option)
    up = spin.style().subControlRect(
        QStyle.ComplexControl.CC_SpinBox, option, QStyle.SubControl.SC_SpinBoxUp, spin
    )
    click(spin, up.center())
    click_value(window, 1)
    assert value(window) == "31"
    assert sent(window, wire, qtbot) == "_ttl=31&other="


def test_a_choice_by_the_mouse(open_form: OpenForm, wire: WireServer, qtbot: QtBot) -> None:
    window = open_form(("_media", "voice"), ("other", ""))
    double_click_cell(form_table(window), value_index(window))
    combo = editor(window).findChild(QComboBox)
    assert isinstance(combo, QComboBox)
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    arrow = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxArrow, combo
    )
    # A list takes the release that opened it for a choice until such a moment has gone by.
    before = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(0)
    click(combo, arrow.center())
    QApplication.setDoubleClickInterval(before)
    view = combo.view()
    assert view.isVisible()
    tips = [view.model().index(n, 0).data(Qt.ItemDataRole.ToolTipRole) for n in range(2)]
    assert tips == ["A call.", "A chat."]
    click_cell(view, view.model().index(1, 0))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and not view.isVisible())
    qtbot.waitUntil(combo.hasFocus)
    assert isinstance(editor(window), ChoiceEdit)
    click_value(window, 1)
    assert sent(window, wire, qtbot) == "_media=chat&other="


def test_a_phone_number_by_the_mouse(open_form: OpenForm) -> None:
    window = open_form(("_phone", ""), ("other", ""))
    double_click_cell(form_table(window), value_index(window))
    line = editor(window).findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    assert line.placeholderText() == "+1 650 466 9999"
    type_text(window, "0604120405")
    click_value(window, 1)
    assert value(window) == "0604120405"


def test_a_time_by_the_mouse(open_form: OpenForm, wire: WireServer, qtbot: QtBot) -> None:
    window = open_form(("_time", ""))
    double_click_cell(form_table(window), value_index(window))
    label = part(window, QLabel, "sentTimeLabel")
    assert isinstance(label, QLabel)
    assert label.text() == "Empty until it is changed"
    before = datetime.now(UTC).replace(microsecond=0)
    click(part(window, QToolButton, "soonButton"))
    shown = label.text().removeprefix("Sends ")
    press(window, "Return")
    assert sent(window, wire, qtbot) == f"_time={shown}"
    time = read_time(shown)
    assert time is not None
    assert before <= time - timedelta(minutes=15) <= datetime.now(UTC)
    assert write_time(time) == shown


@pytest.mark.parametrize(("key", "minutes"), [("Alt+N", 0), ("Alt+M", 15)])
def test_keys_give_a_time_from_now(open_form: OpenForm, key: str, minutes: int) -> None:
    window = open_form(("_time", NOON))
    go_to_value(window)
    before = datetime.now(UTC).replace(microsecond=0)
    press(window, "F2", key, "Return")
    time = read_time(value(window))
    assert time is not None
    assert before <= time - timedelta(minutes=minutes) <= datetime.now(UTC)


def test_a_time_is_edited_in_a_zone_and_sent_in_utc(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_time", NOON))
    go_to_value(window)
    press(window, "F2")
    zone = part(window, QComboBox, "zoneCombo")
    field = part(window, QDateTimeEdit, "timeEdit")
    assert isinstance(zone, QComboBox)
    assert isinstance(field, QDateTimeEdit)
    assert field.text() == "2026-11-24 12:00:00"
    press(window, "Alt+Z")
    press_in_list(zone, *[Qt.Key.Key_Down] * zone.findText("Tokyo"), Qt.Key.Key_Return)
    assert field.text() == "2026-11-24 21:00:00"
    press(window, "Return")
    assert value(window) == NOON
    assert not window.action("undo").isEnabled()
    press(window, "F2", "Up", "Return")
    assert sent(window, wire, qtbot) == "_time=2027-11-24T12:00:00.000Z"


def test_the_zone_is_kept_for_the_next_time(open_form: OpenForm) -> None:
    window = open_form(("_time", NOON))
    go_to_value(window)
    for text, keys in (("UTC", [Qt.Key.Key_Down]), ("Local", [Qt.Key.Key_Up])):
        press(window, "F2")
        zone = part(window, QComboBox, "zoneCombo")
        assert isinstance(zone, QComboBox)
        assert zone.currentText() == text
        press(window, "Alt+Z")
        press_in_list(zone, *keys, Qt.Key.Key_Return)
        press(window, "Return")
        assert QApplication.focusWidget() is form_table(window)
    assert value(window) == NOON


def press_in_list(combo: QComboBox, *keys: Qt.Key) -> None:
    """Press keys in the open list of a combo box, which has the focus in its window."""
    for key in keys:
        QTest.keyClick(combo.view(), key)
        settle()


def test_a_file_is_attached_in_the_row_of_a_file_parameter(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_picture", "typed"), ("a", "1"))
    double_click_cell(form_table(window), value_index(window))
    click(part(window, QToolButton, "attachHereButton"))
    dialog = active_dialog(qtbot, QFileDialog)
    picture = Path(example_picture())
    type_text(dialog, str(picture))
    press(dialog, "Return")
    back_in(window, qtbot)
    qtbot.waitUntil(lambda: window.console.draft.form_model.form.rows[0].is_file)
    body = send(window, wire, qtbot).body
    assert picture.read_bytes() in body
    assert b'name="_picture"; filename="' in body
    press(window, "Alt+1", "Ctrl+Z")
    assert value(window) == "typed"
