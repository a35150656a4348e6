"""The form table by keys and by mouse: typing, switching, removing, moving, known keys."""

import threading

import pytest
from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QTableView,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.models.form_cell import Column
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, hold
from tests.window.driving import (
    add_row,
    click,
    click_cell,
    double_click_cell,
    edit_cell,
    find,
    form,
    form_table,
    press,
    retype,
    said,
    select_rows,
    send,
    texts,
    type_text,
)
from tests.window.three_rows import THREE, cell, rows, selected, three

__all__ = ["three"]

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
