"""The window of callbacks where things go otherwise: refusals, cut off requests, odd answers."""

from dataclasses import replace
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.model.connection import GuardLevel
from gms_console.ui.models.callback_model import DESIRED, OUTCOME, STATE
from gms_console.ui.panes.callbacks.cancel_dialog import CancelDialog
from gms_console.ui.panes.callbacks.number_dialog import NumberDialog
from gms_console.ui.panes.callbacks.slot_dialog import SlotDialog
from gms_console.ui.panes.callbacks.window import CallbacksWindow
from gms_console.ui.window import MainWindow
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    by_request,
    hold,
    json_answer,
    text_answer,
)
from tests.window.callbacks import (
    QUEUES,
    SERVICE,
    SHIFT,
    at,
    cell,
    counted,
    head,
    idle,
    listed,
    opened,
    record,
    select,
    shown,
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
    type_text,
)


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
