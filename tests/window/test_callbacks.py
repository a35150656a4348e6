"""The window of callbacks: list, cancel and move many, against the simulator and odd servers."""

import csv
import http.client
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console import __version__
from gms_console.model.connection import GuardLevel
from gms_console.simulator import Simulator
from gms_console.ui.models.callback_model import DESIRED, OUTCOME, REASON, STATE
from gms_console.ui.panes.callbacks.cancel_dialog import CancelDialog
from gms_console.ui.panes.callbacks.export_dialog import ExportDialog
from gms_console.ui.panes.callbacks.number_dialog import NumberDialog
from gms_console.ui.panes.callbacks.slot_dialog import SlotDialog
from gms_console.ui.panes.callbacks.window import CallbacksWindow
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    answer_bytes,
    by_request,
    hold,
    json_answer,
    raw_answer,
    text_answer,
)
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    cells,
    choose,
    click,
    click_cell,
    find,
    press,
    retype,
    said,
    settle,
    texts,
    type_text,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
QUEUES = "/genesys/1/admin/callback/queues"
SERVICE = "/genesys/1/service/callback"


@contextmanager
def before(simulator: Simulator) -> Iterator[WireServer]:
    """A server that keeps every byte it gets, and lets the simulator answer."""

    def answer(request: WireRequest) -> Answer:
        came = ask(simulator, request.method, request.target, request.body, request.headers)
        return raw_answer(came)

    with WireServer(default=by_request(answer)) as wire:
        yield wire


def ask(
    simulator: Simulator,
    method: str,
    target: str,
    body: bytes = b"",
    headers: list[tuple[str, str]] | None = None,
) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=20)
    try:
        skipped = {"host", "connection", "content-length", "accept-encoding"}
        sent = {name: value for name, value in headers or () if name.lower() not in skipped}
        connection.request(method, target, body=body or None, headers=sent)
        came = connection.getresponse()
        kept = [("Content-Type", came.getheader("content-type") or "text/plain")]
        return answer_bytes(came.read(), came.status, kept)
    finally:
        connection.close()


def records(simulator: Simulator, query: str = "") -> dict[str, dict[str, str]]:
    """What the simulator has, by id."""
    body = ask(simulator, "GET", f"{SERVICE}{query}").partition(b"\r\n\r\n")[2]
    return {one["_id"]: one for one in json.loads(body)}


def create(simulator: Simulator, number: str, time: str) -> str:
    """Create a scheduled callback; give its id."""
    form = json.dumps({"_customer_number": number, "_desired_time": time, "segment": "gold"})
    came = ask(
        simulator,
        "POST",
        f"{SERVICE}/callme",
        form.encode(),
        [("Content-Type", "application/json")],
    )
    made = json.loads(came.partition(b"\r\n\r\n")[2])["_id"]
    assert isinstance(made, str)
    return made


def opened(window: MainWindow, qtbot: QtBot) -> CallbacksWindow:
    """Open the window by its key."""
    press(window, "Ctrl+Alt+1")
    made = window.tools.window("callbacks")
    assert isinstance(made, CallbacksWindow)
    qtbot.waitUntil(made.isActiveWindow)
    return made


def at(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    return open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))


def idle(window: CallbacksWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.desk.busy)
    settle()


def listed(window: CallbacksWindow, qtbot: QtBot, *keys: str) -> list[str]:
    """Press keys that list anew; give the ids that are shown."""
    press(window, *(keys or ("F5",)))
    idle(window, qtbot)
    return texts(window.table)


def select(window: CallbacksWindow, *ids: str) -> None:
    """Click the rows of these ids, with Ctrl held from the second on."""
    held = Qt.KeyboardModifier.NoModifier
    for one in ids:
        row = window.desk.model.row_of(one)
        click_cell(window.table, window.table.model().index(row, 0), held)
        held = CTRL


def cell(window: CallbacksWindow, callback_id: str, column: int) -> str:
    model = window.desk.model
    return str(model.index(model.row_of(callback_id), column).data())


def counted(window: CallbacksWindow) -> str:
    return find(window, QLabel, "callbackCountLabel").text()


def shown(window: CallbacksWindow, name: str) -> str:
    """What a label says; empty while it is hidden."""
    found = find(window, QLabel, name)
    return found.text() if found.isVisible() else ""


