"""The same form to a second place: what goes out, what is asked before, and how it is ended."""

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.model.exchange import OperationKind
from gms_console.ui.panes.environment.confirm_dialog import ConfirmDialog
from gms_console.ui.panes.environment.secrets_dialog import SecretsDialog
from gms_console.ui.window import MainWindow
from tests.support.cluster import Cluster
from tests.support.wire import WireRequest
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.comparisons import result, summary
from tests.window.conftest import OpenWindow, close_window
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    find,
    form_table,
    press,
    retype,
    said,
)
from tests.window.environments import open_on, write
from tests.window.second_places import BOTH, ask, chosen_title, listed, two_nodes


def following(first: ConfirmDialog, qtbot: QtBot) -> ConfirmDialog:
    """Wait for the next question after the first one."""
    qtbot.waitUntil(lambda: QApplication.activeWindow() is not first)
    return active_dialog(qtbot, ConfirmDialog)


def without(request: WireRequest, *names: str) -> tuple[str, str, list[tuple[str, str]], bytes]:
    headers = [(name, value) for name, value in request.headers if name.lower() not in names]
    return request.method, request.target, headers, request.body


def test_the_same_bytes_go_to_both_nodes_and_the_answers_are_compared(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer({"_id": "a", "queue": "north", "ewt": 12}))
    qa.two.script(json_answer({"_id": "b", "queue": "south", "ewt": 12}))
    window = two_nodes(open_window, tmp_path, qa)
    add_row(window, "language", "{{$uuid}}")
    add_row(window, "language", "a=b&c d+e")
    dialog = ask(window, qtbot)
    assert [one.split("\n")[0] for one in listed(dialog)] == ["qa (node2)"]
    press(dialog, "Return")
    shown = result(qtbot)
    (one,), (two,) = qa.one.requests, qa.two.requests
    assert without(one, "host") == without(two, "host")
    assert one.target == "/genesys/1/service/request-interaction"
    assert find(shown, QLabel, "comparisonLeftPlace").text() == "qa · node1"
    assert find(shown, QLabel, "comparisonRightPlace").text() == "qa · node2"
    assert summary(shown).startswith("1 difference")
    # Both created something, and what was sent from here is what the window goes on with.
    # Either answer may come first: they are sent at the same time.
    assert sorted(one.id for one in window.console.session.instances) == ["a", "b"]
    selected = window.console.live.selected
    assert selected is not None
    assert selected.id == "a"
    assert window.console.exchange.node == "node1"


def test_the_form_goes_to_another_environment_with_the_variables_of_that_one(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, more="variables: {region: emea}\n")
    write(tmp_path, "qa", qa.one.base_url, qa.two.base_url, more="variables: {region: test}\n")
    window = open_on(open_window, tmp_path, "qa")
    add_row(window, "where", "{{region}}")
    dialog = ask(window, qtbot)
    assert [one.split("\n")[0] for one in listed(dialog)] == ["qa (node2)", "prod"]
    press(dialog, "Down", "Return")
    shown = result(qtbot)
    assert b"test" in qa.one.requests[0].body
    assert b"emea" in wire.requests[0].body
    assert qa.two.requests == []
    assert window.console.environment.title == "qa (node1)"
    # Another environment is never chosen beforehand, although it was chosen last.
    press(shown, "Esc")
    back_in(window, qtbot)
    assert ask(window, qtbot).chosen.title == "qa (node2)"


def test_another_environment_is_chosen_by_a_person_alone(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, qa.two.base_url)
    write(tmp_path, "qa", qa.one.base_url)
    window = open_on(open_window, tmp_path, "qa")
    dialog = ask(window, qtbot)
    assert [one.split("\n")[0] for one in listed(dialog)] == ["prod (node1)", "prod (node2)"]
    send_button = find(dialog, QPushButton, "secondPlaceSendButton")
    assert chosen_title(dialog) == ""
    assert not send_button.isEnabled()
    assert find(dialog, QLabel, "secondPlaceNote").text().startswith("Choose one")
    press(dialog, "Return")
    assert dialog.isVisible()
    press(dialog, "Down")
    assert chosen_title(dialog) == "prod (node1)"
    press(dialog, "Down")
    assert send_button.isEnabled()
    press(dialog, "Return")
    result(qtbot)
    assert (len(qa.one.requests), len(qa.two.requests), len(wire.requests)) == (1, 1, 0)


def test_the_last_node_of_the_environment_is_chosen_again(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "qa", qa.one.base_url, qa.two.base_url, wire.base_url)
    window = open_on(open_window, tmp_path, "qa")
    dialog = ask(window, qtbot)
    assert dialog.chosen.node == "node2"
    press(dialog, "Down", "Return")
    press(result(qtbot), "Esc")
    back_in(window, qtbot)
    assert ask(window, qtbot).chosen.node == "node3"


