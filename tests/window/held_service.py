"""A service that takes requests of several kinds, and a window that would create it."""

import pytest
from PySide6.QtWidgets import (
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.catalogue import (
    Catalogue,
    Family,
    Parameter,
    Provenance,
    RequestKind,
    ServiceKind,
    State,
    Tone,
)
from gms_console.instance import Instance
from gms_console.ui.panes.live.card_view import CardView
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, PollSettings, Workspace
from tests.support.wire_server import Answer as WireAnswer
from tests.support.wire_server import WireRequest, WireServer, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import click, find, press

SURE = Provenance.DOCUMENTED
CATALOGUE = Catalogue(
    (
        Family(
            family="Test",
            kinds=(
                ServiceKind(
                    name="held",
                    title="Held call",
                    meaning="A call that waits.",
                    provenance=SURE,
                    poll="check",
                    state_field="status",
                    requests=(
                        RequestKind(name="check", meaning="Tells the state.", provenance=SURE),
                        RequestKind(
                            name="call record",
                            meaning="Tells all.",
                            method="GET",
                            path="callback/{id}",
                            provenance=SURE,
                        ),
                        RequestKind(
                            name="drop",
                            meaning="Ends it.",
                            method="DELETE",
                            path="callback/{id}",
                            provenance=SURE,
                        ),
                        RequestKind(
                            name="move",
                            meaning="Moves it.",
                            method="PUT",
                            path="{service}/{id}/{request}",
                            provenance=SURE,
                            parameters=(
                                Parameter(name="reason", meaning="Why.", provenance=SURE),
                                Parameter(
                                    name="ref",
                                    meaning="Which.",
                                    default="call-{id}",
                                    mandatory=True,
                                    provenance=SURE,
                                ),
                            ),
                        ),
                    ),
                    states=(
                        State(name="queued", meaning="Waits.", provenance=SURE),
                        State(name="ready", meaning="Can go.", tone=Tone.GOOD, provenance=SURE),
                        State(
                            name="lost",
                            meaning="Gone.",
                            tone=Tone.BAD,
                            terminal=True,
                            provenance=SURE,
                        ),
                    ),
                ),
                ServiceKind(name="bare", meaning="Takes no requests.", provenance=SURE),
            ),
        ),
    )
)


def created(number: int) -> WireAnswer:
    return json_answer({"_id": f"instance-{number}"})


def state(name: str) -> WireAnswer:
    return json_answer({"status": name})


@pytest.fixture
def held(open_window: OpenWindow, wire: WireServer) -> MainWindow:
    """A window that would create `held`, of the catalogue above."""
    window = open_window(
        Workspace(
            base_url=wire.base_url,
            create=Draft(service="held"),
            poll=PollSettings(request="check", every=0.1, until="status=ready", within=0),
        )
    )
    window.console.services.set_catalogue(CATALOGUE)
    return window


def view_of(window: MainWindow) -> CardView:
    return find(window, CardView, "instanceList")


def create(window: MainWindow, wire: WireServer, qtbot: QtBot) -> Instance:
    """Create an instance by Ctrl+Enter; it is the selected one then."""
    console = window.console
    count = len(console.session.instances)
    press(window, "Ctrl+Return")
    qtbot.waitUntil(lambda: len(console.session.instances) > count and not console.sending)
    selected: Instance | None = console.live.selected
    assert selected is not None
    return selected


def button(window: MainWindow, name: str) -> QToolButton:
    return find(view_of(window), QToolButton, name)


def button_names(window: MainWindow) -> list[str]:
    card = find(view_of(window), QWidget, "instanceCard")
    return [one.text() for one in card.findChildren(QToolButton) if "equest" in one.objectName()]


def next_request(window: MainWindow, wire: WireServer, qtbot: QtBot, name: str) -> WireRequest:
    """Click a button of the card, wait for what the server received."""
    count = len(wire.requests)
    click(button(window, name))
    qtbot.waitUntil(lambda: len(wire.requests) > count)
    selected = window.console.live.selected
    assert selected is not None
    qtbot.waitUntil(lambda: not window.console.live.requests.under_way(selected))
    return wire.requests[count]
