"""What the table shows of rows and their values, and rows that cannot be sent."""

from urllib.parse import unquote_to_bytes

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
)
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.models.form_cell import Column
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    choose,
    click,
    click_cell,
    double_click_cell,
    edit_cell,
    form,
    form_table,
    press,
    said,
    select_rows,
    send,
    texts,
    type_text,
)
from tests.window.three_rows import cell, rows, selected, three

__all__ = ["three"]

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
