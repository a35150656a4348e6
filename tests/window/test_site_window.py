"""The window of nodes and calendar, tab by tab: what is sent, and what it shows of the answer."""

from dataclasses import replace
from urllib.parse import unquote

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.model.connection import GuardLevel
from gms_console.model.form import Row
from gms_console.ui.panes.site.window import SiteWindow
from gms_console.ui.window import MainWindow
from tests.support.cluster import Cluster
from tests.support.wire_server import (
    Answer,
    WireRequest,
    WireServer,
    by_request,
    json_answer,
    reset_before_answer,
    text_answer,
)
from tests.window.driving import (
    active_dialog,
    cells,
    click,
    fill_row,
    find,
    press,
    retype,
    send,
    texts,
    type_text,
)

PERIODS: list[dict[str, object]] = [
    {"start": "2026-11-24T09:00:00.000Z", "end": "2026-11-24T17:00:00.000Z"},
    {"start": "2026-11-25T22:00:00.000Z", "end": "2026-11-26T02:00:00.000Z"},
    {"odd": True},
]
HOURS = {"error": None, "periods": PERIODS}
CAPACITY = {
    "error": None,
    "timezone": "Europe/Paris",
    "capacity": [
        {"start": "2026-11-24T09:00:00", "capacity": 60},
        {"start": "2026-11-24T10:00:00", "capacity": "30"},
        {"start": "2026-11-25T09:00:00", "capacity": 0},
    ],
}
NUMBER = {"number-E164": "+33604120405", "is-valid-number": True, "carrier": "SFR", "new": 1}


def site() -> Answer:
    """A GMS that answers what the tabs ask."""
    answers = {
        "1/service/office-hours": json_answer(HOURS),
        "1/service/capacity": json_answer(CAPACITY),
        "1/statistic": json_answer('{"value": 7}', headers=[("Age", "3")]),
        "1/internal_statistic": json_answer(
            {"message": "bad statistic", "exception": "java.lang.X"}, 403
        ),
        "1/patterns/group/vip": json_answer({"mail": "email"}),
        "1/phonenumber": json_answer(NUMBER),
    }

    def choose(request: WireRequest) -> Answer:
        path = unquote(request.target.partition("?")[0]).removeprefix("/genesys/")
        return answers.get(path, json_answer({}))

    return by_request(choose)


def opened(window: MainWindow, qtbot: QtBot, tab: str) -> SiteWindow:
    press(window, "Ctrl+Alt+4")
    found = window.findChild(SiteWindow)
    assert found is not None
    qtbot.waitUntil(found.isActiveWindow)
    press(found, tab)
    return found


def asked(window: SiteWindow, wire: WireServer, qtbot: QtBot) -> WireRequest:
    """Press F5 and wait for what came of it."""
    count = len(wire.requests)
    press(window, "F5")
    qtbot.waitUntil(lambda: len(wire.requests) == count + 1 and not window.desk.busy)
    return wire.requests[-1]


