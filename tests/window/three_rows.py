"""A window with three rows in its form, and what the table shows."""

import pytest

from gms_console.model.form import Form
from gms_console.ui.models.form_cell import Column
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    form_table,
    texts,
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
