"""The service picker and the service name field: finding, choosing, favourites and recent."""

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from gms_console.model.form import Form
from gms_console.ui.panes.service_view import ServiceView
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    cells,
    click,
    click_row,
    find,
    press,
    retype,
    row,
    said,
    send,
    settle,
    type_text,
)

FAMILIES = ["Voice", "Inbound", "Outbound", "Callback", "Chat", "Calendar and capacity", "Custom"]
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def picker(window: MainWindow) -> ServiceView:
    return find(window, ServiceView, "servicePicker")


def listed(window: MainWindow) -> list[str]:
    """What the tree shows, from top to bottom; what has to be scrolled to as well."""
    view = picker(window)
    return [
        str(index.data()) for index in cells(view.model()) if not view.visualRect(index).isEmpty()
    ]


def below(window: MainWindow, heading: str) -> list[str]:
    """What stands below a heading; nothing when it is not there."""
    view = picker(window)
    model = view.model()
    for place in range(model.rowCount()):
        top = model.index(place, 0)
        if top.data() == heading:
            return [str(model.index(n, 0, top).data()) for n in range(model.rowCount(top))]
    return []


def service(window: MainWindow) -> str:
    return find(window, QLineEdit, "serviceNameEdit").text()


def filter_edit(window: MainWindow) -> QLineEdit:
    return find(window, QLineEdit, "serviceFilterEdit")


def pick(window: MainWindow, words: str) -> None:
    press(window, "Ctrl+P")
    type_text(window, words)
    press(window, "Return")


def highlighted(window: MainWindow) -> str:
    return str(picker(window).currentIndex().data())


# --- finding and choosing ---------------------------------------------------------------------


def test_all_services_are_shown_by_family(window: MainWindow) -> None:
    view = picker(window)
    shown = [str(index.data()) for index in cells(view.model())]
    assert [one for one in shown if one in FAMILIES] == FAMILIES
    catalogue = window.console.services.catalogue
    assert catalogue is not None
    for kind in catalogue:
        assert {kind.name, kind.title} & set(shown), kind.name
    assert view.isExpanded(row(view, "Voice"))


def test_nothing_is_said_of_favourites_and_recent_ones_while_there_are_none(
    window: MainWindow,
) -> None:
    assert listed(window)[0] == "Voice"


