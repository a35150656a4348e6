"""The Journey: what customers went through, told from the requests of their phones."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gms_console.beside import is_beside_services
from gms_console.evidence.rules import Rule, rule_of_key
from gms_console.journey.captions import (
    Actor,
    Caption,
    caption_of,
    lasting_lines,
    noted_caption,
    same_words,
    shown_words,
    state_caption,
    trouble_words,
)
from gms_console.journey.events import Captioned, JourneyEvent, Noted, Placed, Sent
from gms_console.model.answer import Access, Answer, read_answer
from gms_console.model.dialog import ChatAnswer, read_dialog
from gms_console.model.exchange import Exchange, FailureKind, OperationKind
from gms_console.model.timeline import Attempt, StateSpan, Timeline
from gms_console.trail import Screen, Trail

if TYPE_CHECKING:
    from gms_console.catalogue import Catalogue, ServiceKind

MOST_STEPS = 500
"""Steps that are kept; the oldest go first."""

MOST_LINES = 100
"""Lines of a chat that are kept."""

_CHAT_NEWS = "refresh chat"
_NEWS = frozenset({"status", "callback record", _CHAT_NEWS})
"""Requests that only look how it stands, as polls do again and again."""

_LISTED = "find callbacks"
"""What a list of everybody's callbacks is asked for by."""

