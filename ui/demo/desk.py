"""The DemoDesk: what the presenter layout tells, live or from a recording, and what it hides."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gms_console.flow.types import StepKind
from gms_console.instance import Instance
from gms_console.journey.events import Captioned, JourneyEvent, Noted, Sent
from gms_console.journey.journey import Journey
from gms_console.journey.player import Player
from gms_console.journey.screen_mask import ScreenMask
from gms_console.model.answer import read_answer
from gms_console.model.exchange import Exchange
from gms_console.runner.events import RunEvent, StepStarted

from ..form_sender import result_line
from ..sharing import known_secrets
from ..simulator.embedded import SIMULATOR
from .flow import ExampleFlow
from .phone import StagePhone
from .recorder import DemoRecorder
from .replay import Replay

if TYPE_CHECKING:
    from gms_console.journey.journey import Customer, JourneyStep

    from ..console import Console

SOON_MS = 50
"""How long news waits for more of it before it is shown."""

MOST_CUSTOMERS = 40
"""Customers to choose from; those who came last."""

MOST_BEFORE = 200
"""Events that are still read when the stage is entered; what came before is in the history."""


class DemoDesk(QObject):
    """One stage: the live session, or a recording in its place, which sends nothing.

    `changed` comes when there is another journey, or other things to press; `moved` when the
    journey or the position went on; `said` brings a message for the stage. `tour_wanted` comes
    when a person wants to be guided.
    """

    changed = Signal()
    moved = Signal()
    said = Signal(str)
    tour_wanted = Signal()

    def __init__(self, console: Console, clock: Callable[[], float] | None = None) -> None:
        """`clock` is that of the replay, see there."""
        super().__init__(console)
        self.console = console
        self.message = console.message
        self.active = False
        self.masked = True
        self.begun = False
        self._mask = ScreenMask(known_secrets(console))
        self._chosen = ""
        self._dropped: frozenset[str] = frozenset()
        self._live = Journey(console.services.catalogue)
        self.recorder = DemoRecorder(console)
        self.example = ExampleFlow(console)
        self.replay = Replay(console, self, clock)
        self.phone = StagePhone(self, console.phone)
        # A run may bring hundreds of requests a second: they are shown together.
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._show)
        self._behind: deque[JourneyEvent] = deque(maxlen=MOST_BEFORE)
        for one in console.session.exchanges.all():
            self._put_by(Sent(one))
        console.runs.told.connect(self._on_run)
        self.example.runs.told.connect(self._on_example_run)
        console.message.connect(self._on_message)
        console.bridge.exchange_recorded.connect(self._on_exchange)
        console.bridge.instance_added.connect(self._on_instance)
        console.live.instance_selected.connect(self._keep_chosen)
        console.environment_changed.connect(self._on_place)
        console.connection_changed.connect(self._on_connection)
        console.services.catalogue_changed.connect(self._on_catalogue)
        self.example.changed.connect(self.changed)
        self.example.ended.connect(self._on_example_end)
        self.recorder.changed.connect(self.changed)
        self.recorder.counted.connect(self._show_soon)
        self.replay.shown.connect(self._show)
        self.replay.changed.connect(self.changed)
        self.replay.moved.connect(self.moved)

    # --- how it stands ---------------------------------------------------------------------------

    @property
    def player(self) -> Player | None:
        """What plays the recording; None while the stage is live."""
        return self.replay.player

    @property
    def journey(self) -> Journey:
        """What is told: of the recording while there is one, else of this session."""
        return self.player.journey if self.player is not None else self._live

    @property
    def empty(self) -> bool:
        """Whether nothing is told yet, and nothing was begun."""
        return self.player is None and not self.begun and not self._live.steps

    @property
    def now(self) -> datetime:
        """The time that the timeline goes up to."""
        if self.player is None:
            return datetime.now(UTC)
        started = self.player.recording.head.started
        return datetime.fromtimestamp(started.timestamp() + self.player.position, UTC)

    @property
    def place_text(self) -> str:
        """Say where the stage gets its story from."""
        if self.player is not None:
            return self.player.recording.head.title_at(self.journey.place)
        environment = self.console.environment
        if self.console.place.on_simulator:
            return f"Live · {SIMULATOR}"
        if environment is None:
            return self.console.connection.text
        return f"Live · {environment.title}"

    def say(self, text: str) -> str:
        """Give a text as the audience may read it."""
        if not self.masked:
            return text
        text = self._mask.text(text)
        return text if self.player is None else self.replay.mask.text(text)

    def tell(self, text: str) -> None:
        """Say something on the stage, and in the window."""
        self.console.message.emit(text)

    def _on_message(self, text: str) -> None:
        """Say on the stage what the window says: its status bar is out of sight.

        What came of a request is left to the story, and is the end of what was said before.
        """
        if not self.active:
            return
        exchange, answer = self.console.exchange, self.console.answer
        if exchange is not None and answer is not None and text == result_line(exchange, answer):
            text = ""
        self.said.emit(text)

    # --- whose story -----------------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """The id of the one customer whose story is told; empty for all of them."""
        return self._chosen if self.player is None else self.replay.chosen

    @property
    def customers(self) -> list[Customer]:
        """The customers to choose from, in the order in which they came; not too many of them."""
        player, chosen = self.player, self.chosen
        known = self._live.customers if player is None else player.customers
        names = list(known)[-MOST_CUSTOMERS:]
        if chosen in known and chosen not in names:
            names.insert(0, chosen)
        return [known[name] for name in names]

    @property
    def customer(self) -> Customer | None:
        """The customer whose phone and states are shown."""
        journey, chosen = self.journey, self.chosen
        return journey.customers.get(chosen) if chosen else journey.current

    @property
    def steps(self) -> Sequence[JourneyStep]:
        """The steps that are told, oldest first."""
        journey, chosen = self.journey, self.chosen
        return journey.steps_of(chosen) if chosen else journey.steps

    def choose_customer(self, customer: str) -> None:
        """Tell of one customer alone, by id, or of all of them again."""
        if customer == self.chosen:
            return
        if self.player is not None:
            self.replay.choose_customer(customer)
        else:
            self._chosen = customer
            shown = customer or (self._live.current.id if self._live.current is not None else "")
            self._follow(shown)
        self._show()

    def next_customer(self, direction: int = 1) -> None:
        """Go to the next customer, or to the one before; all of them are one of these."""
        names = ["", *(one.id for one in self.customers)]
        self.choose_customer(names[(names.index(self.chosen) + direction) % len(names)])

    # --- entering and leaving --------------------------------------------------------------------

    def enter(self) -> None:
        """Go on the stage; everything is masked again."""
        self.active, self.masked = True, True
        self._mask.also(known_secrets(self.console))
        while self._behind:
            self._take(self._behind.popleft())
        if self.customer is not None:
            self._follow(self.customer.id)  # phone and states are of the same customer
        self.changed.emit()

    def leave(self) -> None:
        """Go off the stage; a replay waits where it is."""
        self.active = False
        self.replay.pause()
        self.changed.emit()

    def set_masked(self, *, on: bool) -> None:
        """Hide numbers and secrets, or show them until the stage is entered again."""
        if on != self.masked:
            self.masked = on
            self.phone.changed.emit()
            self.changed.emit()

    def begin_by_hand(self) -> None:
        """Show the stage before anything has happened."""
        self.begun = True
        self.changed.emit()

    def play_example(self, place: int) -> None:
        """Play one of the examples on the simulator, as a story of its own."""
        from .flow import EXAMPLES  # noqa: PLC0415 - beside its desk

        self.restart()
        self.begun = True
        self.example.play(EXAMPLES[place])
        self.changed.emit()

    def start_over(self) -> None:
        """Begin the story anew: a replay from its start, else with the start page."""
        if self.player is not None:
            self.replay.seek(0.0)
        else:
            self.restart()

    def restart(self) -> None:
        """Tell a new story; what was sent and received stays in the history."""
        self.replay.close()
        self._dropped = frozenset(self._live.customers)
        self._live = Journey(self.console.services.catalogue)
        self._behind.clear()
        self._chosen = ""
        self.begun = False
        if self.example.running:
            self.example.stop()
        self.console.live.select(None)
        self._show()

    def _on_example_end(self) -> None:
        """Offer how to begin once more where an example did not come to its first step."""
        if not self._live.steps and not self.example.running:
            self.begun = False
        self.changed.emit()

    # --- what happens ----------------------------------------------------------------------------

    def _on_exchange(self, exchange: Exchange) -> None:
        self._happened(Sent(exchange))

    def _on_run(self, event: RunEvent) -> None:
        """Take the note of a step for a caption; what waits and has one is a step of its own."""
        if isinstance(event, StepStarted) and event.step.note:
            if event.step.kind is StepKind.WAIT:
                self._happened(Noted(event.step.note, datetime.now(UTC)))
            else:
                self._happened(Captioned(event.step.note))

    def _on_example_run(self, event: RunEvent) -> None:
        if not self.example.stopping:
            self._on_run(event)

    def _is_over(self, event: JourneyEvent) -> bool:
        """Whether this cleans up after an example that is no longer told."""
        if not isinstance(event, Sent) or not self.example.stopping:
            return False
        return event.exchange.operation.instance_id in self._dropped

    def _happened(self, event: JourneyEvent) -> None:
        self.recorder.add(event)
        if self._is_over(event):
            return
        if not self.active:
            self._put_by(event)
            return
        new = self._take(event)
        if self.player is not None:
            return  # it goes on behind the replay, unseen
        if new and isinstance(event, Sent):
            self._follow(event.exchange.operation.instance_id)
        self._show_soon()

    def _show_soon(self) -> None:
        if self.active and not self._soon.isActive():
            self._soon.start()

    def _put_by(self, event: JourneyEvent) -> None:
        """Keep an event until somebody looks; of what has no room the mask alone knows then.

        An access number that came long ago may still stand on the phone. A poll brings none that
        was not there before.
        """
        first = self._behind[0] if len(self._behind) == MOST_BEFORE else None
        if isinstance(first, Sent) and not first.exchange.operation.poll:
            self._mask.learn(first.exchange, read_answer(first.exchange))
        self._behind.append(event)

    def _take(self, event: JourneyEvent) -> bool:
        if isinstance(event, Sent):
            self._mask.learn(event.exchange, read_answer(event.exchange))
        return self._live.take(event)

    def _on_instance(self, instance: Instance) -> None:
        self._mask.also(known_secrets(self.console))
        self.recorder.learn_secrets()
        self._follow(instance.id)

    def _follow(self, instance_id: str) -> None:
        """Have the phone be that of the customer to whom something happened last."""
        if not self.active or self.player is not None or not instance_id:
            return
        wanted = self._chosen or instance_id  # the presenter may stay with one customer
        instances = reversed(self.console.session.instances)
        found = next((one for one in instances if one.id == wanted), None)
        if found is not None and found is not self.console.live.selected:
            self.console.live.select(found)

    def _keep_chosen(self) -> None:
        """Go back to the chosen customer where the window went to one that is new."""
        self._follow(self._chosen)

    def _on_place(self) -> None:
        self._mask.also(known_secrets(self.console))
        self.recorder.learn_secrets()
        self.recorder.name_place()
        self.changed.emit()

    def _on_connection(self) -> None:
        """Say how far it is while there is nowhere to send to, as the simulator starts."""
        if self.console.environment is None:
            self.changed.emit()

    def _on_catalogue(self) -> None:
        """Tell with the words of the catalogue from now on."""
        self._live.use(self.console.services.catalogue)

    def _show(self) -> None:
        self.phone.changed.emit()
        self.changed.emit()
        self.moved.emit()

    # --- the end ---------------------------------------------------------------------------------

    async def close(self) -> None:
        """End what is recorded and what is played, as the window closes."""
        self.replay.rest()
        self._soon.stop()
        await self.example.close()
        await self.recorder.close()
