"""Rows as text: copied, pasted, and edited all at once."""

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form, Row
from gms_console.ui.panes.bulk_edit import BulkEdit
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    back_in,
    click,
    find,
    form,
    press,
    retype,
    said,
    select_rows,
    send,
    type_text,
)
from tests.window.three_rows import THREE, rows, selected, three

__all__ = ["three"]

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