def head(wire: WireServer, method: str, target: str, *more: str) -> bytes:
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: 127.0.0.1:{wire.port}",
        f"User-Agent: GMS-Console/{__version__}",
        "Accept: */*",
        "Accept-Encoding: gzip, deflate",
        "Connection: keep-alive",
        *more,
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def json_head(wire: WireServer, method: str, target: str, body: bytes) -> bytes:
    kind, size = "Content-Type: application/json", f"Content-Length: {len(body)}"
    return head(wire, method, target, kind, size) + body


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


# --- servers that are odd ------------------------------------------------------------------------


def record(number: int, state: str = "QUEUED", **more: object) -> dict[str, object]:
    time = f"2030-01-01T00:{number // 60:02}:{number % 60:02}.000Z"
    fields = {"_id": f"id-{number:03}", "_desired_time": time, "_service_name": "callme"}
    return {**fields, "_callback_state": state, "_customer_number": "+49891200000", **more}


def test_ways_that_are_refused(open_window: OpenWindow, wire: WireServer, qtbot: QtBot) -> None:
    """Where the admin's path or version 2 is not there, another way is taken, and that is said."""
    refusal = json_answer({"exception": "java.rmi.AccessException", "message": "no"}, 401)

    def answer(request: WireRequest) -> Answer:
        path = urlsplit(request.target).path
        if "/admin/" in path:
            return refusal
        if path.startswith("/genesys/2/"):
            return text_answer("Not Found", 404)
        if path.endswith("/availability"):
            return json_answer({"2030-01-02T09:00:00.000Z": "2", "2030-01-02T09:30:00.000Z": 0})
        return json_answer([record(1), record(2, "ROUTING"), record(3, "COMPLETED"), "odd"])

    wire.script(by_request(answer))
    main = at(open_window, wire)
    window = opened(main, qtbot)
    for state in ("QUEUED", "ROUTING"):
        click(find(window, QToolButton, f"callbackState_{state}"))
    assert listed(window, qtbot) == ["id-001", "id-002"]
    targets = [one.target for one in wire.requests]
    assert targets == [f"{QUEUES}?states=QUEUED%2CROUTING&max=500", SERVICE]
    note = shown(window, "callbackNote")
    assert "refused (401 Unauthorized)" in note
    assert "1 more came that do not fit" in note
    assert "Entries of the answer that are no records: 1." in note

    press(window, "F6")
    idle(window, qtbot)
    assert shown(window, "problemLabel") == "no"

    select(window, "id-001")
    press(window, "Ctrl+R")
    dialog = active_dialog(qtbot, SlotDialog)
    qtbot.waitUntil(lambda: len(window.slots.slots) == 2)
    view = find(dialog, QTreeWidget, "slotTree")
    counts = [index.data() for index in cells(view.model()) if index.column() == 1]
    assert sorted(counts) == ["2 free", "2 in all", "full"]
    press(dialog, "Escape")
    qtbot.waitUntil(window.isActiveWindow)

    # A record goes to the live services, where the main window takes it on.
    window.go()
    press(window, "Return")
    qtbot.waitUntil(main.isActiveWindow)
    selected = main.console.live.selected
    assert selected is not None
    assert (selected.id, selected.service) == ("id-001", "callback/callme")


