"""The list of the history: what was sent, found and shown again, of this start and earlier ones."""

from pathlib import Path

from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QToolButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.ui.models.history_model import ROW_ROLE
from gms_console.ui.models.history_words import details
from gms_console.ui.window import MainWindow
from tests.support.wire_server import WireServer, json_answer, raw_answer, text_answer
from tests.window import history
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    add_row,
    click,
    find,
    form_table,
    press,
    retype,
    said,
    select_rows,
    send,
    type_text,
)


def answer_text(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "answerRawView").toPlainText()


def mark(window: MainWindow) -> str:
    return "".join(
        one.text() for one in window.findChildren(QLabel, "historyMark") if one.isVisible()
    )


def test_what_was_sent_before_a_restart_is_found_and_shown(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    first = history.open_kept(open_window, tmp_path, wire)
    add_row(first, "language", "portuguese")
    wire.script(json_answer({"_id": "I-1", "_access_number": "8005550001"}))
    send(first, wire, qtbot)
    retype(find(first, QLineEdit, "serviceNameEdit"), "other-service")
    wire.script(text_answer("no such service", 404))
    send(first, wire, qtbot)
    close_window(first, qtbot)

    again = open_window(folder=tmp_path)
    count = len(wire.requests)
    history.open_history(again, qtbot, 2)
    assert history.titles(again) == ["create other-service", "create request-interaction"]
    assert [row.ok for row in history.rows(again)] == [False, True]
    history.search(again, "portug 800555")
    history.wait_for_rows(again, qtbot, 1)
    press(again, "Down")
    qtbot.waitUntil(lambda: "8005550001" in answer_text(again))
    assert mark(again).startswith("From the history, ")
    assert find(again, QTabBar, "sideTabs").currentIndex() == 0
    assert len(wire.requests) == count


def test_an_arrow_key_right_after_typing_goes_to_what_is_found(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    for name in ("alpha", "beta"):
        wire.script(json_answer({"_id": f"I-{name}"}))
        send(window, wire, qtbot)
    view = history.open_history(window, qtbot, 2)
    history.search(window, "alpha")
    press(window, "Down")  # before the search has begun
    history.wait_for_rows(window, qtbot, 1)
    qtbot.waitUntil(lambda: view.currentIndex() == next(history.indexes(window)))
    qtbot.waitUntil(lambda: "I-alpha" in answer_text(window))


def test_ctrl_h_goes_to_the_search_field_with_its_words_selected(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    for name in ("alpha", "beta"):
        wire.script(json_answer({"_id": f"I-{name}"}))
        send(window, wire, qtbot)
    view = history.open_history(window, qtbot, 2)
    edit = find(window, QLineEdit, "historySearchEdit")
    type_text(edit, "alpha")
    history.wait_for_rows(window, qtbot, 1)
    press(window, "Down")
    assert view.hasFocus()
    # Who types into the list as if it were the field changes nothing.
    press(window, "S")
    press(window, "Ctrl+H")
    assert edit.hasFocus()
    assert edit.selectedText() == "alpha"
    type_text(edit, "I-")
    history.wait_for_rows(window, qtbot, 2)
    assert not any(row.starred for row in history.rows(window))


def test_a_phone_number_is_found_without_what_stands_before_it(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    for number in ("+16504669999", "+16504660000"):
        add_row(window, "_phone_number", number)
        wire.script(json_answer({"_id": number[-4:]}))
        send(window, wire, qtbot)
        select_rows(window, 0)
        press(form_table(window), "Space")  # the next one goes without it
    history.open_history(window, qtbot, 2)
    for text in ("6504669999", "4669999", "+1 650-466-9999"):
        history.search(window, text)
        history.wait_for_rows(window, qtbot, 1)
    history.search(window, "466999")
    history.wait_for_rows(window, qtbot, 1)
    history.search(window, "6504668888")
    history.wait_for_rows(window, qtbot, 0)
    assert "found by their beginning" in history.hint(window)


def test_a_redirect_that_was_followed_is_no_failure(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    moved = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 5\r\n\r\nmoved"
    wire.script(raw_answer(moved), json_answer({"_id": "I-1"}))
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(wire.requests) == 2 and not window.console.sending)
    history.open_history(window, qtbot, 2)
    qtbot.waitUntil(lambda: [row.ok for row in history.rows(window)] == [True, True])
    history.click_row(window, 1)
    qtbot.waitUntil(lambda: answer_text(window) == "moved")
    assert not find(window, QFrame, "problemBox").isVisible()
    close_window(window, qtbot)

    again = open_window(folder=tmp_path)
    again.console.set_base_url("http://127.0.0.1:9/genesys")
    history.open_history(again, qtbot, 2)
    assert history.rows(again)[1].state == "redirected"
    history.click_row(again, 1)
    qtbot.waitUntil(lambda: answer_text(again) == "moved")
    assert not find(again, QFrame, "problemBox").isVisible()
    assert not any(box.isVisible() for box in again.findChildren(QFrame, "redirectBox"))


def test_a_row_of_a_typed_base_url_names_its_host(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer([]))  # nothing that lives on: the simulator is taken unasked
    send(window, wire, qtbot)
    first = window.console.exchange
    window.console.place.use_simulator()
    qtbot.waitUntil(lambda: window.console.place.on_simulator, timeout=20_000)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: window.console.exchange is not first and not window.console.sending)
    history.open_history(window, qtbot, 2)
    host = wire.base_url.removeprefix("http://").partition("/")[0]
    simulated, typed = history.rows(window)
    assert details(typed).startswith(f"{host} · 200")
    assert details(simulated).startswith("Simulator · ")
    choose_filter(window, "Environment", "typed base URL, simulator")
    history.wait_for_rows(window, qtbot, 2)
    assert [chip.text() for chip in window.findChildren(QToolButton, "historyFilterChip")] == [
        "typed base URL, simulator ✕"
    ]


def test_a_search_without_a_find_says_so_and_is_taken_back(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    history.open_history(window, qtbot, 0)
    assert history.hint(window).startswith("Nothing yet.")
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    history.wait_for_rows(window, qtbot, 1)
    assert history.hint(window) == ""
    history.search(window, "zebra")
    history.wait_for_rows(window, qtbot, 0)
    assert history.hint(window).startswith("Nothing found.")
    history.search(window, "")
    history.wait_for_rows(window, qtbot, 1)


def test_a_new_row_comes_while_the_list_is_open_and_a_live_answer_is_not_marked(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer({"_id": "I-1", "n": "one"}))
    send(window, wire, qtbot)
    history.open_history(window, qtbot, 1)
    history.click_row(window, 0)
    qtbot.waitUntil(lambda: mark(window) != "")
    wire.script(json_answer({"_id": "I-2", "n": "two"}))
    send(window, wire, qtbot)
    history.wait_for_rows(window, qtbot, 2)
    assert "two" in answer_text(window)
    assert mark(window) == ""
    history.click_row(window, 1)
    qtbot.waitUntil(lambda: "one" in answer_text(window))
    assert mark(window) != ""


def test_a_poll_is_one_row_that_unfolds_to_its_attempts(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(
        json_answer({"_id": "I-1"}),
        json_answer({"status": "queued"}),
        json_answer({"status": "queued"}),
        json_answer({"status": "agent-ready", "mark": "last"}),
    )
    first = history.open_kept(open_window, tmp_path, wire)
    first.poll_pane.interval_spin.setValue(0.1)
    press(first, "Ctrl+Shift+Return")
    qtbot.waitUntil(lambda: (p := first.console.live.poll) is not None and p.outcome is not None)
    history.open_history(first, qtbot, 2)
    assert history.rows(first)[0].attempts == 3
    assert history.rows(first)[0].outcome == "reached"
    close_window(first, qtbot)

    again = open_window(folder=tmp_path)
    view = history.open_history(again, qtbot, 2)
    poll = next(history.indexes(again))
    assert history.rows(again)[0].state == "agent-ready"
    history.click_row(again, 0)
    qtbot.waitUntil(lambda: "last" in answer_text(again))
    press(view, "Right")
    model = view.model()
    qtbot.waitUntil(lambda: model.rowCount(poll) == 3)
    seen = [str(model.index(place, 0, poll).data()) for place in range(3)]
    assert seen == ["#3 agent-ready", "#2 queued", "#1 queued"]
    press(view, "Down", "Down", "Down")
    qtbot.waitUntil(lambda: '"queued"' in answer_text(again))


def choose_filter(window: MainWindow, *path: str) -> None:
    """Choose an entry of the filter menu, as by its menus one after the other."""
    click(find(window, QToolButton, "historyFilterButton"))
    menu = find(window, QMenu, "historyFilterMenu")
    for text in path:
        action = next(one for one in menu.actions() if one.text().replace("&", "") == text)
        below: object = action.menu()
        if isinstance(below, QMenu):
            menu = below
        else:
            action.trigger()
    find(window, QMenu, "historyFilterMenu").close()


def test_filters_are_seen_and_taken_off_one_by_one(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(json_answer({"_id": "I-1"}))
    send(window, wire, qtbot)
    retype(find(window, QLineEdit, "serviceNameEdit"), "other-service")
    wire.script(text_answer("no", 500), json_answer({"_id": "I-2"}))
    send(window, wire, qtbot)
    send(window, wire, qtbot)
    history.open_history(window, qtbot, 3)
    qtbot.waitUntil(lambda: window.console.history.facts.rows == 3)
    choose_filter(window, "Service", "other-service")
    history.wait_for_rows(window, qtbot, 2)
    choose_filter(window, "Only problems")
    history.wait_for_rows(window, qtbot, 1)
    chips = window.findChildren(QToolButton, "historyFilterChip")
    assert sorted(chip.text() for chip in chips if chip.isVisible()) == [
        "other-service ✕",
        "problems ✕",
    ]
    click(next(chip for chip in chips if chip.text().startswith("problems")))
    history.wait_for_rows(window, qtbot, 2)
    choose_filter(window, "Clear all")
    history.wait_for_rows(window, qtbot, 3)


def test_a_window_without_a_folder_says_that_it_keeps_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, "Ctrl+H")
    assert history.hint(window) == "This window keeps no history."
    press(window, "Ctrl+Shift+R")
    assert said(window) == "Choose a row of the history first (Ctrl+H)."
    press(window, "Ctrl+P")
    assert find(window, QTabBar, "leftTabs").currentIndex() == 0


def test_rows_stand_still_while_others_join_above_them(
    open_window: OpenWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    window = history.open_kept(open_window, tmp_path, wire)
    wire.script(*[json_answer({"n": n}) for n in range(22)])
    for _ in range(21):
        send(window, wire, qtbot)
    view = history.open_history(window, qtbot, 21)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(lambda: bar.value() > 0)
    here = view.indexAt(view.viewport().rect().center())
    number, before = here.data(ROW_ROLE).number, view.visualRect(here).top()
    send(window, wire, qtbot)
    history.wait_for_rows(window, qtbot, 22)

    def top() -> int:
        found = (one for one in history.indexes(window) if one.data(ROW_ROLE).number == number)
        return view.visualRect(next(found)).top()

    qtbot.waitUntil(lambda: top() == before)
    bar.setValue(0)
    wire.script(json_answer({"n": "last"}))
    send(window, wire, qtbot)
    history.wait_for_rows(window, qtbot, 23)
    qtbot.waitUntil(lambda: bar.value() == 0)
    assert isinstance(view, QTreeView)
