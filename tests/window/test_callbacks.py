"""The window of callbacks: list, cancel and move many, against the simulator."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QToolButton,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.simulator import Simulator
from gms_console.ui.models.callback_model import DESIRED, OUTCOME, REASON, STATE
from gms_console.ui.panes.callbacks.cancel_dialog import CancelDialog
from gms_console.ui.panes.callbacks.export_dialog import ExportDialog
from gms_console.ui.panes.callbacks.slot_dialog import SlotDialog
from gms_console.ui.panes.callbacks.window import CallbacksWindow
from tests.support.wire_server import (
    WireServer,
)
from tests.window.callbacks import (
    QUEUES,
    SERVICE,
    at,
    before,
    cell,
    counted,
    create,
    head,
    idle,
    json_head,
    listed,
    opened,
    records,
    select,
)
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    choose,
    click,
    click_cell,
    find,
    press,
    retype,
    said,
    texts,
)


def test_a_day_of_callbacks(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """List, look only for what is not completed, cancel some, move one, cancel the rest at once."""
    day = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d")
    time, closed = f"{day}T10:00:00.000Z", f"{day}T03:00:00.000Z"
    with Simulator() as simulator, before(simulator) as wire:
        ids = [create(simulator, f"+4989120000{n}", time) for n in range(3)]
        main = at(open_window, wire)
        window = opened(main, qtbot)
        assert "Press F5" in window.table.hint.text()
        assert not wire.requests

        choose(find(window, QComboBox, "callbackPeriodCombo"), "Next 7 days")
        assert sorted(listed(window, qtbot)) == sorted(ids)
        sent = urlsplit(wire.requests[-1].target)
        asked = dict(parse_qsl(sent.query))
        assert (sent.path, list(asked)) == (QUEUES, ["start_time", "end_time", "max"])
        span = [datetime.fromisoformat(asked[key]) for key in ("start_time", "end_time")]
        assert span[1] - span[0] == timedelta(days=7)
        assert counted(window) == "3 callbacks found, 0 selected"
        assert {cell(window, one, STATE) for one in ids} == {"SCHEDULED"}

        # From here on records are queried; another way lists at once, and so does a state.
        choose(find(window, QComboBox, "callbackSourceCombo"), "Query")
        idle(window, qtbot)
        click(find(window, QToolButton, "callbackUnfinishedButton"))
        idle(window, qtbot)
        unfinished = f"{SERVICE}?_callback_state=%21COMPLETED"
        assert wire.requests[-1].raw == head(wire, "GET", unfinished)

        cancel_two(window, wire, qtbot, ids)
        assert {one["_callback_state"] for one in records(simulator).values()} == {
            "COMPLETED",
            "SCHEDULED",
        }
        offered = move_one(window, wire, qtbot, ids[2], closed)
        assert records(simulator)[ids[2]]["_desired_time"] == offered

        more = [create(simulator, f"+4989130000{n}", time) for n in range(2)]
        cancel_at_once(window, wire, qtbot, [ids[2], *more])
        click(find(window, QToolButton, "callbackUnfinishedButton"))
        idle(window, qtbot)
        assert {cell(window, one, REASON) for one in more} == {"CANCELLED_BY_ADMIN"}
        assert "SCHEDULED" not in texts(window.table, STATE)
        export(window, qtbot, tmp_path / "table.csv")
        lines = list(csv.DictReader(io.StringIO((tmp_path / "table.csv").read_text("utf-8-sig"))))
        assert {line["_id"] for line in lines} == {*ids, *more}
        assert {line["_customer_number"] for line in lines} == {f"[phone-{n}]" for n in range(1, 6)}
        assert {line["segment"] for line in lines} == {"gold"}
        assert "+4989" not in (tmp_path / "table.csv").read_text()
        export_report(window, wire, qtbot, tmp_path / "report.csv", more)


def cancel_two(window: CallbacksWindow, wire: WireServer, qtbot: QtBot, ids: list[str]) -> None:
    select(window, ids[0], ids[1])
    assert counted(window) == "3 callbacks found, 2 selected"
    count = len(wire.requests)
    press(window, "Delete")
    dialog = active_dialog(qtbot, CancelDialog)
    place = f"{wire.base_url}/genesys"
    assert find(dialog, QLabel, "cancelQuestion").text() == f"Cancel 2 callbacks in {place}?"
    assert len(texts(find(dialog, QListWidget, "cancelList"))) == 2
    press(dialog, "Return")  # keeps them
    qtbot.waitUntil(window.isActiveWindow)
    assert len(wire.requests) == count

    chosen = [record.id for record in window.table.records()]
    press(window, "Delete")
    press(active_dialog(qtbot, CancelDialog), "Alt+C")
    qtbot.waitUntil(lambda: len(wire.requests) == count + 3)
    idle(window, qtbot)
    # Each by itself, then the list once more.
    targets = [f"{SERVICE}/callme/{one}" for one in chosen]
    heads = [head(wire, "DELETE", target) for target in targets]
    assert [one.raw for one in wire.requests[count : count + 2]] == heads
    # They are no longer among those looked for, and stay to be seen.
    assert all(cell(window, one, OUTCOME).startswith("Cancelled · 200 OK") for one in chosen)
    assert not window.table.isColumnHidden(OUTCOME)
    assert "2 done, 0 not done" in counted(window)
    assert listed(window, qtbot) == [ids[2]]
    assert window.table.isColumnHidden(OUTCOME)


def move_one(
    window: CallbacksWindow, wire: WireServer, qtbot: QtBot, callback_id: str, closed: str
) -> str:
    """Ask for a time that is closed, then take the first that is offered instead; give it."""
    select(window, callback_id)
    press(window, "Ctrl+R")
    dialog = active_dialog(qtbot, SlotDialog)
    qtbot.waitUntil(lambda: not window.slots.busy and bool(window.slots.slots))
    asked = urlsplit(wire.requests[-1].target)
    assert asked.path == "/genesys/2/service/callback/callme/availability"
    assert [key for key, _ in parse_qsl(asked.query)] == ["start", "end"]
    assert "by version 2" in find(dialog, QLabel, "slotHeading").text()

    field = find(dialog, QLineEdit, "slotTimeEdit")
    retype(field, closed)
    target = f"{SERVICE}/callme/{callback_id}"
    assert find(dialog, QLabel, "slotPreview").text().startswith(f"PUT {target}\n")
    press(field, "Return")
    qtbot.waitUntil(lambda: window.slots.problem is not None and not window.slots.busy)
    body = json.dumps({"_new_desired_time": closed}).encode()
    puts = [one for one in wire.requests if one.method == "PUT"]
    assert [one.raw for one in puts] == [json_head(wire, "PUT", target, body)]
    assert find(dialog, QLabel, "slotTitle").text() == "Move 1 callback of callme to another time"
    # Nothing is lost: the dialog is there, with what was typed, and with other times.
    assert dialog.isVisible()
    assert field.text() == closed
    assert find(dialog, QLabel, "problemLabel").text().startswith("Callback is not available")
    assert find(dialog, QLabel, "slotHeading").text() == "Times that GMS offers instead"
    idle(window, qtbot)

    offered = window.slots.slots[0].time
    tree = find(dialog, QTreeWidget, "slotTree")
    click_cell(tree, tree.model().index(0, 0, tree.model().index(0, 0)))
    assert field.text() == offered
    press(tree, "Return")
    qtbot.waitUntil(window.isActiveWindow)
    idle(window, qtbot)
    body = json.dumps({"_new_desired_time": offered}).encode()
    puts = [one for one in wire.requests if one.method == "PUT"]
    assert puts[-1].raw == json_head(wire, "PUT", target, body)
    moved = datetime.fromisoformat(offered).astimezone()
    assert cell(window, callback_id, DESIRED) == f"{moved:%a %Y-%m-%d %H:%M:%S %Z}"
    assert cell(window, callback_id, OUTCOME).startswith(f"Moved to {offered}")
    row = window.desk.model.row_of(callback_id)
    changed = window.desk.model.index(row, DESIRED)
    assert changed.data(Qt.ItemDataRole.FontRole).bold()
    assert "Before: " in changed.data(Qt.ItemDataRole.ToolTipRole)
    return str(offered)


def cancel_at_once(window: CallbacksWindow, wire: WireServer, qtbot: QtBot, ids: list[str]) -> None:
    assert sorted(listed(window, qtbot)) == sorted(ids)
    window.go()
    press(window, "Ctrl+A", "Delete")
    dialog = active_dialog(qtbot, CancelDialog)
    press(dialog, "Alt+A")
    qtbot.waitUntil(find(dialog, QRadioButton, "cancelAtOnceRadio").isChecked)
    assert find(dialog, QLineEdit, "cancelReasonEdit").text() == "CANCELLED_BY_ADMIN"
    chosen = [record.id for record in window.table.records()]
    press(dialog, "Alt+C")
    qtbot.waitUntil(lambda: bool(window.desk.changes.outcomes))
    idle(window, qtbot)
    sent = next(one for one in wire.requests if one.method == "POST")
    body = json.dumps({"reason": "CANCELLED_BY_ADMIN", "ids": chosen}).encode()
    assert sent.raw == json_head(wire, "POST", "/genesys/1/admin/callback/cancel", body)
    assert all(cell(window, one, OUTCOME).startswith("Cancelled at once") for one in ids)


def export(window: CallbacksWindow, qtbot: QtBot, file: Path) -> None:
    press(window, "Ctrl+E")
    name_file(active_dialog(qtbot, ExportDialog), qtbot, file)
    qtbot.waitUntil(lambda: said(window).startswith("table.csv was written"))
    assert said(window) == "table.csv was written: 5 callbacks, personal data masked."


def export_report(
    window: CallbacksWindow, wire: WireServer, qtbot: QtBot, file: Path, ids: list[str]
) -> None:
    """Have GMS's own report of those that were cancelled, by the reason that was given."""
    press(window, "Ctrl+E")
    dialog = active_dialog(qtbot, ExportDialog)
    press(dialog, "Alt+G")
    qtbot.waitUntil(find(dialog, QRadioButton, "exportReportRadio").isChecked)
    assert not find(dialog, QRadioButton, "exportListRadio").isChecked()
    name_file(dialog, qtbot, file)
    qtbot.waitUntil(lambda: said(window).startswith("report.csv was written"))
    sent = wire.requests[-1]
    assert sent.target == "/genesys/1/admin/callback/reportcancelled"
    assert json.loads(sent.body)["callback_reason"] == "CANCELLED_BY_ADMIN"
    report = file.read_text("utf-8-sig")
    assert all(one in report for one in ids)
    assert "+4989" not in report


def name_file(dialog: ExportDialog, qtbot: QtBot, file: Path) -> None:
    click(find(dialog, QPushButton, "exportChooseButton"))
    files = active_dialog(qtbot, QFileDialog)
    retype(find(files, QLineEdit, "fileNameEdit"), str(file), "Return")