def test_the_simulator_is_a_second_place_while_it_runs(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    window = two_nodes(open_window, tmp_path, qa)
    window.console.use_simulator()
    qtbot.waitUntil(lambda: window.console.place.on_simulator)
    dialog = ask(window, qtbot)
    assert not any(one.startswith("Simulator") for one in listed(dialog))
    press(dialog, "Esc")
    back_in(window, qtbot)
    window.console.environments.choose("qa", "node1")
    dialog = ask(window, qtbot)
    assert [one.split("\n")[0] for one in listed(dialog)] == ["qa (node2)", "Simulator"]
    press(dialog, "Down", "Return")
    shown = result(qtbot)
    assert find(shown, QLabel, "comparisonRightOutcome").text().startswith("200")
    assert (len(qa.one.requests), len(qa.two.requests)) == (1, 0)


def test_a_variable_that_the_other_environment_lacks_is_told_in_the_list(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url)
    write(tmp_path, "qa", qa.one.base_url, more="variables: {region: test}\n")
    window = open_on(open_window, tmp_path, "qa")
    add_row(window, "where", "{{region}}")
    dialog = ask(window, qtbot)
    assert "region" in listed(dialog)[0]
    assert not find(dialog, QPushButton, "secondPlaceSendButton").isEnabled()
    assert dialog.chosen is None
    press(dialog, "Return")
    assert qa.one.requests == wire.requests == []


def test_a_read_only_environment_is_refused_with_words(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, more="guard: read-only\n")
    write(tmp_path, "qa", qa.one.base_url)
    window = open_on(open_window, tmp_path, "qa")
    dialog = ask(window, qtbot)
    assert listed(dialog)[0].startswith("prod\nprod is read-only")
    assert not find(dialog, QPushButton, "secondPlaceSendButton").isEnabled()
    press(dialog, "Return", "Esc")
    back_in(window, qtbot)
    # A request that only asks may go there.
    window.console.live.reopening.reopen("abc-1", "request-interaction")
    window.console.set_target(OperationKind.REQUEST)
    press(ask(window, qtbot), "Down", "Return")
    result(qtbot)
    assert [one.target for one in (*qa.one.requests, *wire.requests)] == [
        "/genesys/1/service/abc-1/status"
    ] * 2
    assert [one.environment.name for one in window.console.session.instances] == ["qa"]


def test_nothing_goes_out_of_a_read_only_environment(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, more="guard: read-only\n")
    write(tmp_path, "qa", qa.one.base_url)
    window = open_on(open_window, tmp_path, "prod")
    press(window, BOTH)
    assert said(window).startswith("Not sent. prod is read-only")


def test_each_place_is_confirmed_before_anything_goes_out(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, more="guard: confirm-every\n")
    write(tmp_path, "qa", qa.one.base_url, more="guard: confirm-first\n")
    window = open_on(open_window, tmp_path, "qa")
    # Who declines the second question has sent nothing to the first place either.
    for agreed in (False, True):
        press(ask(window, qtbot), "Down", "Return")
        first = active_dialog(qtbot, ConfirmDialog)
        assert find(first, QLabel, "environmentBanner").text() == "qa"
        press(first, "Alt+R")
        second = following(first, qtbot)
        assert find(second, QLabel, "environmentBanner").text() == "prod"
        assert qa.one.requests == wire.requests == []
        if agreed:
            retype(find(second, QLineEdit, "confirmNameEdit"), "prod", "Return")
        else:
            press(second, "Esc")
            back_in(window, qtbot)
    result(qtbot)
    assert (len(qa.one.requests), len(wire.requests)) == (1, 1)


def test_missing_secrets_of_the_other_environment_are_asked_for(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url, more="headers: [{name: X-Key, secret: key}]\n")
    write(tmp_path, "qa", qa.one.base_url)
    window = open_on(open_window, tmp_path, "qa")
    press(ask(window, qtbot), "Down", "Return")
    dialog = active_dialog(qtbot, SecretsDialog)
    retype(find(dialog, QLineEdit, "secretEdit_key"), "k-1234", "Return")
    result(qtbot)
    assert dict(wire.requests[0].headers)["X-Key"] == "k-1234"
    assert "X-Key" not in dict(qa.one.requests[0].headers)


def test_a_failure_is_compared_too(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer({"_id": "a"}))
    window = two_nodes(open_window, tmp_path, qa)
    qa.two.stop()
    press(ask(window, qtbot), "Return")
    shown = result(qtbot)
    assert find(shown, QLabel, "comparisonLeftOutcome").text().startswith("200 OK")
    assert find(shown, QLabel, "comparisonRightOutcome").text().startswith("Connection refused")


def test_esc_ends_both_and_what_had_come_is_shown(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer({"_id": "a"}))
    qa.two.script(hold())
    window = two_nodes(open_window, tmp_path, qa)
    press(ask(window, qtbot), "Return")
    qtbot.waitUntil(lambda: qa.two.waiting == 1 and len(window.console.session.instances) == 1)
    assert window.console.sending
    press(window, "Ctrl+Return")  # one at a time
    press(window, "Esc")
    qtbot.waitUntil(lambda: not window.console.sending)
    qa.two.wait_for_abandoned()
    assert said(window) == "Cancelled. The answer of the first place is shown."
    assert window.console.answer.id == "a"
    assert window.console.comparison.pair is None
    assert len(qa.one.requests) == 1
    # And it goes on as if nothing had been.
    qa.two.script(json_answer({"_id": "b"}))
    press(ask(window, qtbot), "Return")
    result(qtbot)


def test_the_window_is_closed_while_the_other_node_hangs(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.two.script(hold())
    window = two_nodes(open_window, tmp_path, qa)
    press(ask(window, qtbot), "Return")
    qtbot.waitUntil(lambda: qa.two.waiting == 1)
    close_window(window, qtbot)
    qa.two.wait_for_abandoned()


def test_without_another_place_it_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    dialog = ask(window, qtbot)
    assert "Add one in the settings" in find(dialog, QLabel, "secondPlaceNote").text()
    assert not find(dialog, QPushButton, "secondPlaceSendButton").isEnabled()


def test_a_row_that_cannot_be_sent_stops_it_beside_the_row(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    window = two_nodes(open_window, tmp_path, qa)
    add_row(window, "file", "{{nowhere}}")
    press(window, BOTH)
    assert said(window).startswith("Not sent. ")
    assert "nowhere" in said(window)
    assert form_table(window).currentIndex().row() == 0
