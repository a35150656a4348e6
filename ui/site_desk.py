"""The SiteDesk: what is asked of a site, tab by tab, and the board of its nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.model.answer import Answer
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange
from gms_console.presentation import trouble_text
from gms_console.site.nodes import NodeState, node_name, nodes_of, read_state
from gms_console.site.requests import STATUS_PATHS, prepare_change, prepare_status

from .asker import Asker, Prepare

if TYPE_CHECKING:
    from .console import Console


class Inquiry(QObject):
    """One kind of question: its last answer, or why there is none.

    `answered` tells of either, `changed` of what is under way. Repeats itself every so many
    seconds while `repeat` says so.
    """

    answered = Signal()
    changed = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self.asker = Asker(console, self)
        self.exchange: Exchange | None = None
        self.answer: Answer | None = None
        self.error = ""
        self._prepare: Prepare | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._again)
        self.asker.refused.connect(self._on_refused)
        self.asker.changed.connect(self.changed)

    def ask(self, prepare: Prepare, *, quiet: bool = False) -> bool:
        """Ask, unless the answer before is still awaited; tell whether this is asked now."""
        if self.asker.busy:
            return False
        self._prepare = prepare
        self.asker.ask(prepare, self._take, quiet=quiet)
        return True

    def _take(self, exchange: Exchange, answer: Answer) -> None:
        self.exchange, self.answer = exchange, answer
        self.error = "" if answer.ok else trouble_text(exchange, answer)
        self.answered.emit()

    def _on_refused(self, text: str) -> None:
        self.exchange, self.answer, self.error = None, None, text
        self.answered.emit()

    def forget(self) -> None:
        """Forget the answer of another place, and ask there no more."""
        self.repeat(0)
        self.asker.cancel()
        self.exchange = self.answer = self._prepare = None
        self.error = ""
        self.answered.emit()

    @property
    def repeats(self) -> bool:
        """Whether it is asked again and again."""
        return self._clock.isActive()

    def repeat(self, seconds: float) -> None:
        """Ask the same again and again; 0 ends that."""
        if seconds > 0:
            self._clock.start(round(seconds * 1000))
        else:
            self._clock.stop()

    def _again(self) -> None:
        if self._prepare is not None:
            self.ask(self._prepare, quiet=True)


@dataclass(frozen=True, slots=True)
class Node:
    """A node and what it said last; None before it was asked."""

    place: Environment
    state: NodeState | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return node_name(self.place)


class NodeBoard(QObject):
    """The nodes of the environment in use. `changed` tells of a list or a state that is another."""

    changed = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._console = console
        self.asker = Asker(console, self)
        self.asker.changed.connect(self.changed)
        self.asker.refused.connect(self._on_refused)
        self.nodes: list[Node] = []
        self.error = ""
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._check_quietly)
        console.environment_changed.connect(self._take_environment)
        self._take_environment()

    def _take_environment(self) -> None:
        environment = self._console.environment
        places = nodes_of(environment) if environment is not None else ()
        known = {one.place.base_url: one.state for one in self.nodes}
        self.nodes = [Node(place, known.get(place.base_url)) for place in places]
        self.error = "" if environment is not None else self._console.environment_error
        self.changed.emit()

    def check_all(self) -> None:
        """Ask each node for its status."""
        environment = self._console.environment
        if environment is None or self.asker.busy:
            return
        if not self._console.guarding.has_secrets(environment, self.check_all):
            return
        self.error = ""
        for node in self.nodes:
            self._check(node.place, quiet=False)

    def _check_quietly(self) -> None:
        if not self.asker.busy:
            for node in self.nodes:
                self._check(node.place, quiet=True)

    def _check(self, place: Environment, *, quiet: bool, path: str = STATUS_PATHS[0]) -> None:
        def then(exchange: Exchange, answer: Answer) -> None:
            response = exchange.response
            if response is not None and response.status == 404 and path == STATUS_PATHS[0]:
                # GMS 8.1.1 tells its status elsewhere.
                self._check(place, quiet=quiet, path=STATUS_PATHS[1])
                return
            state = read_state(exchange, answer)
            self.nodes = [
                Node(one.place, state) if one.place.is_same_place(place) else one
                for one in self.nodes
            ]
            self.changed.emit()

        self.asker.ask(
            lambda environment: prepare_status(environment, path), then, place=place, quiet=quiet
        )

    def change(self, node: Node, status: str) -> None:
        """Set a node online or offline; only after a person was asked with its name."""

        def then(exchange: Exchange, answer: Answer) -> None:
            if answer.ok:
                self._check(node.place, quiet=False)
                return
            self.error = f"{node.name}: {trouble_text(exchange, answer)}"
            self.changed.emit()

        self.error = ""
        self.asker.ask(
            lambda environment: prepare_change(environment, status), then, place=node.place
        )

    def repeat(self, seconds: float) -> None:
        """Check all nodes again and again; 0 ends that."""
        if seconds > 0:
            self._clock.start(round(seconds * 1000))
        else:
            self._clock.stop()

    def _on_refused(self, text: str) -> None:
        self.error = text
        self.changed.emit()


class SiteDesk(QObject):
    """What the window of nodes and calendar asks, each by itself.

    `moved`: the environment is another one. What was typed for the one before, such as a password,
    goes to the new one only when a person asks there.
    """

    moved = Signal()

    def __init__(self, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self.console = console
        self.board = NodeBoard(console, self)
        self.hours = Inquiry(console, self)
        self.capacity = Inquiry(console, self)
        self.statistic = Inquiry(console, self)
        self.patterns = Inquiry(console, self)
        self.number = Inquiry(console, self)
        self._place = console.environment
        console.environment_changed.connect(self._on_environment)

    def _on_environment(self) -> None:
        before, self._place = self._place, self.console.environment
        if before is not None and self._place is not None and before.is_same_place(self._place):
            return
        self.rest()
        for one in self.inquiries:
            one.forget()
        self.moved.emit()

    @property
    def inquiries(self) -> tuple[Inquiry, ...]:
        """All but the nodes."""
        return (self.hours, self.capacity, self.statistic, self.patterns, self.number)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return self.board.asker.busy or any(one.asker.busy for one in self.inquiries)

    def names(self, kind: str) -> tuple[str, ...]:
        """Give the execution names of a kind: those that are bound to it, and its own."""
        catalogue = self.console.services.catalogue
        bound = catalogue.bound_names(kind) if catalogue is not None else ()
        return (*bound, kind)

    def rest(self) -> None:
        """Repeat nothing any more."""
        self.board.repeat(0)
        for one in self.inquiries:
            one.repeat(0)

    def cancel(self) -> None:
        """Cancel all that is under way."""
        self.board.asker.cancel()
        for one in self.inquiries:
            one.asker.cancel()
