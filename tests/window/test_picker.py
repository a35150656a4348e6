"""The service picker and the service name field."""

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView
from pytestqt.qtbot import QtBot

from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer
from tests.window.driving import (
    cells,
    click,
    click_row,
    find,
    press,
    retype,
    row,
    send,
    type_text,
)

FAMILIES = ["Voice", "Inbound", "Outbound"]


def picker(window: MainWindow) -> QTreeView:
    return find(window, QTreeView, "servicePicker")


def listed(window: MainWindow) -> list[str]:
    """What the tree shows, from top to bottom."""
    view = picker(window)
    return [
        str(index.data()) for index in cells(view.model()) if not view.visualRect(index).isEmpty()
    ]


def service(window: MainWindow) -> str:
    return find(window, QLineEdit, "serviceNameEdit").text()


def test_all_services_are_shown_by_family(window: MainWindow) -> None:
    shown = [index.data() for index in cells(picker(window).model())]
    assert [one for one in shown if one in FAMILIES] == FAMILIES
    catalogue = [kind.name for kind in window.console.catalogue]
    assert [one for one in shown if one not in FAMILIES] == catalogue
    assert picker(window).isExpanded(row(picker(window), "Voice"))


def test_a_service_is_chosen_by_keys_alone(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    press(window, "Ctrl+P")
    type_text(window, "inb")
    assert listed(window) == [
        "Inbound",
        "request-inbound-poll",
        "request-inbound-immediate",
        "request-inbound-delay",
        "Use “inb”",
    ]
    press(window, "Down", "Return")
    assert service(window) == "request-inbound-immediate"
    assert send(window, wire, qtbot).target == "/genesys/1/service/request-inbound-immediate"


def test_enter_takes_the_first_service_that_fits(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "outbound")
    press(window, "Return")
    assert service(window) == "request-outbound-immediate"


def test_an_exact_name_wins_over_an_earlier_one(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "request-outbound-delay")
    press(window, "Return")
    assert service(window) == "request-outbound-delay"


def test_a_service_is_chosen_by_a_click(window: MainWindow) -> None:
    click_row(picker(window), "match-interaction")
    assert service(window) == "match-interaction"


def test_a_click_on_a_family_chooses_nothing(window: MainWindow) -> None:
    retype(find(window, QLineEdit, "serviceFilterEdit"), "request")
    before = service(window)
    click_row(picker(window), "Voice")
    assert service(window) == before


def test_any_name_can_be_used(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    press(window, "Ctrl+P")
    type_text(window, "my own/service")
    assert listed(window) == ["Use “my own/service”"]
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


def test_ctrl_p_selects_what_was_typed_before(window: MainWindow) -> None:
    press(window, "Ctrl+P")
    type_text(window, "one")
    press(window, "Alt+1", "Ctrl+P")
    type_text(window, "two")
    assert find(window, QLineEdit, "serviceFilterEdit").text() == "two"


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
    tabs = window.request_pane.target_bar.tabs
    click(tabs, tabs.tabRect(1).center())
    assert not find(window, QLineEdit, "serviceNameEdit").isVisible()
    click_row(picker(window), "request-access")
    assert find(window, QLineEdit, "serviceNameEdit").isVisible()
    assert service(window) == "request-access"
    assert tabs.currentIndex() == 0


def test_services_say_what_they_do_and_how_sure_that_is(window: MainWindow) -> None:
    def tip(index: QModelIndex) -> str:
        return str(index.data(3))

    assert "(documented)" in tip(row(picker(window), "request-interaction"))
    assert "(unverified)" in tip(row(picker(window), "request-inbound-delay"))