def test_a_service_is_chosen_by_keys_alone(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Ctrl+P")
    type_text(window, "inb")
    assert listed(window)[:4] == [
        "Inbound",
        "request-inbound-poll",
        "request-inbound-immediate",
        "request-inbound-delay",
    ]
    assert listed(window)[-2:] == ["Use “inb”", "Bind to a kind …"]
    press(window, "Down", "Return")
    assert service(window) == "request-inbound-immediate"
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-inbound-immediate"


def test_enter_takes_the_first_service_whose_name_fits(window: MainWindow) -> None:
    pick(window, "outbound")
    assert service(window) == "request-outbound-immediate"


def test_an_exact_name_wins_over_an_earlier_one(window: MainWindow) -> None:
    pick(window, "request-outbound-delay")
    assert service(window) == "request-outbound-delay"


def test_a_service_is_chosen_by_a_click(window: MainWindow) -> None:
    click_row(picker(window), "match-interaction")
    assert service(window) == "match-interaction"


def test_a_click_on_a_family_folds_it_and_chooses_nothing(window: MainWindow) -> None:
    before = service(window)
    click_row(picker(window), "Voice")
    assert service(window) == before
    assert "match-interaction" not in listed(window)
    press(window, "Ctrl+P")
    type_text(window, "match")
    assert "match-interaction" in listed(window)
    press(window, "Ctrl+A", "Delete")
    assert "match-interaction" not in listed(window)
    click_row(picker(window), "Voice")
    assert "match-interaction" in listed(window)


def test_any_name_can_be_used(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    press(window, "Ctrl+P")
    type_text(window, "my own/service")
    assert listed(window) == ["Use “my own/service”", "Bind to a kind …"]
    press(window, "Return")
    assert service(window) == "my own/service"
    assert send(window, wire, qtbot).target == "/genesys/1/service/my%20own%2Fservice"


def test_a_free_name_can_be_clicked_where_services_fit_as_well(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "request")
    click_row(picker(window), "Use “request”")
    assert service(window) == "request"


def test_a_name_that_the_catalogue_knows_is_not_offered_twice(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "request-access")
    assert listed(window) == ["Voice", "request-access"]


def test_the_filter_hides_families_and_gives_them_back(window: MainWindow) -> None:
    everything = listed(window)
    press(window, "Ctrl+P")
    type_text(window, "outbound delay")
    assert listed(window)[:2] == ["Outbound", "request-outbound-delay"]
    press(window, "Ctrl+A", "Delete")
    assert listed(window) == everything


@pytest.mark.parametrize("words", ["User-Terminated-Scheduled", "VOICE-SCHEDULED", "time that"])
def test_titles_names_and_meanings_are_looked_through(window: MainWindow, words: str) -> None:
    press(window, "Ctrl+P")
    type_text(window, words)
    assert "User-Terminated-Scheduled" in below(window, "Callback")


def test_the_filter_is_empty_again_after_a_choice(window: MainWindow) -> None:
    pick(window, "match")
    assert filter_edit(window).text() == ""
    assert set(FAMILIES) <= set(listed(window))
    assert highlighted(window) == "match-interaction"


def test_ctrl_p_selects_what_was_typed_before(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "one")
    press(window, "Alt+1", "Ctrl+P")
    type_text(window, "two")
    assert filter_edit(window).text() == "two"


def test_the_highlight_follows_the_form(window: MainWindow) -> None:
    assert highlighted(window) == "request-interaction"
    edit = find(window, QLineEdit, "serviceNameEdit")
    retype(edit, "request-access")
    press(window, "Return")
    settle()
    assert highlighted(window) == "request-access"
    retype(edit, "nobody-knows-this")
    settle()
    assert not picker(window).currentIndex().isValid()


def test_arrows_go_from_service_to_service_past_the_headings(window: MainWindow) -> None:
    click_row(picker(window), "request-access")
    press(window, "Ctrl+P")
    press(window, "Down")
    assert highlighted(window) == "request-inbound-poll"
    press(window, "Down")
    assert highlighted(window) == "request-inbound-immediate"
    press(window, "Up", "Up")
    assert highlighted(window) == "request-access"


# --- callback scenarios -------------------------------------------------------------------------


def test_a_scenario_is_found_by_its_title_and_sent_below_callback(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    pick(window, "user-terminated-imm")
    assert service(window) == "callback/VOICE-NOW-USERTERM"
    request = send(window, wire, qtbot)
    assert request.target == "/genesys/1/service/callback/VOICE-NOW-USERTERM"
    assert b"_call_direction=USERTERMINATED" in request.body


def test_the_name_of_a_scenario_can_be_typed_over_at_once(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    pick(window, "user-terminated-imm")
    assert find(window, QLineEdit, "serviceNameEdit").selectedText() == "VOICE-NOW-USERTERM"
    type_text(window, "callme")
    request = send(window, wire, qtbot)
    assert request.target == "/genesys/1/service/callback/callme"
    assert b"_call_direction=USERTERMINATED" in request.body


def test_a_calendar_is_asked_by_get(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    pick(window, "office-hours")
    request = send(window, wire, qtbot)
    assert request.method == "GET"
    assert request.target.startswith("/genesys/1/service/office-hours")


def test_what_was_typed_for_a_service_is_there_again(window: MainWindow) -> None:
    pick(window, "match-interaction")
    model = window.console.draft.form_model
    keys = [one.key for one in model.form]
    press(window, "Alt+1", "Ctrl+N")
    type_text(window, "language")
    press(window, "Return")
    pick(window, "request-access")
    assert "language" not in [one.key for one in window.console.draft.form_model.form]
    pick(window, "match-interaction")
    now = [one.key for one in window.console.draft.form_model.form]
    assert sorted(now) == sorted([*keys, "language"])


# --- the service name field ---------------------------------------------------------------------


@pytest.mark.parametrize("leave", ["Return", "Tab"])
def test_a_name_is_typed_straight_into_the_field(
    window: MainWindow, wire: WireServer, qtbot: QtBot, leave: str
) -> None:
    retype(find(window, QLineEdit, "serviceNameEdit"), "request-inbound-delay")
    if QApplication.activePopupWidget() is not None:
        press(window, leave)
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-inbound-delay"


def test_spaces_around_a_name_are_not_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    retype(find(window, QLineEdit, "serviceNameEdit"), " spaced ")
    assert send(window, wire, qtbot).target == "/genesys/1/service/spaced"


def test_a_name_completed_by_the_list_is_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    retype(find(window, QLineEdit, "serviceNameEdit"), "request-inb")
    assert QApplication.activePopupWidget() is not None
    press(window, "Down", "Return")
    assert service(window) == "request-inbound-poll"
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-inbound-poll"


def test_choosing_in_the_picker_leaves_the_request_on_an_instance(window: MainWindow) -> None:
    tabs = window.request_pane.tabs
    click(tabs, tabs.tabRect(1).center())
    assert not find(window, QLineEdit, "serviceNameEdit").isVisible()
    click_row(picker(window), "request-access")
    assert find(window, QLineEdit, "serviceNameEdit").isVisible()
    assert service(window) == "request-access"
    assert tabs.currentIndex() == 0


# --- what is said of a service ------------------------------------------------------------------


def test_services_say_what_they_do_and_how_sure_that_is(window: MainWindow) -> None:
    def tip(index: QModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.ToolTipRole))

    assert "(documented)" in tip(row(picker(window), "request-interaction"))
    assert "(unverified)" in tip(row(picker(window), "request-inbound-delay"))
    spoken = str(row(picker(window), "User-Terminated-Delayed").data(SPOKEN))
    assert "VOICE-WAIT-USERTERM" in spoken
    assert "seen in the field" in spoken


# --- favourites and recent ----------------------------------------------------------------------


def click_star(window: MainWindow, text: str) -> None:
    view = picker(window)
    index = row(view, text)
    view.scrollTo(index)
    click(view.viewport(), view.star_rect(index).center())


def test_a_star_makes_a_favourite_and_chooses_nothing(window: MainWindow) -> None:
    before = service(window)
    click_star(window, "request-access")
    assert below(window, "Favourites") == ["request-access"]
    assert service(window) == before
    assert "request-access is a favourite" in said(window)
    assert "favourite" in str(row(picker(window), "request-access").data(SPOKEN))
    click_star(window, "request-access")
    assert below(window, "Favourites") == []
    assert "Favourites" not in listed(window)


def test_a_favourite_is_made_by_key_of_what_is_highlighted_or_in_the_form(
    window: MainWindow,
) -> None:
    press(window, "Ctrl+P")
    type_text(window, "capac")
    press(window, "Ctrl+B")
    assert window.console.services.favourites == ("capacity",)
    press(window, "Ctrl+A", "Delete", "Alt+1", "Ctrl+B")
    assert window.console.services.favourites == ("capacity", "request-interaction")
    press(window, "Ctrl+B")
    assert window.console.services.favourites == ("capacity",)


def test_a_favourite_is_made_in_the_menu_of_an_entry(window: MainWindow) -> None:
    click_row(picker(window), "hello")
    picker(window).setFocus(Qt.FocusReason.TabFocusReason)
    open_menu(window)
    press(window, "F")
    assert below(window, "Favourites") == ["hello"]


def open_menu(window: MainWindow) -> QMenu:
    """Press the menu key in the picker."""
    view = picker(window)
    place = view.visualRect(view.currentIndex()).center()
    event_at = view.viewport().mapToGlobal(place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, event_at)
    QApplication.sendEvent(view.viewport(), event)
    settle()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_double_click_chooses_once_and_hits_nothing_else(window: MainWindow) -> None:
    view = picker(window)
    index = row(view, "match-interaction")
    view.scrollTo(index)
    place: QPoint = view.visualRect(index).center()
    click(view.viewport(), place)
    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )
    settle()
    assert service(window) == "match-interaction"
    assert window.console.services.recent == ("match-interaction",)


def test_recent_has_the_last_eight_chosen_or_sent(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    names = [f"own-{n}" for n in range(10)]
    for name in names:
        pick(window, name)
    assert below(window, "Recent") == names[:1:-1]
    retype(find(window, QLineEdit, "serviceNameEdit"), "typed-and-sent")
    send(window, wire, qtbot)
    assert below(window, "Recent") == ["typed-and-sent", *names[:2:-1]]
    press(window, "Ctrl+P")
    type_text(window, "own-5")
    assert listed(window) == ["Recent", "own-5"]


def test_a_favourite_is_not_among_the_recent_ones_as_well(window: MainWindow) -> None:
    pick(window, "own-1")
    pick(window, "own-2")
    press(window, "Ctrl+B")
    assert below(window, "Favourites") == ["own-2"]
    assert below(window, "Recent") == ["own-1"]


def test_favourites_and_recent_ones_are_there_at_the_next_start(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    workspace = Workspace(base_url=wire.base_url, create=Draft(service="request-access"))
    first = open_window(workspace, tmp_path)
    pick(first, "chat-imm")
    press(first, "Ctrl+B")
    pick(first, "own-service")
    close_window(first, qtbot)
    again = open_window(folder=tmp_path)
    assert below(again, "Favourites") == ["Chat-Immediate"]
    assert below(again, "Recent") == ["own-service"]
    click_row(picker(again), "Chat-Immediate")
    assert service(again) == "callback/CHAT-NOW"


def test_from_the_start_to_an_answer_by_keys_alone(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}))
    press(window, "Ctrl+P")
    type_text(window, "user-orig-nothing")
    press(window, "Ctrl+A")
    type_text(window, "user-originated-im")
    press(window, "Return")
    type_text(window, "callme")
    press(window, "Alt+1", "Home", "Return")
    request = send(window, wire, qtbot)
    assert request.target == "/genesys/1/service/callback/callme"
    assert window.console.live.selected is not None
    assert window.console.live.selected.id == "I-1"
    assert below(window, "Recent")[0] == "callback/callme"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("opening hours", "office-hours"),
        ("book a time", "User-Terminated-Scheduled"),
        ("phone me back when an agent is ready", "User-Terminated-Delayed"),
    ],
)
def test_a_service_is_found_by_the_words_of_a_newcomer(
    window: MainWindow, typed: str, found: str
) -> None:
    press(window, "Ctrl+P")
    type_text(window, typed)
    shown = [str(index.data()) for index in cells(picker(window).model())]
    assert found in shown
    assert "request-interaction" not in shown


def test_rows_typed_for_a_service_outlive_its_name_typed_over_another(window: MainWindow) -> None:
    services, draft = window.console.services, window.console.draft
    services.choose("svcA")
    draft.form_model.edit(Form.of(("a", "1")), "type")
    services.choose("svcB")
    draft.form_model.edit(Form.of(("b", "2")), "type")
    draft.service = "svcA"
    services.choose("svcC")
    services.choose("svcA")
    assert [row.key for row in draft.form_model.form] == ["a"]
    services.choose("svcB")
    assert [row.key for row in draft.form_model.form] == ["b"]