_PASSING = "TRANSCRIPT"
"""What a chat's answer is called that holds news: no state of the chat itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyStep:
    """Something that happened, as it is told. `number` counts from 1 and never changes.

    `customer` is the id of the instance it is about; empty where none came of it. `state` is the
    one after it, `detail` what came of it: the words on the phone, or why it went wrong.
    """

    number: int
    at: datetime
    actor: Actor
    caption: str
    detail: str = ""
    state: str = ""
    ok: bool = True
    customer: str = ""
    exchange_id: str = ""


@dataclass(slots=True)
class Customer:
    """One created service as its customer lives through it.

    `number` is the phone number that it was created with; empty for none.
    """

    id: str
    service: str = ""
    number: str = ""
    trail: Trail = field(default_factory=Trail)
    timeline: Timeline = field(default_factory=Timeline)
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    access: Access | None = None
    trouble: str = ""

    @property
    def screen(self) -> Screen | None:
        """What the phone shows; None where no answer had anything for it yet."""
        return self.trail.current

    @property
    def state(self) -> str:
        """The state that was seen last; empty for none."""
        return self.timeline.state or ""

    @property
    def spans(self) -> Sequence[StateSpan]:
        """The states so far, oldest first."""
        return self.timeline.spans

    def copy(self) -> Customer:
        """Give another one that is alike, and goes its own way from here."""
        return Customer(
            self.id,
            self.service,
            self.number,
            self.trail.copy(),
            self.timeline.copy(),
            deque(self.lines, maxlen=MOST_LINES),
            self.access,
            self.trouble,
        )


class Journey:
    """Folds events, in the order of their end, into what people are told.

    It asks nobody and sends nothing: the same events give the same journey, live or from a
    recording.
    """

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        self._catalogue = catalogue
        self._steps: deque[JourneyStep] = deque(maxlen=MOST_STEPS)
        self._count = 0
        self._pending = ""
        self._own: set[str] = set()
        """Customers that no other journey has; the others are copied before they are changed."""
        self.place = ""
        """The environment that was gone to since; empty where it is still the first one."""
        self.customers: dict[str, Customer] = {}
        self.current: Customer | None = None
        """The customer whom the last step was about."""
        self.now: datetime | None = None
        """When the last event was."""

    @property
    def steps(self) -> Sequence[JourneyStep]:
        """The steps, oldest first; the last one is where the journey stands."""
        return self._steps

    @property
    def count(self) -> int:
        """How many steps there have been, those that are no longer kept too."""
        return self._count

    def steps_of(self, customer: str) -> Sequence[JourneyStep]:
        """The steps about one customer, by id, oldest first."""
        return [one for one in self._steps if one.customer == customer]

    def use(self, catalogue: Catalogue | None) -> None:
        """Tell with the words of another catalogue from now on."""
        self._catalogue = catalogue

    def copy(self) -> Journey:
        """Give another one that stands where this one does; each goes its own way from here."""
        made = Journey(self._catalogue)
        made._steps.extend(self._steps)
        made._count, made._pending, made.now = self._count, self._pending, self.now
        made.place, made.current = self.place, self.current
        made.customers = dict(self.customers)
        self._own.clear()
        return made

    def take(self, event: JourneyEvent) -> bool:
        """Take over what happened; say whether that is a new step."""
        match event:
            case Captioned(text):
                self._pending = text
                return False
            case Noted(text, at):
                self.now = at
                self._add(at, noted_caption(text, Actor.NOBODY), _About())
                return True
            case Placed(environment):
                self.place = environment
                return False
            case Sent(exchange):
                return not _is_aside(exchange) and self._sent(exchange)

    # --- requests --------------------------------------------------------------------------------

    def _sent(self, exchange: Exchange) -> bool:
        answer = read_answer(exchange)
        name = exchange.operation.instance_id
        created = exchange.operation.kind is OperationKind.CREATE
        name = name or ((answer.id or "") if created and answer.ok else "")
        self.now = exchange.started + timedelta(milliseconds=exchange.timing.total)
        customer = self._customer(name, exchange)
        before = customer.state if customer is not None else ""
        kind = self._kind(customer, exchange)
        old_screen = customer.screen if customer is not None else None
        new_screen = customer is not None and self._learn(customer, exchange, answer)
        if new_screen and exchange.operation.poll and customer is not None:
            # A poll that brings how long to wait brings another text each time.
            new_screen = not _is_told(old_screen, customer.screen)
        if new_screen and customer is not None and _is_typing(customer.screen):
            new_screen = False
        return self._tell(exchange, answer, _News(customer, kind, before, new_screen))

    def _kind(self, customer: Customer | None, exchange: Exchange) -> ServiceKind | None:
        service = exchange.operation.service or (customer.service if customer is not None else "")
        return self._catalogue.kind(service) if self._catalogue and service else None

    def _asked(self, exchange: Exchange, news: _News) -> Caption:
        """Say what a request was for; what an agent wrote stands for the look that brought it."""
        if exchange.operation.request == _CHAT_NEWS and news.shown:
            # A line that somebody wrote begins with who did; other lines are notices.
            wrote = ": " in news.shown
            return Caption(Actor.AGENT if wrote else Actor.CENTRE, news.shown.rstrip("."))
        family = self._catalogue.family_of(news.kind) if self._catalogue and news.kind else None
        return caption_of(exchange, news.kind, family.family if family is not None else "")

    def _customer(self, name: str, exchange: Exchange) -> Customer | None:
        if not name:
            return None
        found = self.customers.get(name)
        if found is None or name not in self._own:
            found = self.customers[name] = Customer(name) if found is None else found.copy()
            self._own.add(name)
            if self.current is not None and self.current.id == name:
                self.current = found
        found.service = found.service or exchange.operation.service
        if not found.number and exchange.operation.kind is OperationKind.CREATE:
            found.number = _number_in(exchange)
        return found

    def _learn(self, customer: Customer, exchange: Exchange, answer: Answer) -> bool:
        """Take over what an answer says of a customer; say whether the phone shows another screen.

        A chat's answer holds news alone, so its lines are gathered.
        """
        fault = trouble_words(exchange, answer)
        customer.timeline.add(
            Attempt(
                number=len(customer.timeline.attempts) + 1,
                started=exchange.started + timedelta(milliseconds=exchange.timing.total),
                elapsed=exchange.timing.total,
                exchange_id=exchange.id,
                state=_state_of(answer),
                fault=fault or None,
            )
        )
        if answer.access is not None and answer.ok:
            customer.access = answer.access
        new = customer.trail.learn(exchange, answer)
        screen = customer.screen
        if new and screen is not None and isinstance(screen.dialog, ChatAnswer):
            customer.lines.extend(lasting_lines(screen.dialog))
        return new

    def _tell(self, exchange: Exchange, answer: Answer, news: _News) -> bool:
        """Add the steps that an exchange makes: what was asked, and the state it led to."""
        customer, at = news.customer, self.now or exchange.started
        trouble = trouble_words(exchange, answer)
        state = customer.state if customer is not None else (_state_of(answer) or "")
        moved = bool(state) and state != news.before
        new_trouble = bool(trouble) and (customer is None or trouble != customer.trouble)
        if customer is not None:
            customer.trouble = trouble
        noted = bool(self._pending)
        asked = self._request_caption(exchange, news, moved=moved, new_trouble=new_trouble)
        detail = trouble or news.shown
        if asked is not None and (
            detail.rstrip(".") == asked.text.rstrip(".")
            or (exchange.operation.request == "send message" and not trouble)
        ):
            detail = ""  # the caption says it already
        if customer is not None and (asked is not None or moved):
            self.current = customer
        about = _About(state, news.name, exchange.id)
        if asked is not None:
            self._add(at, asked, about, detail, ok=not trouble)
            detail = ""
        if moved and not noted:  # a note tells of the state as well
            self._add(at, state_caption(state, news.kind), about, detail)
        return asked is not None or moved

    def _request_caption(
        self, exchange: Exchange, news: _News, *, moved: bool, new_trouble: bool
    ) -> Caption | None:
        """Say what was asked for; None for a look that brought nothing, and one that was ended.

        A look is told by its news alone: a state that is reached, a screen, a trouble that is new.
        The note of a flow's step stands in the place of our words.
        """
        given, self._pending = self._pending, ""
        if given:
            return noted_caption(given, self._asked(exchange, news).actor)
        failure = exchange.failure
        if failure is not None and failure.kind is FailureKind.CANCELLED:
            return None
        looks = exchange.operation.poll or exchange.operation.request in _NEWS
        if looks and (moved or not (news.screen or new_trouble)):
            return None
        chat = exchange.operation.request == _CHAT_NEWS
        if exchange.operation.poll and news.shown and not new_trouble and not chat:
            return Caption(Actor.CENTRE, news.shown)
        return self._asked(exchange, news)

    def _add(
        self, at: datetime, caption: Caption, about: _About, detail: str = "", *, ok: bool = True
    ) -> None:
        self._count += 1
        self._steps.append(
            JourneyStep(
                number=self._count,
                at=at,
                actor=caption.actor,
                caption=caption.text,
                detail=detail,
                state=about.state,
                ok=ok,
                customer=about.customer,
                exchange_id=about.exchange_id,
            )
        )


@dataclass(frozen=True, slots=True)
class _About:
    """What a step is about: the state then, the customer, the exchange; each empty for none."""

    state: str = ""
    customer: str = ""
    exchange_id: str = ""


@dataclass(frozen=True, slots=True)
class _News:
    """What an exchange changed: whose it is, the state before, whether the screen is new."""

    customer: Customer | None
    kind: ServiceKind | None
    before: str
    screen: bool

    @property
    def name(self) -> str:
        """The id of whose it is; empty for nobody's."""
        return self.customer.id if self.customer is not None else ""

    @property
    def shown(self) -> str:
        """What the phone shows now, where that is news, in words."""
        screen = self.customer.screen if self.customer is not None and self.screen else None
        return shown_words(screen.dialog) if screen is not None else ""


def _is_aside(exchange: Exchange) -> bool:
    """Whether a request is no part of any customer's story."""
    return exchange.operation.request == _LISTED or is_beside_services(exchange)


def _is_told(old: Screen | None, new: Screen | None) -> bool:
    return old is not None and new is not None and same_words(old.dialog, new.dialog)


def _is_typing(screen: Screen | None) -> bool:
    """Whether all that a chat's answer says is that somebody is typing, or is not any more."""
    chat = screen.dialog if screen is not None else None
    return isinstance(chat, ChatAnswer) and bool(chat.lines) and not lasting_lines(chat)


def _number_in(exchange: Exchange) -> str:
    rows = exchange.request.form or ()
    return next((one.value for one in rows if rule_of_key(one.key) is Rule.PHONES), "")


def _state_of(answer: Answer) -> str | None:
    """Give the state that an answer tells of, a chat's too."""
    if not answer.ok:
        return None
    dialog = read_dialog(answer)
    if isinstance(dialog, ChatAnswer):
        return dialog.state if dialog.state and dialog.state != _PASSING else None
    return answer.state or None
