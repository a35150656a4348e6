"""The rows of the history as a tree: days, what joins, what goes, and what a view asks for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gms_console.history import Entry, HistoryRow
from gms_console.model.exchange import OperationKind
from gms_console.model.timeline import Attempt
from gms_console.ui.models.history_model import DAY_ROLE, ROW_ROLE, HistoryModel
from gms_console.ui.panes.history.history_view import HistoryView
from tests.window.driving import press

NOON = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)


def row(number: int, started: datetime | None = None, **values: Any) -> HistoryRow:
    made = HistoryRow(
        number=number,
        entry=Entry.EXCHANGE,
        key=f"key-{number}",
        started=(started or NOON + timedelta(seconds=number)).astimezone(UTC),
        title=f"create service-{number}",
        kind=OperationKind.CREATE,
        service=f"service-{number}",
        instance_id="",
        environment="qa",
        node="node-a",
        method="POST",
        url="http://127.0.0.1/genesys/1/service/s",
        status=200,
        failure="",
        ok=True,
        state="",
        elapsed=12.0,
        size=10,
        exchange=f"exchange-{number}",
    )
    return replace(made, **values)


def shown(model: QAbstractItemModel) -> list[str | int]:
    """Give what is at the top level: the names of days, and the numbers of rows."""
    found: list[str | int] = []
    for place in range(model.rowCount()):
        index = model.index(place, 0)
        day = index.data(DAY_ROLE)
        found.append(str(index.data()) if day is not None else index.data(ROW_ROLE).number)
    return found


@pytest.fixture
def model(application: QApplication) -> Iterator[HistoryModel]:
    made = HistoryModel()
    yield made
    made.deleteLater()


def test_rows_stand_under_their_days(model: HistoryModel) -> None:
    days = [NOON, NOON - timedelta(days=1), NOON - timedelta(days=1, hours=2)]
    older = NOON - timedelta(days=400)
    model.show([row(9 - n, day) for n, day in enumerate(days)], more=True)
    model.append([row(1, older)], more=False)
    named = f"{older:%A}, {older.day} {older:%B} {older.year}"
    assert shown(model) == ["Today", 9, "Yesterday", 8, 7, named, 1]


def test_new_rows_join_and_those_that_are_gone_go(model: HistoryModel) -> None:
    yesterday = NOON - timedelta(days=1)
    model.show([row(3, yesterday), row(2, yesterday), row(1, yesterday)], more=False)
    model.merge([row(5), row(4), row(3, yesterday, starred=True), row(1, yesterday)], more=False)
    assert shown(model) == ["Today", 5, 4, "Yesterday", 3, 1]
    changed = model.row(3)
    assert changed is not None
    assert changed.starred


def test_a_row_that_was_begun_earlier_joins_at_its_place(model: HistoryModel) -> None:
    yesterday = NOON - timedelta(days=1)
    model.show([row(9), row(2, yesterday)], more=False)
    model.merge([row(9), row(8), row(3, yesterday), row(2, yesterday)], more=False)
    assert shown(model) == ["Today", 9, 8, "Yesterday", 3, 2]


def test_what_is_behind_the_first_page_stays_while_new_rows_join(model: HistoryModel) -> None:
    model.show([row(n) for n in range(9, 0, -1)], more=True)
    model.merge([row(n) for n in range(11, 6, -1)], more=True)
    assert shown(model) == ["Today", *range(11, 0, -1)]


def test_where_nothing_is_known_any_more_the_list_begins_anew(model: HistoryModel) -> None:
    model.show([row(3), row(2)], more=False)
    model.merge([row(200), row(199)], more=True)
    assert shown(model) == ["Today", 200, 199]
    model.merge([], more=False)
    assert shown(model) == []


def test_a_day_goes_with_its_last_row(model: HistoryModel) -> None:
    yesterday = NOON - timedelta(days=1)
    model.show([row(3), row(2, yesterday), row(1, yesterday - timedelta(days=1))], more=False)
    model.remove([2])
    assert len(shown(model)) == 4
    model.remove([3, 1])
    assert shown(model) == []


def test_attempts_join_above_those_that_are_there(model: HistoryModel) -> None:
    model.show([row(1, entry=Entry.POLL, kind=OperationKind.REQUEST, title="status")], more=False)
    attempts = [
        Attempt(number=n, started=NOON, elapsed=1.0, exchange_id=f"e{n}", state="queued")
        for n in (1, 2, 3)
    ]
    poll = model.index_of(1)
    model.set_attempts(1, attempts[:2])
    model.set_attempts(1, attempts)
    seen = [model.index(place, 0, poll).data() for place in range(model.rowCount(poll))]
    assert seen == ["#3 queued", "#2 queued", "#1 queued"]


class _Asked(HistoryModel):  # type: ignore[misc]  # the window is not checked from here
    """Counts how often Qt asks Python for an index, children or data."""

    asked = 0

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        type(self).asked += 1
        return QStandardItemModel.data(self, index, role)


def test_a_list_of_many_rows_asks_for_those_in_sight_alone(
    application: QApplication, qtbot: QtBot
) -> None:
    model = _Asked()
    view = HistoryView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(240, 500)
    view.show()
    qtbot.waitExposed(view)
    model.show([row(n) for n in range(5000, 0, -1)], more=True)
    QApplication.processEvents()
    _Asked.asked = 0
    model.merge([row(n) for n in range(5001, 4901, -1)], more=True)
    view.doItemsLayout()
    view.grab()
    assert 0 < _Asked.asked < 2000
    begun = perf_counter()
    for _ in range(20):
        view.doItemsLayout()
    # Loose, as the machine may be busy: a question for each row would take many times that.
    assert (perf_counter() - begun) / 20 < 0.1
    press(view, "End")
    assert view.currentIndex().data(ROW_ROLE).number == 1
    model.deleteLater()
