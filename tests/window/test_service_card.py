"""The service card: what it says of a service, and what can be done with it."""

from html import escape
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.panes.card_parts import Entry
from gms_console.ui.panes.service_card import ServiceCard
from gms_console.ui.panes.service_view import ServiceView
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    click,
    find,
    form_table,
    open_tab,
    press,
    retype,
    row,
    said,
    send,
    settle,
    type_text,
)

TIP = Qt.ItemDataRole.ToolTipRole
OWN = """
family: Own
kinds:
  - name: marked-up
    meaning: "<b>bold</b> & <img src=x>"
    provenance: unverified
    parameters:
      - {name: "_a<i>b", meaning: "1 < 2", provenance: unverified}
"""


def card(window: MainWindow) -> ServiceCard:
    return find(window, ServiceCard, "serviceCard")


def choose(window: MainWindow, qtbot: QtBot, words: str) -> None:
    """Choose by keys, and wait until the card has all its sections."""
    press(window, "Ctrl+P")
    type_text(window, words)
    press(window, "Return")
    wait_for_card(window, qtbot)


def wait_for_card(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not card(window)._soon.isActive())
    settle()


def texts_of(part: QWidget) -> list[str]:
    return [one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part)]


def title(window: MainWindow) -> str:
    return find(window, QLabel, "serviceCardTitle").text()


def section(window: MainWindow, name: str) -> QFrame:
    return find(window, QFrame, name)


def entry(window: MainWindow, name: str) -> Entry:
    found = [
        one
        for one in section(window, "serviceParameters").findChildren(Entry)
        if name in texts_of(one)
    ]
    assert len(found) == 1, name
    return found[0]


def has_section(window: MainWindow, name: str) -> bool:
    return any(one.isVisible() for one in window.findChildren(QFrame, name))


def keys_of(window: MainWindow) -> list[str]:
    return [row.key for row in window.console.draft.form_model.form]


# --- what it says -----------------------------------------------------------------------------


def test_the_card_comes_to_the_front_when_a_service_is_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert not card(window).isVisible()
    assert card(window).widget() is None
    choose(window, qtbot, "request-access")
    assert card(window).isVisible()
    assert title(window) == "Request access information"