def test_a_list_that_is_looked_at_again(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """What changes by itself is marked; selection and place stay, and another place has another."""
    held: list[dict[str, object]] = [record(number) for number in range(200)]
    wire.script(by_request(lambda _: json_answer({"callme": list(held)})))
    main = at(open_window, wire)
    window = opened(main, qtbot)
    assert len(listed(window, qtbot)) == 200
    select(window, "id-100")
    click_cell(window.table, window.table.model().index(102, 0), SHIFT)
    place = window.table.verticalScrollBar().value()
    assert place > 0
    assert find(window, QTreeWidget, "callbackKeys").topLevelItemCount() == 5

    held[101] = record(101, "PROCESSING", _callback_reason="late")
    held[50] = record(50, "QUEUED", note="a key of its own")
    del held[0]
    held.append(record(200))
    count = len(wire.requests)
    choose(find(window, QComboBox, "callbackIntervalCombo"), "2 s")
    qtbot.waitUntil(lambda: len(wire.requests) > count and not window.desk.busy, timeout=10_000)
    assert [one.id for one in window.table.records()] == ["id-100", "id-101", "id-102"]
    assert window.table.verticalScrollBar().value() == place
    assert counted(window).endswith("3 selected, 3 changed since the list before")
    assert cell(window, "id-101", STATE) == "PROCESSING"
    heads = [window.desk.model.headerData(n, Qt.Orientation.Horizontal) for n in (6, 7)]
    assert heads == ["Reason", "note"]
    new = window.desk.model.index(window.desk.model.row_of("id-200"), 0)
    assert new.data(Qt.ItemDataRole.AccessibleTextRole) == "id-200, new in the list"
    choose(find(window, QComboBox, "callbackIntervalCombo"), "Off")
    idle(window, qtbot)

    # A read-only place lets nothing out that changes something, and says so.
    environment = main.console.environment
    assert environment is not None
    main.console.use_environment(replace(environment, name="qa", guard=GuardLevel.READ_ONLY))
    assert window.desk.model.rowCount() == 0
    assert "Press F5 to list the callbacks of qa" in window.table.hint.text()
    count = len(wire.requests) + 1
    listed(window, qtbot)
    select(window, "id-100")
    press(window, "Delete")
    press(active_dialog(qtbot, CancelDialog), "Alt+C")
    qtbot.waitUntil(window.isActiveWindow)
    assert "qa is read-only" in shown(window, "callbackRefusal")
    assert len(wire.requests) == count


def test_a_number_counters_and_a_cancel_cut_off(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    facts = {"carrier": "SFR", "country-code": 33, "is-premium": False, "location": ""}

    def answer(request: WireRequest) -> Answer:
        if request.method == "DELETE":
            return hold() if request.target.endswith("id-002") else json_answer({})
        if "phonenumber" in request.target:
            return json_answer(facts)
        if "watermarks" in request.target:
            return json_answer({"services": {"callme": 2, "sales": 0}, "total": 2})
        return json_answer({"callme": [record(n) for n in range(1, 4)]})

    wire.script(by_request(answer))
    main = at(open_window, wire)
    window = opened(main, qtbot)
    listed(window, qtbot)
    press(window, "F6")
    idle(window, qtbot)
    chip = find(window, QToolButton, "callbackCounter_callme")
    assert (chip.text(), wire.requests[-1].target) == (
        "callme  2",
        "/genesys/1/admin/callback/watermarks",
    )
    click(chip)  # lists the callbacks of that service
    idle(window, qtbot)
    assert f"{QUEUES}?target=callme&max=500" in [one.target for one in wire.requests]
    through_the_counters(window, qtbot)
    # Another way to ask lists at once; a number that is typed does with Enter.
    choose(find(window, QComboBox, "callbackSourceCombo"), "Query")
    idle(window, qtbot)
    retype(find(window, QLineEdit, "callbackCustomerEdit"), "+49891200000", "Return")
    idle(window, qtbot)
    asked = f"{SERVICE}/callme?_customer_number=%2B49891200000"
    assert asked in [one.target for one in wire.requests]
    # What no button has is typed.
    further = find(window, QLineEdit, "callbackFurtherEdit")
    retype(further, "gold", "Return")
    assert "'gold' is no key with a value" in shown(window, "callbackRefusal")
    retype(further, "operand=AND&_vq=!SIP VQ", "Return")
    idle(window, qtbot)
    retype(find(window, QLineEdit, "callbackStateEdit"), "!PAUSED", "Return")
    idle(window, qtbot)
    asked = f"{SERVICE}/callme?operand=AND&_vq=%21SIP+VQ&_customer_number=%2B49891200000"
    assert f"{asked}&_callback_state=%21PAUSED" in [one.target for one in wire.requests]
    assert shown(window, "callbackRefusal") == ""

    select(window, "id-001")
    press(window, "Ctrl+K")
    dialog = active_dialog(qtbot, NumberDialog)
    assert find(dialog, QLineEdit, "checkNumberEdit").text() == "+49891200000"
    type_text(find(dialog, QLineEdit, "checkCountryEdit"), "FR")
    press(dialog, "Return")
    qtbot.waitUntil(lambda: bool(window.numbers.facts) and not window.numbers.asker.busy)
    assert wire.requests[-1].raw == head(
        wire, "GET", "/genesys/1/phonenumber?number=%2B49891200000&country=FR"
    )
    tree = find(dialog, QTreeWidget, "numberFacts")
    assert [(i.text(0), i.text(1)) for n in range(4) if (i := tree.topLevelItem(n))] == [
        ("carrier", "SFR"),
        ("country-code", "33"),
        ("is-premium", "false"),
        ("location", ""),
    ]
    press(dialog, "Escape")
    qtbot.waitUntil(window.isActiveWindow)

    cut_off(window, wire, qtbot)
    unreadable(window, wire, qtbot)
    press(window, "Ctrl+N")
    qtbot.waitUntil(main.isActiveWindow)
    assert main.console.draft.service == "callback/callme"


def through_the_counters(window: CallbacksWindow, qtbot: QtBot) -> None:
    """Come to the counters between the filter and the list; while they change the keys stay."""
    find(window, QSpinBox, "callbackMostSpin").setFocus()
    press(window, "Tab", "Tab")
    assert QApplication.focusWidget() is find(window, QToolButton, "callbackCounter_callme")
    press(window, "F5")
    idle(window, qtbot)
    assert QApplication.focusWidget() is find(window, QToolButton, "callbackCounter_callme")
    press(window, "Tab", "Tab")
    assert QApplication.focusWidget() is window.table


def cut_off(window: CallbacksWindow, wire: WireServer, qtbot: QtBot) -> None:
    """End a round of cancels by Esc; what was not done is said beside each row."""
    window.go()
    press(window, "Ctrl+A", "Delete")
    press(active_dialog(qtbot, CancelDialog), "Alt+C")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    press(window, "Escape")
    assert said(window) == "Stopped. What was sent already may have been done."
    qtbot.waitUntil(lambda: len(window.desk.changes.outcomes) == 3)
    idle(window, qtbot)
    assert window.isVisible()
    assert cell(window, "id-001", OUTCOME).startswith("Cancelled · 200 OK")
    for one in ("id-002", "id-003"):
        assert cell(window, one, OUTCOME) == "Not cancelled · ended before there was an answer"
    assert not [one for one in wire.requests if one.target.endswith("id-003")]
    press(window, "Ctrl+Shift+C")
    assert QApplication.clipboard().text() == "id-001\nid-002\nid-003"


def unreadable(window: CallbacksWindow, wire: WireServer, qtbot: QtBot) -> None:
    """What is no list was sent for and answered, so it is not said that nothing was sent."""
    counters = json_answer({"services": {"callme": 2}, "total": 2})

    def answer(request: WireRequest) -> Answer:
        return counters if "watermarks" in request.target else text_answer("hello")

    wire.script(by_request(answer))
    assert len(listed(window, qtbot)) == 3  # those that came before stay
    why = "A list of callbacks was expected; the answer is no JSON, or null."
    assert shown(window, "callbackRefusal") == why
    main = window.parent()
    assert isinstance(main, MainWindow)
    environment = main.console.environment
    assert environment is not None
    wire.script(by_request(lambda _: hold()))
    press(window, "F5")
    qtbot.waitUntil(lambda: wire.waiting > 0)
    main.console.use_environment(replace(environment, base_path="/other"))
    idle(window, qtbot)  # what the place before was asked for is of no use any more
    wire.script(by_request(lambda _: text_answer("hello")))
    assert listed(window, qtbot) == []
    assert window.table.hint.text().startswith("No list came")


def test_the_window_follows_colours_and_size_of_the_text(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(by_request(lambda _: json_answer({"callme": [record(1)]})))
    main = at(open_window, wire)
    main.look.use_scheme(Qt.ColorScheme.Light)
    window = opened(main, qtbot)
    listed(window, qtbot)
    action = window.actions_by_name["refreshCallbacks"]
    light = action.icon().cacheKey()
    main.look.use_scheme(Qt.ColorScheme.Dark)
    assert action.icon().cacheKey() != light
    before = [window.table.columnWidth(column) for column in (0, DESIRED)]
    for _ in range(4):
        press(main, "Ctrl++")
    settle()
    after = [window.table.columnWidth(column) for column in (0, DESIRED)]
    assert all(new > old * 1.2 for old, new in zip(before, after, strict=True))
    text, metrics = cell(window, "id-001", DESIRED), window.table.fontMetrics()
    assert metrics.horizontalAdvance(text) < after[1]
    assert window.table.rowHeight(0) > metrics.height()
    press(main, "Ctrl+0")
