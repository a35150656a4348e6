"""Several nodes: an instance stays on its own, and one request elsewhere is one choice away."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListView, QPlainTextEdit, QTabBar
from pytestqt.qtbot import QtBot

from gms_console.model.environment import Environment
from gms_console.ui.models.instance_card import Card
from gms_console.ui.models.instance_model import CARD_ROLE
from gms_console.ui.theme import colours
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace
from tests.support.cluster import Cluster, cluster, created_with
from tests.support.wire_server import WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import choose, click, find, open_tab, press, retype, said, send

NOT_OWN = "⚠ Not its own node: the instance lives on node1"


@pytest.fixture
def qa() -> Iterator[Cluster]:
    with cluster() as made:
        made.one.script(created_with("node1"), json_answer({"status": "one"}))
        made.two.script(json_answer({"status": "two"}))
        yield made


@pytest.fixture
def in_qa(open_window: OpenWindow, qa: Cluster) -> MainWindow:
    """Open a window that sends to node1 of `qa`."""
    window = open_window(Workspace(base_url=qa.one.base_url, create=Draft(service="request-chat")))
    window.console.use_environment(qa.environment)
    return window


def create(window: MainWindow, qa: Cluster, qtbot: QtBot) -> None:
    """Create an instance on node1, and turn to its requests."""
    send(window, qa.one, qtbot)
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    retype(find(window, QLineEdit, "requestNameEdit"), "status")


def nodes(window: MainWindow) -> QComboBox:
    return find(window, QComboBox, "requestNodeCombo")


def preview(window: MainWindow) -> str:
    return find(window, QPlainTextEdit, "wirePreview").toPlainText()


def card(window: MainWindow, row: int = 0) -> Card:
    made: Card = window.console.instances.index(row).data(CARD_ROLE)
    return made


def spoken(window: MainWindow) -> str:
    index: QModelIndex = window.console.instances.index(0)
    return str(index.data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_request_goes_to_another_node_by_one_choice(
    in_qa: MainWindow, qa: Cluster, qtbot: QtBot
) -> None:
    create(in_qa, qa, qtbot)
    combo = nodes(in_qa)
    assert [combo.itemText(n) for n in range(combo.count())] == ["node1 (its own)", "node2"]
    assert combo.currentText() == "node1 (its own)"
    mark = find(in_qa, QLabel, "requestNodeMark")
    assert mark.text() == ""
    choose(combo, "node2")
    qtbot.waitUntil(lambda: f"Host: 127.0.0.1:{qa.two.port}\n" in preview(in_qa))
    assert mark.text() == NOT_OWN
    send(in_qa, qa.two, qtbot)
    assert qa.targets == (["request-chat"], ["a1/status"])
    exchange = in_qa.console.exchange
    assert exchange is not None
    assert (exchange.environment, exchange.node) == ("qa", "node2")
    # What is known of the active node is known still.
    assert in_qa.console.connection.text.startswith("Answers")
    # It stays until it is changed, and stays marked.
    assert (combo.currentText(), mark.text()) == ("node2", NOT_OWN)
    send(in_qa, qa.two, qtbot)
    choose(combo, "node1 (its own)")
    qtbot.waitUntil(lambda: f"Host: 127.0.0.1:{qa.one.port}\n" in preview(in_qa))
    assert mark.text() == ""
    send(in_qa, qa.one, qtbot)
    assert qa.targets == (["request-chat", "a1/status"], ["a1/status", "a1/status"])


def test_only_requests_where_there_are_several_nodes_have_the_choice(
    open_window: OpenWindow, wire: WireServer, qa: Cluster, qtbot: QtBot
) -> None:
    window = open_window(Workspace(base_url=wire.base_url, create=Draft(service="request-chat")))
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    assert window.findChildren(QComboBox, "requestNodeCombo") == []
    window.console.use_environment(qa.environment)
    qtbot.waitUntil(lambda: nodes(window).isVisible())
    open_tab(find(window, QTabBar, "targetTabs"), "Create a service")
    qtbot.waitUntil(lambda: not nodes(window).isVisible())
    window.console.use_environment(replace(qa.environment, nodes=qa.environment.nodes[:1]))
    open_tab(find(window, QTabBar, "targetTabs"), "Request on an instance")
    assert not nodes(window).isVisible()


def test_an_instance_stays_on_its_node_when_another_is_made_active(
    in_qa: MainWindow, qa: Cluster, qtbot: QtBot
) -> None:
    create(in_qa, qa, qtbot)
    in_qa.console.use_environment(qa.on_two)
    qtbot.waitUntil(lambda: preview(in_qa).startswith("POST "))
    assert nodes(in_qa).currentText() == "node1 (its own)"
    send(in_qa, qa.one, qtbot)
    assert len(in_qa.console.session.instances) == 1
    # A new one is created at the active node.
    qa.two.script(created_with("w2", "b2"))
    open_tab(find(in_qa, QTabBar, "targetTabs"), "Create a service")
    send(in_qa, qa.two, qtbot)
    assert [card(in_qa, row).node for row in (0, 1)] == ["node2", "node1"]
    open_tab(find(in_qa, QTabBar, "targetTabs"), "Request on an instance")
    qtbot.waitUntil(lambda: nodes(in_qa).currentText() == "node2 (its own)")


def test_a_choice_that_is_the_own_node_of_another_instance_is_no_warning(
    in_qa: MainWindow, qa: Cluster, qtbot: QtBot
) -> None:
    create(in_qa, qa, qtbot)
    choose(nodes(in_qa), "node2")
    second = in_qa.console.session.attach(qa.on_two, "b2")
    in_qa.console.live.select(second)
    qtbot.waitUntil(lambda: nodes(in_qa).currentText() == "node2 (its own)")
    assert find(in_qa, QLabel, "requestNodeMark").text() == ""


def test_a_choice_is_left_where_an_environment_has_no_such_node(
    in_qa: MainWindow, qa: Cluster, wire: WireServer, qtbot: QtBot
) -> None:
    create(in_qa, qa, qtbot)
    choose(nodes(in_qa), "node2")
    in_qa.console.use_environment(Environment.parse(wire.base_url))
    qtbot.waitUntil(lambda: not nodes(in_qa).isVisible())
    send(in_qa, wire, qtbot)
    assert qa.two.requests == []


def test_polls_go_to_the_own_node(in_qa: MainWindow, qa: Cluster, qtbot: QtBot) -> None:
    create(in_qa, qa, qtbot)
    choose(nodes(in_qa), "node2")
    retype(find(in_qa, QLineEdit, "pollUntilEdit"), "status=one")
    press(in_qa, "Ctrl+R")
    qtbot.waitUntil(lambda: said(in_qa) == "Reached one after 1 attempt.")
    assert len(qa.targets[0]) == 2
    assert qa.two.requests == []


def test_the_path_of_the_chosen_node_is_shown(in_qa: MainWindow, qa: Cluster, qtbot: QtBot) -> None:
    second = replace(qa.environment.nodes[1], url=f"{qa.two.base_url}/GMS-web/gms")
    in_qa.console.use_environment(replace(qa.environment, nodes=(qa.environment.nodes[0], second)))
    create(in_qa, qa, qtbot)
    paths = in_qa.request_pane.target_bar.path_label
    assert paths.text() == "/genesys/1/service/"
    choose(nodes(in_qa), "node2")
    qtbot.waitUntil(lambda: paths.text() == "/GMS-web/gms/1/service/")
    assert send(in_qa, qa.two, qtbot).target == "/GMS-web/gms/1/service/a1/status"


def test_a_card_shows_the_node_and_warns_of_a_cookie_that_leads_elsewhere(
    in_qa: MainWindow, qa: Cluster, qtbot: QtBot
) -> None:
    create(in_qa, qa, qtbot)
    assert (card(in_qa).node, card(in_qa).node_warning) == ("node1", False)
    assert ", on node1, " in spoken(in_qa)
    view = find(in_qa, QListView, "instanceList")
    assert not paints(view, colours().warning)
    # The other node answers with a cookie of its own, for the same host.
    qa.two.script(created_with("w2"))
    choose(nodes(in_qa), "node2")
    send(in_qa, qa.two, qtbot)
    assert (card(in_qa).node, card(in_qa).node_warning) == ("node1", True)
    assert "on node1, but its cookie points to node2 (Ctrl+Shift+K)" in spoken(in_qa)
    qtbot.waitUntil(lambda: paints(view, colours().warning))


def paints(view: QListView, colour: str) -> bool:
    """Whether there is a pixel of exactly that colour."""
    image = view.viewport().grab().toImage()
    wanted = QColor(colour).rgb()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixel(x, y) == wanted for x, y in places)


def test_the_choice_is_reached_by_keys(in_qa: MainWindow, qa: Cluster, qtbot: QtBot) -> None:
    create(in_qa, qa, qtbot)
    click(find(in_qa, QLineEdit, "requestNameEdit"))
    press(in_qa, "Alt+N")
    assert nodes(in_qa).hasFocus()
    press(in_qa, "Down")
    qtbot.waitUntil(lambda: f"Host: 127.0.0.1:{qa.two.port}\n" in preview(in_qa))