def test_the_card_says_what_a_service_does_and_how_sure_that_is(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose(window, qtbot, "user-terminated-sch")
    said_of_it = " ".join(texts_of(card(window)))
    assert title(window) == "User-Terminated-Scheduled"
    assert "VOICE-SCHEDULED-USERTERM" in said_of_it
    assert "Callback" in said_of_it
    assert "Seen in the field" in said_of_it
    assert "POST …/service/callback/VOICE-SCHEDULED-USERTERM" in said_of_it
    assert "_call_direction=USERTERMINATED" in said_of_it


def test_parameters_say_type_range_default_and_whether_they_are_enforced(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose(window, qtbot, "request-interaction")
    phone = " ".join(texts_of(entry(window, "_phone_number")))
    assert "mandatory, not enforced" in phone
    assert "Phone number" in phone
    timeout = " ".join(texts_of(entry(window, "_booking_expiration_timeout")))
    assert "5 to 1800 s" in timeout
    assert "30" in timeout
    marks = [one.accessibleName() for one in entry(window, "_phone_number").findChildren(QLabel)]
    assert "documented" in marks


def test_mandatory_parameters_come_first(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "user-originated-im")
    entries = section(window, "serviceParameters").findChildren(Entry)
    assert "_customer_number" in texts_of(entries[0])
    kind = window.console.services.kind
    assert kind is not None
    assert len(entries) == len(kind.parameters)


def test_requests_have_method_path_and_parameters(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "user-originated-im")
    lines = texts_of(section(window, "serviceRequests"))
    assert "POST …/service/{id}/check-queue-position" in lines
    assert "DELETE …/service/{service}/{id}" in lines
    assert any("_new_desired_time" in line for line in lines)


def test_states_are_in_order_with_the_last_ones_marked(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-inbound-poll")
    lines = " ".join(texts_of(section(window, "serviceStates")))
    kind = window.console.services.kind
    assert kind is not None
    places = [lines.index(state.name) for state in kind.states]
    assert places == sorted(places)
    assert lines.count("ends here") == len(kind.terminal_states)
    spoken = [
        one.accessibleName()
        for one in section(window, "serviceStates").children()
        if isinstance(one, QWidget)
    ]
    assert any("completed" in one and "the last one" in one for one in spoken)


def test_what_a_kind_does_not_have_has_no_section(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-interaction")
    assert has_section(window, "serviceParameters")
    assert not has_section(window, "serviceRequests")
    assert not has_section(window, "serviceStates")


def test_an_unknown_service_is_explained(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-inbound-poll")
    choose(window, qtbot, "our-own-thing")
    assert title(window) == "our-own-thing"
    assert "any name can be sent" in find(window, QLabel, "serviceMeaning").text()
    assert find(window, QPushButton, "bindButton").text() == "Bind to a kind …"
    assert not has_section(window, "serviceStates")


def test_without_a_service_the_card_says_what_to_do(
    open_window: OpenWindow, wire: WireServer
) -> None:
    window = open_window(Workspace(base_url=wire.base_url))
    press(window, "Alt+7")
    assert title(window) == "No service yet"
    assert "Choose a service" in find(window, QLabel, "serviceMeaning").text()
    assert not find(window, QToolButton, "favouriteButton").isVisible()


def test_the_card_follows_a_name_that_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-access")
    retype(find(window, QLineEdit, "serviceNameEdit"), "hello", "Return")
    wait_for_card(window, qtbot)
    assert title(window) == "Hello"


def test_texts_of_a_catalogue_file_are_shown_as_they_are(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "mine.yaml").write_text(OWN)
    window = open_window(Workspace(base_url=wire.base_url), tmp_path)
    choose(window, qtbot, "marked-up")
    lines = texts_of(card(window))
    assert "<b>bold</b> & <img src=x>" in lines
    assert "_a<i>b" in lines
    tip = str(row(find(window, ServiceView, "servicePicker"), "marked-up").data(TIP))
    assert "&lt;b&gt;bold" in tip
    assert escape("1 < 2") not in lines
    assert all(
        one.textFormat() is Qt.TextFormat.PlainText
        for one in card(window).findChildren(QLabel)
        if one.text()
    )


def test_nothing_is_cut(window: MainWindow, qtbot: QtBot) -> None:
    for words in ("request-interaction", "user-terminated-del", "request-chat", "no-such"):
        choose(window, qtbot, words)
        for one in card(window).findChildren(QLabel):
            if one.isVisible() and one.wordWrap():
                assert one.height() >= one.heightForWidth(one.width()), one.text()


def test_text_can_be_selected_with_the_mouse(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-access")
    meaning = find(window, QLabel, "serviceMeaning")
    QTest.mouseDClick(meaning, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert meaning.selectedText()


# --- what can be done with it -------------------------------------------------------------------


def test_a_button_goes_to_the_row_of_a_parameter(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    choose(window, qtbot, "request-access")
    place = keys_of(window).index("_access_code_length")
    button = find(entry(window, "_access_code_length"), QToolButton, "editParameterButton")
    click(button)
    assert form_table(window).currentIndex().row() == place
    assert len(keys_of(window)) == len(set(keys_of(window)))


def test_a_double_click_adds_a_parameter_that_the_form_lacks(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-access")))
    press(window, "Alt+7")
    wait_for_card(window, qtbot)
    assert keys_of(window) == []
    one = entry(window, "_resource_group")
    card(window).ensureWidgetVisible(one)
    QTest.mouseDClick(one, Qt.MouseButton.LeftButton, pos=QPoint(1, one.height() - 1))
    settle()
    assert keys_of(window) == ["_resource_group"]
    press(window, "Ctrl+A")
    type_text(window, "POOL-2")
    assert b"_resource_group=POOL-2" in send(window, wire, qtbot).body


def test_a_parameter_is_one_of_the_create_also_while_a_request_is_edited(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(json_answer({"_id": "I-1"}))
    choose(window, qtbot, "request-inbound-poll")
    send(window, wire, qtbot)
    tabs = window.request_pane.tabs
    click(tabs, tabs.tabRect(1).center())
    press(window, "Alt+7")
    wait_for_card(window, qtbot)
    assert title(window) == "Inbound, polled"
    click(find(entry(window, "_phone_number"), QToolButton, "editParameterButton"))
    assert tabs.currentIndex() == 0
    assert form_table(window).currentIndex().row() == keys_of(window).index("_phone_number")


def test_all_keys_are_inserted(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    press(window, "Alt+7")
    wait_for_card(window, qtbot)
    kind = window.console.services.kind
    assert kind is not None
    click(find(window, QPushButton, "insertKeysButton"))
    assert set(keys_of(window)) == {one.name for one in kind.parameters}
    click(find(window, QPushButton, "insertKeysButton"))
    assert len(keys_of(window)) == len(kind.parameters)
    assert "All keys" in said(window)


def test_a_favourite_is_made_on_the_card(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "request-access")
    button = find(window, QToolButton, "favouriteButton")
    assert not button.isChecked()
    click(button)
    assert window.console.services.favourites == ("request-access",)
    assert button.isChecked()
    press(window, "Ctrl+B")
    assert not button.isChecked()


def test_the_card_is_read_and_left_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "user-terminated-del")
    press(window, "Alt+7")
    assert card(window).hasFocus()
    before = card(window).verticalScrollBar().value()
    press(window, "PgDown")
    assert card(window).verticalScrollBar().value() > before
    names = []
    for _ in range(4):
        press(window, "Tab")
        here = window.focusWidget()
        assert here is not None
        names.append(here.objectName())
    assert names == ["favouriteButton", "insertKeysButton", "bindButton", "editParameterButton"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_is_drawn_in_other_colours(window: MainWindow, qtbot: QtBot, scheme: str) -> None:
    choose(window, qtbot, "request-inbound-poll")
    window.action("dark" if scheme == "light" else "light").trigger()
    before = card(window).grab().toImage()
    window.action(scheme).trigger()
    settle()
    assert card(window).grab().toImage() != before


def test_the_answer_comes_back_to_the_front_by_sending(
    window: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    choose(window, qtbot, "request-access")
    send(window, wire, qtbot)
    assert not card(window).isVisible()
    open_tab(find(window, QTabBar, "sideTabs"), "Service")
    assert card(window).isVisible()
    assert title(window) == "Request access information"
