"""A service that takes a value of every type, and a window that would create it."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gms_console.catalogue import (
    Catalogue,
    Choice,
    Family,
    Parameter,
    ParameterType,
    Provenance,
    ServiceKind,
)
from gms_console.model.form import Form
from gms_console.ui.models.form_cell import Column
from gms_console.ui.panes.value_editors import TypedEdit, ValueEdit
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import click_cell, form_table, press, send, settle

DOCUMENTED = Provenance.DOCUMENTED
NOON = "2026-11-24T12:00:00.000Z"


def parameter(name: str, kind: ParameterType, **more: object) -> Parameter:
    return Parameter.model_validate(
        {
            "name": name,
            "meaning": f"What {name} means.",
            "type": kind,
            "provenance": DOCUMENTED,
            **more,
        }
    )


KIND = ServiceKind(
    name="all-types",
    meaning="Takes a value of every type.",
    provenance=DOCUMENTED,
    parameters=(
        parameter("_phone", ParameterType.PHONE, mandatory=True),
        parameter("_code", ParameterType.BOOLEAN, default="true", configured_wins=True),
        parameter(
            "_media",
            ParameterType.ENUM,
            choices=(
                Choice(value="voice", meaning="A call."),
                Choice(value="chat", meaning="A chat."),
            ),
        ),
        parameter("_ttl", ParameterType.INTEGER, unit="s", least=5, most=1800),
        parameter("_time", ParameterType.TIME),
        parameter("_json", ParameterType.JSON),
        parameter("_text", ParameterType.TEXT),
        parameter("_picture", ParameterType.FILE),
    ),
)
CATALOGUE = Catalogue((Family(family="Test", kinds=(KIND,)),))

OpenForm = Callable[..., MainWindow]


@pytest.fixture
def open_form(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> OpenForm:
    """Open a window on rows, given as (key, value), of the service with all types."""

    monkeypatch.setattr("gms_console.ui.panes.time_editor._chosen_zone", [])

    def open_one(*rows: tuple[str, str]) -> MainWindow:
        create = Draft(service="all-types", form=Form.of(*rows))
        window = open_window(Workspace(base_url=wire.base_url, create=create))
        # What is still being loaded in a thread must not outlive a short test.
        qtbot.waitUntil(lambda: len(window.console.session.tasks) == 0)
        window.console.services.set_catalogue(CATALOGUE)
        settle()
        return window

    return open_one


def value_index(window: MainWindow, place: int = 0) -> QModelIndex:
    return form_table(window).model().index(place, Column.VALUE)


def go_to_value(window: MainWindow, place: int = 0) -> None:
    """Go to a value by the keyboard alone."""
    press(window, "Alt+1", "Ctrl+Home", *["Down"] * place)
    press(window, *["Right"] * Column.VALUE)
    assert form_table(window).currentIndex() == value_index(window, place)


def value(window: MainWindow, place: int = 0) -> str:
    return str(window.console.draft.form_model.form.rows[place].value)


def editor(window: MainWindow) -> TypedEdit | ValueEdit:
    """Give the editor that is open."""
    found = window.request_pane.form_table.delegate.open_editor
    assert isinstance(found, (TypedEdit, ValueEdit))
    focused = QApplication.focusWidget()
    assert focused is found or found.isAncestorOf(focused)
    return found


def part(window: MainWindow, kind: type[QWidget], name: str) -> QWidget:
    """Give a part of the open editor."""
    found = editor(window).findChild(kind, name)
    assert isinstance(found, kind)
    return found


def cell(window: MainWindow, place: int, column: Column, role: int = 0) -> object:
    return form_table(window).model().index(place, column).data(role)


def click_value(window: MainWindow, place: int = 0) -> None:
    click_cell(form_table(window), value_index(window, place))


def sent(window: MainWindow, wire: WireServer, qtbot: QtBot) -> str:
    """Send, and give the body as it was before it was encoded."""
    body = send(window, wire, qtbot).body
    return unquote_to_bytes(body.replace(b"+", b" ")).decode()


SPOKEN = Qt.ItemDataRole.AccessibleTextRole
TIP = Qt.ItemDataRole.ToolTipRole
