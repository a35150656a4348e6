"""The ComparisonDesk: two exchanges side by side, and what is not counted as a difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.model.exchange import Exchange

from ..garbage import put_off

if TYPE_CHECKING:
    from gms_console.comparison import Comparison, IgnoreRules
    from gms_console.comparison.timelines import Attempted, Overlay

    from ..console import Console

    Comparer = Callable[[Exchange, Exchange, IgnoreRules], Comparison]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two answers mean together, in a sentence; `tone` is good, warning or error."""

    text: str
    tone: str = "good"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The two exchanges that are compared, and what is known of them beforehand."""

    left: Exchange
    right: Exchange
    verdict: Verdict | None = None

    @property
    def service(self) -> str:
        """The service whose ignore rules hold; empty where neither side names one."""
        return self.left.operation.service or self.right.operation.service


class ComparisonDesk(QObject):
    """Compares in a thread, one pair at a time: the latest asked for wins.

    `kept_rules` has the lines of rules by service, where they are not those that hold for each.
    `opened` comes when a pair is to be looked at, `changed` when there is more to say of it.
    """

    opened = Signal()
    changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.pair: Pair | None = None
        self.compared: Comparison | None = None
        self.overlay: Overlay | None = None
        self.remembered: Exchange | None = None
        self._task: asyncio.Task[None] | None = None
        self.kept_rules: dict[str, tuple[str, ...]] = dict(console.workspace.ignore_rules)

    @property
    def busy(self) -> bool:
        """Whether a comparison is under way."""
        return self._task is not None

    # --- what is compared ----------------------------------------------------------------------

    def compare(self, left: Exchange, right: Exchange, verdict: Verdict | None = None) -> None:
        """Compare two exchanges, and show what differs."""
        self.pair = Pair(left, right, verdict)
        self._begin()
        self.opened.emit()

    def swap(self) -> None:
        """Put left to the right, and right to the left."""
        if self.pair is not None:
            self.pair = Pair(self.pair.right, self.pair.left, self.pair.verdict)
            self._begin()

    def remember(self, exchange: Exchange | None = None) -> None:
        """Keep an exchange, by default the one that is shown, to be compared with another one."""
        chosen = exchange or self._console.exchange
        if chosen is None:
            self._console.message.emit("There is no answer to remember yet. Send something first.")
            return
        self.remembered = chosen
        self._console.message.emit(
            f"Remembered: {chosen.operation.title}, {place_of(chosen)}. "
            "Show another answer and compare it (Ctrl+Shift+M)."
        )

    def compare_with_remembered(self) -> None:
        """Compare the exchange that is shown with the one that was remembered."""
        shown, left = self._console.exchange, self.remembered
        if left is None:
            self._console.message.emit("Nothing is remembered. Remember an answer first.")
        elif shown is None or shown is left:
            self._console.message.emit("Show another answer to compare with the remembered one.")
        else:
            self.compare(left, shown)

    def compare_with_before(self) -> None:
        """Compare the exchange that is shown with the one before that did the same, anywhere."""
        shown = self._console.exchange
        if shown is None:
            self._console.message.emit("There is no answer to compare yet. Send something first.")
            return
        title = shown.operation.title
        earlier = self._console.session.exchanges.earlier(shown)
        before = next((one for one in earlier if one.operation.title == title), None)
        if before is None:
            self._console.message.emit(f"There is no earlier answer to {title} in this start.")
        else:
            self.compare(before, shown)

    def stop(self) -> None:
        """Let a comparison under way go: nobody looks at it any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.changed.emit()

    def resume(self) -> None:
        """Compare the pair after all, if that was stopped."""
        if self.compared is None and not self.busy:
            self._begin()

    def _begin(self) -> None:
        from gms_console.comparison import compare  # noqa: PLC0415 - not before there is a pair

        if self.pair is None:
            return
        self.stop()
        self.compared = self.overlay = None
        work = self._compare(compare, self.pair, self.rules)
        self._task = self._console.session.tasks.start(work, name="compare", owner=self)
        self._task.add_done_callback(self._ended)
        self.changed.emit()

    async def _compare(self, compare: Comparer, pair: Pair, rules: IgnoreRules) -> None:
        over = await self._overlay(pair)
        with put_off():
            found = await _in_thread(compare, pair.left, pair.right, rules)
        if self.pair is pair:
            self.compared, self.overlay = found, over

    async def _overlay(self, pair: Pair) -> Overlay | None:
        """Lay the polls over each other that the two come from; None unless both are of one."""
        from gms_console.comparison.timelines import overlay  # noqa: PLC0415 - as above

        ids = pair.left.operation.poll, pair.right.operation.poll
        if not all(ids) or ids[0] == ids[1]:
            return None
        left, right = await self._attempts(ids[0]), await self._attempts(ids[1])
        return None if left is None or right is None else overlay(left, right)

    async def _attempts(self, poll_id: str) -> Attempted | None:
        """Find the attempts of a poll, of this start or in the history."""
        session = self._console.session
        for polls in session.polls.values():
            for poll in polls:
                if poll.id == poll_id:
                    return poll.timeline
        return None if session.history is None else await session.history.load_poll(poll_id)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._task is task:
            self._task = None
            self.changed.emit()

    # --- what is ignored -----------------------------------------------------------------------

    @property
    def rules(self) -> IgnoreRules:
        """What is not counted for the service of the pair."""
        from gms_console.comparison import DEFAULT_RULES, IgnoreRules  # noqa: PLC0415 - as above

        service = self.pair.service if self.pair is not None else ""
        kept = self.kept_rules.get(service)
        return DEFAULT_RULES if kept is None else IgnoreRules.kept(kept)

    def use_rules(self, rules: IgnoreRules) -> None:
        """Go by other rules for the service of the pair from now on, and compare anew."""
        from gms_console.comparison import DEFAULT_RULES  # noqa: PLC0415 - as above

        if self.pair is None or rules == self.rules:
            return
        if rules == DEFAULT_RULES:
            self.kept_rules.pop(self.pair.service, None)
        else:
            self.kept_rules[self.pair.service] = rules.lines()
        self._begin()

    def ignore(self, rule: str) -> None:
        """Do not count what a rule names, a member or `header: Name`, from now on."""
        from gms_console.comparison import IgnoreRules  # noqa: PLC0415 - as above

        self.use_rules(IgnoreRules.kept((*self.rules.lines(), rule)))

    def stop_ignoring(self, rules: Iterable[str]) -> None:
        """Count again what these rules name."""
        left = self.rules
        for rule in rules:
            left = left.without(rule)
        self.use_rules(left)


async def _in_thread(
    compare: Comparer, left: Exchange, right: Exchange, rules: IgnoreRules
) -> Comparison:
    """Compare in a thread; who cancels it waits for its end, which the loop is told of."""
    work = asyncio.ensure_future(asyncio.to_thread(compare, left, right, rules))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            # At the end of the program it is cancelled a second time.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([work])
        raise


def place_of(exchange: Exchange) -> str:
    """Name where an exchange went: environment and node, or the address that was typed."""
    if exchange.environment:
        return " · ".join(part for part in (exchange.environment, exchange.node) if part)
    scheme, _, rest = exchange.request.url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
