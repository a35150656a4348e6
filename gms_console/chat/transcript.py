"""The Transcript: lines in order, each once, with what is on its way and what never came."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from gms_console.chat.types import ChatEntry, Delivery, EntryKind, Heard, Party

_CUT = 500
"""Characters from which on a line may be the beginning of a message that GMS has cut."""

_UNSEEN = frozenset({EntryKind.TYPING_STARTED, EntryKind.TYPING_STOPPED})
"""What has a number in the transcript and no line in a window."""

_ARRIVES = (Delivery.ACCEPTED, Delivery.FAILED, Delivery.SENDING, Delivery.THERE)
"""The order in which own messages that say the same are looked for in the transcript."""

_ANEW = "GMS counts its transcript from the beginning again; what follows is new"


class Transcript:
    """What was said, by GMS's numbers; own messages that are not in it yet follow at the end.

    A line that came before is dropped by its number. Numbers that were left out are a line of
    kind GAP, until they come after all. A server that lost its transcript counts from one again:
    what it says then follows what is there (`begin_anew`).
    """

    def __init__(self) -> None:
        self._lines: list[ChatEntry] = []
        self._numbers: list[int] = []
        self._pending: list[ChatEntry] = []
        self._seen: dict[int, Heard] = {}
        self._gaps: dict[int, tuple[int, int]] = {}
        self._keys = 0
        self._before = 0
        self.highest = 0
        self.duplicates = 0

    @property
    def entries(self) -> tuple[ChatEntry, ...]:
        """All lines as they are shown."""
        return (*self._lines, *self._pending)

    @property
    def pending(self) -> Sequence[ChatEntry]:
        """Own messages that are not in the transcript."""
        return tuple(self._pending)

    def say(self, text: str) -> ChatEntry:
        """Put an own message at the end, on its way."""
        heard = Heard(index=None, kind=EntryKind.MESSAGE, event="", party=Party.OWN, text=text)
        entry = ChatEntry(
            key=self._key(), heard=heard, at=datetime.now(UTC), delivery=Delivery.SENDING
        )
        self._pending.append(entry)
        return entry

    def mark(self, key: int, delivery: Delivery, reason: str = "", exchange_id: str = "") -> None:
        """Say how far an own message has come; one that is in the transcript stays so."""
        for place, entry in enumerate(self._pending):
            if entry.key == key:
                known = exchange_id or entry.exchange_id
                self._pending[place] = replace(
                    entry, delivery=delivery, reason=reason, exchange_id=known
                )

    def drop(self, key: int) -> None:
        """Take an own message that was not sent out again."""
        self._pending = [entry for entry in self._pending if entry.key != key]

    def contradicts(self, heard: Iterable[Heard]) -> bool:
        """Whether a line has the number of one that is there, and says something else."""
        return any(
            (known := self._seen.get(one.index or 0)) is not None and _core(known) != _core(one)
            for one in heard
        )

    def begin_anew(self, came: datetime, exchange_id: str) -> None:
        """Let numbers begin from one again, behind the lines that are there."""
        self._before = self._numbers[-1] + 1 if self._numbers else 0
        self._seen.clear()
        self._gaps.clear()
        self.highest = 0
        heard = Heard(index=None, kind=EntryKind.GAP, event="", text=_ANEW)
        self._put(ChatEntry(key=self._key(), heard=heard, at=came, exchange_id=exchange_id), 0)

    def take(self, heard: Iterable[Heard], came: datetime, exchange_id: str) -> list[Heard]:
        """Take lines of an answer; give those that are new."""
        return [one for one in heard if self._take(one, came, exchange_id)]

    def _take(self, heard: Heard, came: datetime, exchange_id: str) -> bool:
        index = heard.index
        if index is not None:
            if index in self._seen:
                self.duplicates += 1
                return False
            self._note(heard, index, came, exchange_id)
        if heard.kind not in _UNSEEN:
            sent = self._arrived(heard, exchange_id)
            entry = ChatEntry(
                key=self._key() if sent is None else sent.key,
                heard=heard,
                at=heard.at or came,
                exact=heard.at is not None,
                exchange_id=exchange_id if sent is None else sent.exchange_id or exchange_id,
            )
            self._put(entry, self.highest if index is None else index)
        return True

    def _note(self, heard: Heard, index: int, came: datetime, exchange_id: str) -> None:
        """Note a number, and what it leaves out or fills in."""
        self._seen[index] = heard
        if index < self.highest:
            self._fill(index)
        elif self.highest and index > self.highest + 1:
            self._put_gap(self.highest + 1, index - 1, came, exchange_id)
        self.highest = max(self.highest, index)

    def _put_gap(self, first: int, last: int, came: datetime, exchange_id: str) -> None:
        heard = Heard(index=first, kind=EntryKind.GAP, event="", text=_missing(first, last))
        entry = ChatEntry(key=self._key(), heard=heard, at=came, exchange_id=exchange_id)
        self._gaps[entry.key] = (first, last)
        self._put(entry, first)

    def _fill(self, index: int) -> None:
        """Make the gap smaller that a late line belongs to; what is left of it may be two."""
        found = ((key, span) for key, span in self._gaps.items() if span[0] <= index <= span[1])
        key, (first, last) = next(found, (0, (0, 0)))
        if not key:
            return
        place = next(at for at, entry in enumerate(self._lines) if entry.key == key)
        gap = self._lines.pop(place)
        del self._numbers[place], self._gaps[key]
        for low, high in ((first, index - 1), (index + 1, last)):
            if low <= high:
                self._put_gap(low, high, gap.at, gap.exchange_id)

    def _put(self, entry: ChatEntry, number: int) -> None:
        number += self._before
        place = bisect_left(self._numbers, number + 1)
        self._lines.insert(place, entry)
        self._numbers.insert(place, number)

    def _arrived(self, heard: Heard, exchange_id: str) -> ChatEntry | None:
        """Give the own message that a line of the transcript is, which is on its way no more.

        A server may change what it is sent; the answer to a message has its line all the same.
        """
        if heard.party is not Party.OWN or heard.kind is not EntryKind.MESSAGE:
            return None
        alike = [one for one in self._pending if _same(one.heard.text, heard.text)] or [
            one
            for one in self._pending
            if one.delivery is Delivery.ACCEPTED and one.exchange_id == exchange_id
        ]
        # Of two that say the same, the one that GMS has answered is there sooner.
        found = min(alike, key=lambda one: _ARRIVES.index(one.delivery), default=None)
        if found is not None:
            self._pending.remove(found)
        return found

    def _key(self) -> int:
        self._keys += 1
        return self._keys


def _same(sent: str, came: str) -> bool:
    """Whether a line is a message that was sent: servers trim, and may cut a long one."""
    sent, came = " ".join(sent.split()), " ".join(came.split())
    return sent == came or (len(came) >= _CUT and sent.startswith(came))


def _core(heard: Heard) -> tuple[EntryKind, str, str]:
    """Give what makes a line this one; a nickname may be another afterwards."""
    return heard.kind, heard.party_id, heard.text


def _missing(first: int, last: int) -> str:
    numbers = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"Nothing came for {numbers} of the transcript"
