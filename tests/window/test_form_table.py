"""The rows of the Form by keyboard and mouse, and what goes out of them."""

import threading
from urllib.parse import unquote_to_bytes

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form, Row
from gms_console.ui.models.form_cell import Column
from gms_console.ui.panes.bulk_edit import BulkEdit
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, hold
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    choose,
    click,
    click_cell,
    double_click_cell,
    edit_cell,
    find,
    form_table,
    press,
    retype,
    said,
    select_rows,
    send,
    texts,
    type_text,
)

THREE = Form.of(("_phone_number", "1"), ("language", "2"), ("colour", "3"))


@pytest.fixture
def three(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    """A window with three rows."""
    create = Draft(service="request-interaction", form=THREE)
    return open_window(Workspace(base_url=wire.base_url, create=create))


def rows(window: MainWindow) -> list[tuple[str, str]]:
    """The rows as the table shows them."""
    table = form_table(window)
    return list(zip(texts(table, Column.KEY), texts(table, Column.VALUE), strict=True))


def selected(window: MainWindow) -> list[int]:
    return sorted(index.row() for index in form_table(window).selectionModel().selectedRows())


def cell(window: MainWindow, place: int, column: Column, role: int = 0) -> object:
    return form_table(window).model().index(place, column).data(role)


def form(window: MainWindow) -> Form:
    found = window.console.draft.form_model.form
    assert isinstance(found, Form)
    return found


# --- typing rows ---------------------------------------------------------------------------


def test_rows_are_typed_without_the_mouse(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Alt+1", "Ctrl+N")
    type_text(window, "_phone_number")
    press(window, "Tab")
    type_text(window, "6504669999")
    press(window, "Return", "Ctrl+N")
    type_text(window, "language")
    press(window, "Tab")
    type_text(window, "french")
    press(window, "Return")
    assert rows(window) == [("_phone_number", "6504669999"), ("language", "french")]
    assert send(window, wire, qtbot).body == b"_phone_number=6504669999&language=french"


def test_a_new_row_comes_below_the_current_one(three: MainWindow) -> None:
    select_rows(three, 0)
    press(three, "Ctrl+N")
    type_text(three, "new")
    press(three, "Return")
    assert texts(form_table(three), Column.KEY) == ["_phone_number", "new", "language", "colour"]


def test_tab_goes_from_cell_to_cell_while_editing(three: MainWindow) -> None:
    select_rows(three, 0)
    press(three, "Return")
    for text in ("a", "b", "c"):
        type_text(three, text)
        press(three, "Tab")
    press(three, "Shift+Tab")
    type_text(three, "d")
    press(three, "Tab", "Return")
    assert rows(three) == [("a", "b"), ("d", "2"), ("colour", "3")]


def test_enter_takes_a_key_although_a_list_of_names_is_open(three: MainWindow) -> None:
    select_rows(three, 1)
    press(three, "Return")
    type_text(three, "d")
    assert QApplication.activePopupWidget() is not None
    press(three, "Return")
    assert rows(three)[1] == ("d", "2")
    assert QApplication.focusWidget() is form_table(three)


def test_tab_after_the_last_value_ends_the_editing(three: MainWindow) -> None:
    click_cell(form_table(three), form_table(three).model().index(2, Column.VALUE))
    press(three, "F2")
    type_text(three, "last")
    press(three, "Tab")
    assert rows(three)[-1] == ("colour", "last")
    assert len(rows(three)) == 3
    assert QApplication.focusWidget() is form_table(three)


@pytest.mark.parametrize("key", ["F2", "Return", "Enter"])
@pytest.mark.parametrize(
    ("column", "expected"), [(Column.KEY, ("new", "2")), (Column.VALUE, ("language", "new"))]
)
def test_keys_edit_the_current_cell(
    three: MainWindow, key: str, column: Column, expected: tuple[str, str]
) -> None:
    click_cell(form_table(three), form_table(three).model().index(1, column))
    press(three, key)
    type_text(three, "new")
    press(three, "Return")
    assert rows(three)[1] == expected


def test_typing_on_a_cell_replaces_what_stands_there(three: MainWindow) -> None:
    click_cell(form_table(three), form_table(three).model().index(1, Column.VALUE))
    type_text(three, "xyz")
    press(three, "Return")
    assert rows(three)[1] == ("language", "xyz")


def test_a_double_click_edits(three: MainWindow) -> None:
    edit_cell(form_table(three), 2, Column.KEY, "size")
    assert rows(three)[2] == ("size", "3")


def test_escape_leaves_a_cell_as_it_was(three: MainWindow) -> None:
    double_click_cell(form_table(three), form_table(three).model().index(0, Column.VALUE))
    type_text(three, "wrong")
    press(three, "Esc")
    assert rows(three)[0] == ("_phone_number", "1")


@pytest.mark.parametrize("column", [Column.KEY, Column.VALUE])
def test_escape_in_a_cell_does_not_cancel_the_request(
    three: MainWindow, wire: WireServer, qtbot: QtBot, column: Column
) -> None:
    gate = threading.Event()
    wire.script(hold(gate))
    press(three, "Ctrl+Return")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    double_click_cell(form_table(three), form_table(three).model().index(1, column))
    type_text(three, "la")
    press(three, "Esc", "Esc") if QApplication.activePopupWidget() else press(three, "Esc")
    assert three.console.sending
    assert three.console.session.tasks
    gate.set()
    qtbot.waitUntil(lambda: not three.console.sending)
    assert three.console.exchange.failure.kind == "closed without an answer"


def test_what_is_being_typed_is_sent(three: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    double_click_cell(form_table(three), form_table(three).model().index(1, Column.VALUE))
    type_text(three, "typed")
    assert b"&language=typed&" in send(three, wire, qtbot).body


# --- switching, removing, moving --------------------------------------------------------------


def test_space_switches_a_row_off_and_on(three: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    check = Qt.ItemDataRole.CheckStateRole
    select_rows(three, 1)
    press(three, "Space")
    assert cell(three, 1, Column.ENABLED, check) == Qt.CheckState.Unchecked
    assert send(three, wire, qtbot).body == b"_phone_number=1&colour=3"
    press(three, "Alt+1", "Space")
    assert cell(three, 1, Column.ENABLED, check) == Qt.CheckState.Checked
    assert send(three, wire, qtbot).body == b"_phone_number=1&language=2&colour=3"


def test_space_switches_several_rows_in_one_step(three: MainWindow) -> None:
    select_rows(three, 0, 2)
    press(three, "Space")
    assert [row.enabled for row in form(three)] == [False, True, False]
    press(three, "Space")
    assert form(three) == THREE
    press(three, "Ctrl+Z")
    assert [row.enabled for row in form(three)] == [False, True, False]


def test_a_click_on_the_box_switches_a_row(three: MainWindow) -> None:
    table = form_table(three)
    rect = table.visualRect(table.model().index(0, Column.ENABLED))
    # The style decides how far from the edge the box is.
    switched = 0
    for x in range(rect.left() + 1, rect.right(), 4):
        before = form(three)
        click(table.viewport(), QPoint(x, rect.center().y()))
        switched += form(three) != before
    assert switched >= 2
    assert all(row.enabled for row in form(three).rows[1:])


def test_delete_removes_and_selects_the_next_row(three: MainWindow) -> None:
    select_rows(three, 1)
    press(three, "Delete")
    assert texts(form_table(three), Column.KEY) == ["_phone_number", "colour"]
    assert selected(three) == [1]
    press(three, "Delete", "Delete")
    assert rows(three) == []
    press(three, "Delete")
    assert rows(three) == []


def test_ctrl_d_puts_a_copy_below(three: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    select_rows(three, 0, 1)
    press(three, "Ctrl+D")
    keys = ["_phone_number", "_phone_number", "language", "language", "colour"]
    assert texts(form_table(three), Column.KEY) == keys
    assert selected(three) == [1, 3]
    expected = b"_phone_number=1&_phone_number=1&language=2&language=2&colour=3"
    assert send(three, wire, qtbot).body == expected


def test_alt_arrows_move_rows(three: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    select_rows(three, 2)
    press(three, "Alt+Up", "Alt+Up", "Alt+Up")
    assert texts(form_table(three), Column.KEY) == ["colour", "_phone_number", "language"]
    assert selected(three) == [0]
    press(three, "Alt+Down")
    assert send(three, wire, qtbot).body == b"_phone_number=1&colour=3&language=2"


def test_every_step_is_undone_and_done_again(window: MainWindow) -> None:
    steps = [form(window)]

    def done() -> None:
        assert form(window) != steps[-1]
        steps.append(form(window))

    press(window, "Alt+1", "Ctrl+N")
    done()
    type_text(window, "a")
    press(window, "Tab")
    done()
    type_text(window, "1")
    press(window, "Return")
    done()
    QApplication.clipboard().setText("b=2\n# c=3\n")
    press(window, "Ctrl+V")
    done()
    press(window, "Space")
    done()
    press(window, "Ctrl+D")
    done()
    press(window, "Alt+Down")
    done()
    press(window, "Delete")
    done()
    back = [form(window)]
    while window.action("undo").isEnabled():
        press(window, "Ctrl+Z")
        back.append(form(window))
    assert back == steps[::-1]
    again = [form(window)]
    while window.action("redo").isEnabled():
        press(window, "Ctrl+Shift+Z")
        again.append(form(window))
    assert again == steps


def test_the_menu_says_what_undo_undoes(three: MainWindow) -> None:
    select_rows(three, 0)
    press(three, "Delete")
    assert three.action("undo").text() == "&Undo remove rows"
    press(three, "Ctrl+Z")
    assert three.action("redo").text() == "&Redo remove rows"


def test_undo_in_a_field_undoes_what_was_typed_there(three: MainWindow) -> None:
    select_rows(three, 0)
    press(three, "Delete")
    service = find(three, QLineEdit, "serviceNameEdit")
    type_text(service, "x")
    press(three, "Ctrl+Z")
    assert service.text() == "request-interaction"
    assert len(rows(three)) == 2


# --- clipboard -----------------------------------------------------------------------------


def test_lines_are_pasted_as_rows(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("_phone_number=6504669999\r\n\r\n# off=1\nlanguage=a=b\n")
    press(window, "Alt+1", "Ctrl+V")
    assert rows(window) == [("_phone_number", "6504669999"), ("off", "1"), ("language", "a=b")]
    assert send(window, wire, qtbot).body == b"_phone_number=6504669999&language=a%3Db"


def test_a_paste_that_is_not_rows_says_which_line_and_changes_nothing(three: MainWindow) -> None:
    QApplication.clipboard().setText("good=1\nnot a row\nalso=2")
    press(three, "Alt+1", "Ctrl+V")
    assert form(three) == THREE
    assert said(three).startswith("Nothing was pasted.")
    assert "Line 2" in said(three)
    assert "'not a row'" in said(three)


def test_copied_rows_are_lines_that_can_be_pasted(three: MainWindow) -> None:
    select_rows(three, 0, 2)
    press(three, "Ctrl+C")
    assert QApplication.clipboard().text() == "_phone_number=1\ncolour=3\n"
    select_rows(three, 2)
    press(three, "Ctrl+V")
    assert form(three).rows == (*THREE.rows, THREE.rows[0], THREE.rows[2])
    assert selected(three) == [3, 4]


# --- values ---------------------------------------------------------------------------------


def test_a_value_of_several_lines_goes_out_exactly(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Alt+1", "Ctrl+N")
    type_text(window, "text")
    press(window, "Tab")
    type_text(window, "one")
    press(window, "Shift+Return")
    type_text(window, "two ")
    press(window, "Shift+Return", "Return")
    assert rows(window) == [("text", "one ↵ two  ↵ ")]
    assert unquote_to_bytes(send(window, wire, qtbot).body.replace(b"+", b" ")) == (
        b"text=one\ntwo \n"
    )
    choose(window.request_pane.body_kind_combo, "Multipart Form")
    assert b"\r\n\r\none\ntwo \n\r\n--" in send(window, wire, qtbot).body


@pytest.mark.parametrize("leave", ["Return", "Tab", "Esc"])
@pytest.mark.parametrize("value", ["a\r\nb", "a\rb", "a\u2029b\u2028c", " \ttab ", "a\u00a0b"])
def test_looking_into_a_value_does_not_alter_it(
    open_window: OpenWindow, wire: WireServer, value: str, leave: str
) -> None:
    create = Draft(service="s", form=Form.of(("text", value)))
    window = open_window(Workspace(base_url=wire.base_url, create=create))
    click_cell(form_table(window), form_table(window).model().index(0, Column.VALUE))
    press(window, "F2")
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    press(window, leave)
    assert form(window).rows[0].value == value
    assert not window.action("undo").isEnabled()


def test_a_long_unicode_value_survives_editing(
    three: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    value = "Ünïcödé 日本語 😀 & = % +"
    QApplication.clipboard().setText(value)
    double_click_cell(form_table(three), form_table(three).model().index(1, Column.VALUE))
    press(three, "Ctrl+V", "Return")
    assert rows(three)[1] == ("language", value)
    body = send(three, wire, qtbot).body.split(b"&")[1]
    assert unquote_to_bytes(body.replace(b"+", b" ")).decode() == f"language={value}"


# --- service parameters and user data ----------------------------------------------------------


def test_service_parameters_and_user_data_are_told_apart(three: MainWindow) -> None:
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert texts(form_table(three), Column.GROUP) == ["_ service", "data", "data"]
    assert cell(three, 0, Column.GROUP, spoken) == "service parameter"
    assert cell(three, 1, Column.GROUP, spoken) == "user data"
    tip = Qt.ItemDataRole.ToolTipRole
    assert "the service gets it" in str(cell(three, 0, Column.GROUP, tip))
    assert "keeps it" in str(cell(three, 1, Column.GROUP, tip))


def test_the_group_follows_the_key(three: MainWindow) -> None:
    edit_cell(form_table(three), 1, Column.KEY, "_language")
    assert texts(form_table(three), Column.GROUP) == ["_ service", "_ service", "data"]


def test_cells_say_what_they_are(three: MainWindow) -> None:
    spoken = Qt.ItemDataRole.AccessibleTextRole
    select_rows(three, 2)
    press(three, "Space")
    assert cell(three, 0, Column.ENABLED, spoken) == "row 1, sent"
    assert cell(three, 2, Column.ENABLED, spoken) == "row 3, not sent"
    assert cell(three, 0, Column.KEY, spoken) == "Key: _phone_number, mandatory"
    assert cell(three, 0, Column.VALUE, spoken) == "Value: 1"


# --- rows that cannot be sent --------------------------------------------------------------


def test_an_empty_key_stops_the_send_at_its_row(
    three: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    table = form_table(three)
    assert table.isColumnHidden(Column.PROBLEM)
    edit_cell(table, 1, Column.KEY, " ")
    press(three, "F2", "Backspace", "Return")
    qtbot.waitUntil(lambda: not table.isColumnHidden(Column.PROBLEM))
    assert "key" in str(cell(three, 1, Column.PROBLEM)).lower()
    assert cell(three, 0, Column.PROBLEM) == ""
    select_rows(three, 0)
    press(three, "Ctrl+Return")
    assert selected(three) == [1]
    assert said(three).startswith("Not sent.")
    assert "Row 2" in said(three)
    assert not three.console.sending
    assert "1 row cannot be sent" in [one.text() for one in three.findChildren(QLabel)]

    press(three, "Alt+1", "Space")
    qtbot.waitUntil(lambda: table.isColumnHidden(Column.PROBLEM))
    assert send(three, wire, qtbot).body == b"_phone_number=1&colour=3"
    assert len(wire.requests) == 1


def test_every_row_that_cannot_be_sent_is_marked(three: MainWindow, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("=no key\nlanguage=again\n")
    press(three, "Alt+1", "Ctrl+V")
    choose(three.request_pane.body_kind_combo, "JSON")
    qtbot.waitUntil(lambda: three.console.draft.form_model.has_problems)
    marked = [bool(text) for text in texts(form_table(three), Column.PROBLEM)]
    assert marked == [False, False, False, True, True]
    assert "2 rows cannot be sent" in [one.text() for one in three.findChildren(QLabel)]


def test_a_send_by_the_mouse_is_refused_as_well(three: MainWindow, wire: WireServer) -> None:
    QApplication.clipboard().setText("=no key\n")
    press(three, "Alt+1", "Ctrl+V")
    click(three.request_pane.target_bar.send_button)
    assert not three.console.sending
    assert selected(three) == [3]
    assert said(three).startswith("Not sent.")
    assert wire.requests == []


# --- known keys -----------------------------------------------------------------------------


def test_known_keys_are_inserted_once(window: MainWindow) -> None:
    kind = window.console.services.catalogue.kind("request-interaction")
    add_row(window, kind.parameters[-1].name, "mine")
    press(window, "Ctrl+I")
    keys = texts(form_table(window), Column.KEY)
    assert sorted(keys) == sorted(parameter.name for parameter in kind.parameters)
    for row in form(window).rows[1:]:
        parameter = kind.parameter(row.key)
        assert (row.enabled, row.value) == (parameter.mandatory, parameter.default)
        assert row.note == parameter.meaning
    assert form(window).rows[0].value == "mine"
    before = form(window)
    press(window, "Ctrl+I")
    assert form(window) == before
    assert said(window) == "All keys that the catalogue knows are there."
    press(window, "Alt+1", "Ctrl+Z")
    assert len(form(window)) == 1


def test_a_service_of_ones_own_has_no_known_keys(window: MainWindow) -> None:
    retype(find(window, QLineEdit, "serviceNameEdit"), "own-service")
    press(window, "Ctrl+I")
    assert len(form(window)) == 0
    assert said(window) == "The catalogue knows no keys for this service."


def test_keys_of_the_service_are_offered_while_typing(window: MainWindow) -> None:
    press(window, "Alt+1", "Ctrl+N")
    type_text(window, "phone")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    press(window, "Down", "Return")
    editor = QApplication.focusWidget()
    if isinstance(editor, QLineEdit):
        press(window, "Return")
    assert texts(form_table(window), Column.KEY) == ["_phone_number"]


# --- as text --------------------------------------------------------------------------------


def bulk(window: MainWindow, qtbot: QtBot) -> tuple[BulkEdit, QPlainTextEdit]:
    press(window, "Ctrl+Shift+B")
    dialog = active_dialog(qtbot, BulkEdit)
    return dialog, find(dialog, QPlainTextEdit, "bulkEdit")


def press_button(dialog: BulkEdit, which: QDialogButtonBox.StandardButton) -> None:
    boxes = dialog.findChildren(QDialogButtonBox)
    click(boxes[0].button(which))


OK, CANCEL = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel


def test_rows_are_edited_as_text(three: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    dialog, edit = bulk(three, qtbot)
    assert edit.toPlainText() == "_phone_number=1\nlanguage=2\ncolour=3\n"
    click(edit)
    press(dialog, "Ctrl+End")
    type_text(dialog, "size=4")
    press_button(dialog, OK)
    back_in(three, qtbot)
    assert rows(three)[-1] == ("size", "4")
    assert send(three, wire, qtbot).body == b"_phone_number=1&language=2&colour=3&size=4"
    press(three, "Alt+1", "Ctrl+Z")
    assert form(three) == THREE


def test_the_text_keeps_every_kind_of_row(open_window: OpenWindow, qtbot: QtBot) -> None:
    kept = Form(
        (
            Row(key="off", value="1", enabled=False),
            Row(key="a=b", value="two\r\nlines"),
            Row(key="json", value="{}", content_type="application/json", note="why"),
            Row(key="#hash", value="@at"),
        )
    )
    window = open_window(Workspace(base_url="http://127.0.0.1:1", create=Draft(form=kept)))
    dialog, _ = bulk(window, qtbot)
    press_button(dialog, OK)
    assert form(window) == kept


def test_a_wrong_line_keeps_the_text_open(three: MainWindow, qtbot: QtBot) -> None:
    dialog, edit = bulk(three, qtbot)
    error = find(dialog, QLabel, "bulkErrorLabel")
    retype(edit, "good=1")
    press(dialog, "Return")
    type_text(dialog, "wrong")
    press_button(dialog, OK)
    assert dialog.isVisible()
    assert error.text().startswith("Line 2: found 'wrong'")
    assert edit.textCursor().selectedText() == "wrong"
    assert edit.hasFocus()
    assert form(three) == THREE
    type_text(dialog, "right=2")
    assert error.text() == ""
    press_button(dialog, OK)
    back_in(three, qtbot)
    assert rows(three) == [("good", "1"), ("right", "2")]


@pytest.mark.parametrize("way", ["Esc", "button"])
def test_leaving_the_text_changes_nothing(three: MainWindow, qtbot: QtBot, way: str) -> None:
    dialog, edit = bulk(three, qtbot)
    retype(edit, "all=gone")
    press(dialog, "Esc") if way == "Esc" else press_button(dialog, CANCEL)
    back_in(three, qtbot)
    assert form(three) == THREE
    assert not three.action("undo").isEnabled()


# --- tool bar and empty table ---------------------------------------------------------------


def test_every_button_does_what_its_key_does(three: MainWindow) -> None:
    table = form_table(three)
    buttons = {one.accessibleName(): one for one in three.request_pane.findChildren(QToolButton)}
    select_rows(three, 0)
    click(buttons["Duplicate rows"])
    assert texts(table, Column.VALUE) == ["1", "1", "2", "3"]
    click(buttons["Move rows down"])
    assert texts(table, Column.VALUE) == ["1", "2", "1", "3"]
    click(buttons["Move rows up"])
    assert texts(table, Column.VALUE) == ["1", "1", "2", "3"]
    click(buttons["Remove rows"])
    assert texts(table, Column.VALUE) == ["1", "2", "3"]
    click(buttons["Row"])
    type_text(three, "typed")
    press(three, "Return")
    assert "typed" in texts(table, Column.KEY)


def test_an_empty_table_says_what_to_do(window: MainWindow) -> None:
    table = form_table(window)
    hints = table.findChildren(QLabel)
    assert [hint.isVisible() for hint in hints] == [True]
    assert "Ctrl+N" in hints[0].text()
    add_row(window, "a", "1")
    assert not hints[0].isVisible()
    press(window, "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert hints[0].isVisible()


def test_the_model_keeps_qts_rules(three: MainWindow, qtmodeltester: object, qtbot: QtBot) -> None:
    model = form_table(three).model()
    assert isinstance(model, QAbstractItemModel)
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    select_rows(three, 0, 2)
    press(three, "Delete", "Ctrl+Z", "Ctrl+D", "Ctrl+Z", "Alt+Down", "Ctrl+Z")
    QApplication.clipboard().setText("a=1\nb=2\nc=3\nd=4")
    press(three, "Ctrl+V", "Ctrl+Z", "Ctrl+Shift+Z")
    assert isinstance(form_table(three), QTableView)
    assert len(rows(three)) == 7