def test_calendar_and_capacity_are_asked_and_painted(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.default = site()
    board = opened(window, qtbot, "Alt+2")
    retype(find(board, QLineEdit, "hoursStartEdit"), "2026-11-24T00:00:00.000Z")
    request = asked(board, wire, qtbot)
    assert (request.method, request.body) == ("GET", b"")
    assert request.target == (
        "/genesys/1/service/office-hours?start=2026-11-24T00%3A00%3A00.000Z&number-of-days=7"
    )
    painted = [(one.day.day, one.start, one.end) for one in board.hours.grid.blocks]
    assert painted == [(24, 540, 1020), (25, 1320, 1440), (26, 0, 120)]
    assert texts(find(board, QListWidget, "hoursList"))[0] == "Tue 2026-11-24  09:00 – 17:00"
    assert "1 of another shape" in find(board, QLabel, "hoursNote").text()
    wire.default = json_answer({"error": "no such calendar", "periods": []})
    typed = find(board, QComboBox, "hoursServiceCombo").lineEdit()
    assert typed is not None
    retype(typed, "branch/paris")
    request = asked(board, wire, qtbot)
    assert request.target.startswith("/genesys/1/service/branch%2Fparis?")
    note = find(board, QLabel, "hoursNote")
    assert "no such calendar" in note.text()
    assert board.hours.grid.days == ()
    # What an answer says beside its error is shown with it; closed days that were asked for too.
    wire.default = json_answer({"error": "one option cannot be read", "p": PERIODS[:1]})
    press(typed, "Return")
    qtbot.waitUntil(lambda: "one option" in note.text() and not board.desk.busy)
    assert [one.day for one in board.hours.grid.days] == [24, 25, 26, 27, 28, 29, 30]
    wire.default = text_answer("gone", 500)
    asked(board, wire, qtbot)
    assert board.hours.grid.days == ()
    assert not find(board, QListWidget, "hoursList").isVisible()
    retype(typed, "", "Return")
    assert "The name is empty" in note.text()

    wire.default = site()
    press(board, "Alt+3")
    retype(find(board, QLineEdit, "capacityStartEdit"), "2026-11-24T09:00:00")
    retype(find(board, QLineEdit, "capacityZoneEdit"), "Europe/Paris")
    assert asked(board, wire, qtbot).target == (
        "/genesys/1/service/capacity?start=2026-11-24T09%3A00%3A00&timezone=Europe%2FParis"
    )
    blocks = board.capacity.grid.blocks
    assert [(one.text, one.weight) for one in blocks] == [("60", 1), ("30", 0.5), ("0", 0)]
    assert len(board.capacity.grid.days) == 2


def test_statistics_patterns_and_numbers_are_asked(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.default = site()
    board = opened(window, qtbot, "Alt+4")
    retype(find(board, QLineEdit, "statistic_objectId"), "9001@SIP")
    retype(find(board, QLineEdit, "statistic_metric"), "Waiting")
    board.statistic.mode_combo.setCurrentText("Immediate")
    request = asked(board, wire, qtbot)
    assert (request.method, request.target) == ("POST", "/genesys/1/statistic")
    assert request.body == b"objectId=9001%40SIP&metric=Waiting&notificationMode=Immediate"
    assert find(board, QLabel, "statisticValue").text() == "7"
    assert "Age 3 s" in find(board, QLabel, "statisticAge").text()
    asked(board, wire, qtbot)
    assert board.statistic.line_of_values.numbers == (7.0, 7.0)
    # Values of another statistic begin a line of their own.
    retype(find(board, QLineEdit, "statistic_metric"), "Talking")
    asked(board, wire, qtbot)
    assert board.statistic.line_of_values.numbers == (7.0,)
    board.statistic.api_combo.setCurrentIndex(1)
    assert asked(board, wire, qtbot).target == "/genesys/1/internal_statistic"
    assert "bad statistic" in find(board, QLabel, "statisticNote").text()

    press(board, "Alt+5")
    rows = [Row(key="mail", value="a@b.c"), Row(key="zip", value="75000")]
    board.patterns.rows.model.add_rows(rows)
    retype(find(board, QLineEdit, "patternsGroupEdit"), "vip")
    request = asked(board, wire, qtbot)
    assert (request.target, request.body) == (
        "/genesys/1/patterns/group/vip",
        b"mail=a%40b.c&zip=75000",
    )
    assert texts(find(board, QTreeWidget, "patternsList"), 1) == ["email", "fits none"]

    press(board, "Alt+6", "F5")
    assert "Type a number" in find(board, QLabel, "numberNote").text()
    retype(find(board, QLineEdit, "numberNumberEdit"), "06 04")
    retype(find(board, QLineEdit, "numberCountryEdit"), "FR")
    assert asked(board, wire, qtbot).target == "/genesys/1/phonenumber?number=06+04&country=FR"
    shown = [str(one.data()) for one in cells(find(board, QTreeWidget, "numberList").model())]
    assert [one for one in shown if one in {"The number", "Checks", "Place", "Others"}] == [
        "The number",
        "Checks",
        "Place",
        "Others",
    ]
    assert {"+33604120405", "true", "SFR"} <= set(shown)


def test_nodes_are_checked_and_one_is_set_offline_by_hand_alone(
    window: MainWindow, qa: Cluster, qtbot: QtBot
) -> None:
    online = [("Set-Cookie", "JSESSIONID=abc.w1; Path=/genesys; HttpOnly")]
    qa.one.default = text_answer("ONLINE", headers=online)
    qa.two.default = reset_before_answer()
    window.console.use_environment(qa.environment)
    board = opened(window, qtbot, "Alt+1")
    nodes = find(board, QTreeWidget, "nodeList")
    press(board, "F5")
    qtbot.waitUntil(lambda: "unreachable" in texts(nodes, 1) and not board.desk.busy)
    assert texts(nodes) == ["node1", "node2"]
    assert texts(nodes, 1) == ["ONLINE", "unreachable"]
    assert texts(nodes, 4) == ["w1", ""]
    assert texts(nodes, 6)[0] == ""
    assert texts(nodes, 6)[1] != ""
    assert [one.target for one in qa.one.requests] == ["/genesys/1/admin/node/status"]
    assert len(qa.two.requests) == 1

    # A question names the node; who declines has sent nothing.
    before = len(qa.one.requests)
    click(find(board, QPushButton, "setOfflineButton"))
    box = active_dialog(qtbot, QMessageBox)
    assert "node1" in box.text()
    press(box, "Esc")
    assert len(qa.one.requests) == before
    board.activateWindow()
    click(find(board, QPushButton, "setOfflineButton"))
    box = active_dialog(qtbot, QMessageBox)
    qa.one.default = text_answer("OFFLINE")
    click(find(box, QPushButton, "changeNodeButton"))
    qtbot.waitUntil(lambda: texts(nodes, 1)[0] == "OFFLINE" and not board.desk.busy)
    assert [(one.method, one.target) for one in qa.one.requests[before:]] == [
        ("POST", "/genesys/1/admin/node/changestatus/OFFLINE"),
        ("GET", "/genesys/1/admin/node/status"),
    ]
    assert len(qa.two.requests) == 1

    # A node of 8.1.1 tells its status elsewhere; what a node refuses is said beside it.
    old = by_request(
        lambda one: text_answer("ONLINE", 200 if one.target.endswith("/1/node") else 404)
    )
    qa.one.default, qa.two.default = text_answer("who are you", 401), old
    board.activateWindow()
    press(board, "F5")
    qtbot.waitUntil(lambda: texts(nodes, 1) == ["refused", "ONLINE"] and not board.desk.busy)
    assert "401" in texts(nodes, 6)[0]
    assert [one.target.removeprefix("/genesys") for one in qa.two.requests[1:]] == [
        *("/1/admin/node/status", "/1/node")
    ]


def test_what_repeats_ends_with_the_window_and_goes_to_no_other_place(
    window: MainWindow, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    """Read-only lets statistics be asked for; a password typed for them goes nowhere else."""
    qa.one.default = json_answer({"value": 7})
    console, read_only = window.console, replace(qa.environment, guard=GuardLevel.READ_ONLY)
    home = console.environment
    assert home is not None
    console.use_environment(read_only)
    board = opened(window, qtbot, "Alt+4")
    for key, text in (("objectId", "9001"), ("tenantPassword", "s3cret"), ("metric", "Waiting")):
        retype(find(board, QLineEdit, f"statistic_{key}"), text)
    find(board, QSpinBox, "statisticEverySpin").setValue(1)
    box = find(board, QCheckBox, "statisticRepeatBox")
    box.click()
    value = find(board, QLabel, "statisticValue")
    qtbot.waitUntil(lambda: len(board.statistic.history.values) >= 2)
    assert value.text() == "7"
    assert {one.method for one in qa.one.requests} == {"POST"}
    console.use_environment(replace(read_only, timeout=9.0))
    assert box.isChecked()
    console.use_environment(home)
    assert not box.isChecked()
    assert value.text() == "–"
    assert board.statistic.line_of_values.numbers == ()
    assert not board.statistic.inquiry.repeats
    assert wire.requests == []
    box.click()
    qtbot.waitUntil(lambda: len(wire.requests) >= 1 and not board.desk.busy)
    press(board, "Alt+1")
    nodes = find(board, QCheckBox, "repeatNodesBox")
    nodes.click()
    qtbot.waitUntil(lambda: len(wire.requests) >= 2 and not board.desk.busy)
    board.close()
    assert not box.isChecked()
    assert not nodes.isChecked()
    assert not board.statistic.inquiry.repeats


def test_a_path_is_chosen_named_and_sent_in_the_main_window(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    """What stands beside services is in the picker too; its example is ready to be typed over."""
    wire.default = json_answer({"statusCode": 0, "chatId": "00048aAP", "secureKey": "k"})
    console = window.console
    assert console.services.label_of("/2/chat/sales").text == "Chat, version 2"
    console.services.choose("/2/chat/customer-support")
    edit = find(window, QLineEdit, "serviceNameEdit")
    assert edit.selectedText() == "customer-support"
    type_text(window, "sales")
    assert edit.text() == "/2/chat/sales"
    fill_row(window, "nickname", "Ann")
    request = send(window, wire, qtbot)
    assert (request.target, request.body) == ("/genesys/2/chat/sales", b"nickname=Ann")
    assert window.request_pane.target_bar.path_label.text() == "/genesys"
    [instance] = console.session.instances
    assert (instance.id, instance.service) == ("00048aAP", "/2/chat/sales")
    known = console.services.request_of(instance.service, "refresh")
    assert known is not None
    assert known.path == "{service}/{id}/refresh"
    console.services.choose("/1/phonenumber")
    assert console.draft.method == "GET"
    assert not console.services.needs_own_name("/1/phonenumber")
