"""Advice beside the rows and below them: it is shown, and never stops a send."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from gms_console.catalogue import Catalogue
from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form, Row
from gms_console.ui.models.form_cell import Column
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    add_row,
    click,
    double_click_cell,
    edit_cell,
    find,
    form_table,
    press,
    said,
    select_rows,
    send,
    settle,
    texts,
    type_text,
)
from tests.window.typed_form import (
    CATALOGUE,
    SPOKEN,
    TIP,
    OpenForm,
    cell,
    editor,
    go_to_value,
    open_form,
    value_index,
)

__all__ = ["open_form"]


def advice_column(window: MainWindow) -> list[str]:
    return texts(form_table(window), Column.PROBLEM)


def column_shown(window: MainWindow) -> bool:
    return not form_table(window).isColumnHidden(Column.PROBLEM)


def title(window: MainWindow) -> str:
    model = form_table(window).model()
    return str(model.headerData(Column.PROBLEM, Qt.Orientation.Horizontal))


def form_advice(window: MainWindow) -> str:
    shown = find(window, QLabel, "formAdviceLabel")
    return shown.text() if shown.isVisible() else ""


def row_note(window: MainWindow) -> str:
    shown = find(window, QLabel, "rowNoteLabel")
    return shown.text() if shown.isVisible() else ""


GOOD = (("_phone", "+1 650"), ("_code", "true"), ("_ttl", "30"), ("language", "french"))


# --- shown, and not blocking -----------------------------------------------------------------


def test_a_form_that_fits_shows_no_advice(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(*GOOD)
    send(window, wire, qtbot)
    assert not column_shown(window)
    assert form_advice(window) == ""
    assert row_note(window) == ""


def test_a_form_that_is_advised_against_is_sent_as_it_stands(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(
        ("_phone", "call me"), ("_ttl", "9999"), ("ttl", "1"), ("_x", ""), ("_x", "")
    )
    assert column_shown(window)
    assert title(window) == "Advice"
    assert all(text.startswith("ℹ ") for text in advice_column(window))
    assert "out of range" in advice_column(window)[1]
    assert "Did you mean _ttl?" in advice_column(window)[2]
    assert "_x is not known for this kind" in advice_column(window)[3]
    body = send(window, wire, qtbot).body
    assert body == b"_phone=call+me&_ttl=9999&ttl=1&_x=&_x="
    assert "Not sent" not in said(window)


def test_advice_comes_and_goes_with_the_rows(open_form: OpenForm) -> None:
    window = open_form(*GOOD)
    edit_cell(form_table(window), 2, Column.VALUE, "4")
    assert column_shown(window)
    assert advice_column(window)[2].startswith("ℹ 4 is out of range")
    press(window, "Ctrl+Z")
    settle()
    assert not column_shown(window)
    press(window, "Ctrl+Shift+Z")
    settle()
    assert column_shown(window)
    select_rows(window, 2)
    press(window, "Space")
    assert not column_shown(window)


def test_advice_follows_its_row(open_form: OpenForm) -> None:
    window = open_form(("_phone", "1"), ("_ttl", "4"), ("language", "x"))
    select_rows(window, 1)
    press(window, "Alt+Down")
    assert [bool(text) for text in advice_column(window)] == [False, False, True]
    select_rows(window, 0)
    press(window, "Ctrl+N")
    # Rows that did not change keep their advice until the form is looked at again.
    assert [bool(text) for text in advice_column(window)][-1]
    press(window, "Esc")


def test_a_problem_goes_before_advice(open_form: OpenForm, wire: WireServer, qtbot: QtBot) -> None:
    window = open_form(("_phone", "call me"), ("", "x"))
    assert title(window) == "Problem"
    assert advice_column(window)[0].startswith("ℹ ")
    assert advice_column(window)[1].startswith("⚠ ")
    press(window, "Ctrl+Return")
    assert said(window).startswith("Not sent.")
    assert row_note(window) == advice_column(window)[1]
    select_rows(window, 1)
    press(window, "Delete")
    assert title(window) == "Advice"
    assert send(window, wire, qtbot).body == b"_phone=call+me"


def test_advice_is_read_out(open_form: OpenForm) -> None:
    window = open_form(("_phone", "call me"), ("language", "x"))
    assert str(cell(window, 0, Column.PROBLEM, SPOKEN)).startswith("Advice: This does not look")
    assert cell(window, 1, Column.PROBLEM, SPOKEN) == "Advice: none"
    assert cell(window, 0, Column.KEY, SPOKEN) == "Key: _phone, mandatory"


def test_the_advice_of_the_current_row_stands_below_in_full(open_form: OpenForm) -> None:
    window = open_form(("_phone", "call me"), ("language", "x"))
    select_rows(window, 0)
    assert row_note(window) == advice_column(window)[0]
    select_rows(window, 1)
    assert row_note(window) == "ℹ 1 row has advice beside it."


# --- the form ---------------------------------------------------------------------------------


def test_what_is_missing_is_said_below_and_added(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("language", "french"))
    assert form_advice(window).startswith("ℹ _phone is missing.")
    assert send(window, wire, qtbot).body == b"language=french"
    button = find(window, QToolButton, "supplyButton")
    assert button.text() == "Add"
    click(button)
    assert texts(form_table(window), Column.KEY) == ["language", "_phone"]
    assert form_advice(window) == ""
    press(window, "Alt+1", "Ctrl+Z")
    settle()
    assert form_advice(window).startswith("ℹ _phone is missing.")


def test_a_mandatory_row_that_is_off_is_switched_on(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_phone", "1"))
    select_rows(window, 0)
    press(window, "Space")
    assert form_advice(window).startswith("ℹ _phone is switched off.")
    button = find(window, QToolButton, "supplyButton")
    assert button.text() == "Switch on"
    click(button)
    assert form_advice(window) == ""
    assert send(window, wire, qtbot).body == b"_phone=1"


def test_advice_follows_the_service_and_the_catalogue(open_form: OpenForm) -> None:
    window = open_form(("_phone", "call me"))
    assert column_shown(window)
    window.console.draft.service = "own-service"
    settle()
    assert not column_shown(window)
    assert cell(window, 0, Column.KEY, TIP) == ""
    window.console.draft.service = "all-types"
    settle()
    assert column_shown(window)
    window.console.services.set_catalogue(Catalogue(()))
    settle()
    assert not column_shown(window)


def test_a_request_is_not_advised_by_what_a_create_takes(open_form: OpenForm) -> None:
    window = open_form(("_phone", "call me"))
    window.console.set_target(OperationKind.REQUEST)
    add_row(window, "_phone", "call me")
    assert form_advice(window) == ""
    assert advice_column(window) == [""]


# --- while typing -------------------------------------------------------------------------------


def test_advice_waits_until_the_typing_is_over(open_form: OpenForm) -> None:
    window = open_form(*GOOD)
    widths: list[int] = []
    form_table(window).horizontalHeader().sectionResized.connect(lambda *_: widths.append(1))
    go_to_value(window, 0)
    press(window, "F2", "Ctrl+A")
    type_text(window, "call me")
    press(window, "Tab", "Tab")
    settle()
    assert editor(window)
    assert not column_shown(window)
    assert widths == []
    press(window, "Esc")
    assert column_shown(window)


@pytest.mark.parametrize("column", [Column.KEY, Column.VALUE])
def test_news_leaves_an_open_editor_alone(
    open_window: OpenWindow, wire: WireServer, column: Column
) -> None:
    create = Draft(service="all-types", form=Form.of(("_text", "x"), ("_ttl", "1")))
    window = open_window(Workspace(base_url=wire.base_url, create=create))
    double_click_cell(form_table(window), form_table(window).model().index(0, column))
    press(window, "Ctrl+A")
    type_text(window, "typed")
    window.console.services.set_catalogue(CATALOGUE)
    settle()
    press(window, "Return")
    assert cell(window, 0, column) == "typed"
    assert cell(window, 0, Column.VALUE if column is Column.KEY else Column.KEY) in {"x", "_text"}


# --- what is known of a key ---------------------------------------------------------------------


def test_a_key_that_is_typed_by_hand_says_what_it_means(open_form: OpenForm) -> None:
    window = open_form()
    add_row(window, "_code", "true")
    for column in (Column.KEY, Column.VALUE):
        tip = str(cell(window, 0, column, TIP))
        assert "What _code means." in tip
        assert "Boolean" in tip
        assert "Default: true" in tip
        assert "Optional." in tip
        assert "Documented by Genesys." in tip
        assert "may win over" in tip
    assert "may win over" in str(cell(window, 0, Column.GROUP, TIP))


def test_a_tooltip_begins_with_the_advice(open_form: OpenForm) -> None:
    window = open_form(("_ttl", "4"))
    tip = str(cell(window, 0, Column.VALUE, TIP))
    assert tip.startswith("4 is out of range")
    assert "What _ttl means." in tip
    assert max(map(len, tip.splitlines())) <= 84
    assert cell(window, 0, Column.VALUE) == "4"
    assert value_index(window).isValid()


def test_a_row_of_an_unknown_key_keeps_its_note(open_window: OpenWindow, wire: WireServer) -> None:
    create = Draft(service="own", form=Form((Row(key="a", value="1", note="why it is there"),)))
    window = open_window(Workspace(base_url=wire.base_url, create=create))
    assert cell(window, 0, Column.KEY, TIP) == "why it is there"
