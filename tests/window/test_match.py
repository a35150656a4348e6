"""Created here and matched there: what goes out, and what the answer says of the cluster."""

import threading
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gms_console.model.exchange import OperationKind
from tests.support.cluster import Cluster
from tests.support.wire import WireRequest
from tests.support.wire_server import Answer, WireServer, hold, json_answer, text_answer
from tests.window.comparisons import result
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    add_row,
    click,
    find,
    press,
    retype,
    said,
    send,
)
from tests.window.environments import open_on, write
from tests.window.second_places import MATCH, ask, listed, two_nodes

CREATED = {"_id": "a-1", "_access_number": "8003449999", "_access_code": "7684"}


def rows_of(request: WireRequest) -> list[tuple[str, str]]:
    return parse_qsl(request.body.decode(), keep_blank_values=True)


def test_what_is_created_here_is_matched_there(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer(CREATED))
    qa.two.script(json_answer({"_id": "a-1", "_data_id": "d-1"}))
    window = two_nodes(open_window, tmp_path, qa)
    add_row(window, "language", "french")
    dialog = ask(window, qtbot, MATCH)
    assert "released at once" in find(dialog, QLabel, "matchWarning").text()
    assert find(dialog, QLineEdit, "matchServiceEdit").text() == "match-interaction"
    press(dialog, "Return")
    shown = result(qtbot)
    (create,), (match,) = qa.one.requests, qa.two.requests
    assert match.target == "/genesys/1/service/match-interaction"
    assert rows_of(match) == [("_access_number", "8003449999")]
    assert b"french" in create.body
    assert find(shown, QLabel, "comparisonVerdict").text() == (
        "Matched: qa (node2) found the same id, a-1. Its number is released now: "
        "the time left that its card still counts down holds no more."
    )
    assert find(shown, QLabel, "comparisonRightTitle").text() == "create match-interaction"
    # What was matched is the instance that is listed already.
    assert [one.environment.node for one in window.console.session.instances] == ["node1"]


def test_other_clusters_stand_apart_when_a_number_is_matched(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url)
    window = two_nodes(open_window, tmp_path, qa)
    dialog = ask(window, qtbot, MATCH)
    assert [one.split("\n")[0] for one in listed(dialog)] == [
        "qa (node2)",
        "another cluster: it knows nothing of this number",
        "prod",
    ]
    assert dialog.chosen.title == "qa (node2)"
    press(dialog, "Down")  # the words between are not a place
    assert dialog.chosen.title == "prod"
    # A choice outlasts another name for the service.
    retype(find(dialog, QLineEdit, "matchServiceEdit"), "my-match")
    assert dialog.chosen.title == "prod"


def test_only_another_cluster_is_not_chosen_for_a_match(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    write(tmp_path, "prod", wire.base_url)
    write(tmp_path, "qa", qa.one.base_url)
    window = open_on(open_window, tmp_path, "qa")
    dialog = ask(window, qtbot, MATCH)
    assert listed(dialog)[0] == "another cluster: it knows nothing of this number"
    assert dialog.chosen is None
    assert not find(dialog, QPushButton, "secondPlaceSendButton").isEnabled()
    press(dialog, "Return")
    assert qa.one.requests == wire.requests == []


def test_rows_of_the_match_and_the_code_go_along(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer(CREATED | {"_access_code": "{{$env:HOME}}"}))
    qa.two.script(json_answer({"_id": "other"}))
    window = two_nodes(open_window, tmp_path, qa, "my-match")
    add_row(window, "_return_user_data", "true")
    window.console.services.choose("request-interaction")
    dialog = ask(window, qtbot, MATCH)
    retype(find(dialog, QLineEdit, "matchServiceEdit"), "my-match")
    assert "_return_user_data=true" in find(dialog, QLabel, "matchRowsLabel").text()
    click(find(dialog, QCheckBox, "matchCodeBox"))
    click(find(dialog, QPushButton, "secondPlaceSendButton"))
    shown = result(qtbot)
    assert qa.two.requests[0].target.endswith("/my-match")
    assert rows_of(qa.two.requests[0]) == [
        ("_access_number", "8003449999"),
        ("_access_code", "{{$env:HOME}}"),
        ("_return_user_data", "true"),
    ]
    assert "Another service was matched" in find(shown, QLabel, "comparisonVerdict").text()


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        pytest.param(json_answer({"message": "no match"}, 404), "no live service holds", id="404"),
        pytest.param(json_answer({"exception": "x"}, 500), "Not matched: qa (node2)", id="500"),
        pytest.param(text_answer("ok"), "answered without an id", id="no id"),
    ],
)
def test_a_match_that_failed_says_what_it_means(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot, answer: Answer, verdict: str
) -> None:
    qa.one.script(json_answer(CREATED))
    qa.two.script(answer)
    window = two_nodes(open_window, tmp_path, qa)
    press(ask(window, qtbot, MATCH), "Return")
    shown = result(qtbot)
    assert verdict in find(shown, QLabel, "comparisonVerdict").text()


def test_without_an_access_number_nothing_is_matched(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    qa.one.script(json_answer({"_id": "a"}))
    window = two_nodes(open_window, tmp_path, qa)
    press(ask(window, qtbot, MATCH), "Return")
    qtbot.waitUntil(lambda: "no access number" in said(window))
    assert qa.two.requests == []
    assert window.console.answer.id == "a"


def test_a_match_begins_with_a_create(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    window = two_nodes(open_window, tmp_path, qa)
    window.console.live.reopening.reopen("abc-1", "request-interaction")
    window.console.set_target(OperationKind.REQUEST)
    press(window, MATCH)
    assert said(window).startswith("Not sent. It begins with a create")


def test_the_match_can_be_cancelled(
    open_window: OpenWindow, tmp_path: Path, qa: Cluster, qtbot: QtBot
) -> None:
    gate = threading.Event()
    qa.one.script(json_answer(CREATED))
    qa.two.script(hold(gate))
    window = two_nodes(open_window, tmp_path, qa)
    press(ask(window, qtbot, MATCH), "Return")
    qtbot.waitUntil(lambda: qa.two.waiting == 1)
    press(window, "Esc")
    qtbot.waitUntil(lambda: not window.console.sending)
    assert "Cancelled" in said(window)
    assert window.console.comparison.pair is None
    send(window, qa.one, qtbot)
