"""The Trail: the screens that an instance's phone went through, in order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from gms_console.model.answer import Answer
from gms_console.model.dialog import AccessDialog, Dialog, read_dialog
from gms_console.model.exchange import Exchange

MOST_SCREENS = 200
"""Screens that are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What the phone showed. `number` counts from 1 and never changes.

    `exchange_id` is the latest Exchange that brought this dialog, `came_by` what was asked
    for when it first came (such as `create callback/callme` or `status`), `at` when that was
    answered.
    """

    number: int
    dialog: Dialog
    exchange_id: str
    came_by: str
    at: datetime


class Trail:
    """The screens of one Instance. A poll that brings the same dialog again adds none."""

    def __init__(self, limit: int = MOST_SCREENS) -> None:
        self._screens: deque[Screen] = deque(maxlen=limit)
        self._numbers = count(1)

    @property
    def screens(self) -> tuple[Screen, ...]:
        """The screens, oldest first."""
        return tuple(self._screens)

    @property
    def current(self) -> Screen | None:
        """What the phone shows now."""
        return self._screens[-1] if self._screens else None

    def copy(self) -> Trail:
        """Give another one with the same screens, which goes its own way from here."""
        made = Trail(self._screens.maxlen or MOST_SCREENS)
        made._screens.extend(self._screens)
        made._numbers = count(self.current.number + 1 if self.current is not None else 1)
        return made

    def learn(self, exchange: Exchange, answer: Answer) -> bool:
        """Take over what an answer shows; say whether that is a new screen."""
        dialog = read_dialog(answer)
        if dialog is None or _is_passing(exchange, answer):
            return False
        last = self.current
        if last is not None and _is_same(last.dialog, dialog):
            self._screens[-1] = replace(last, dialog=dialog, exchange_id=exchange.id)
            return False
        self._screens.append(
            Screen(
                number=next(self._numbers),
                dialog=dialog,
                exchange_id=exchange.id,
                came_by=exchange.operation.title or exchange.request.method,
                at=exchange.started + timedelta(milliseconds=exchange.timing.total),
            )
        )
        return True


def _is_passing(exchange: Exchange, answer: Answer) -> bool:
    """Whether this is a failed attempt of a poll or a request, which is no screen of the phone.

    What the phone itself asked for (its follow-ups have a label) always is.
    """
    problem = answer.problem
    return problem is not None and not exchange.operation.label and problem.transient


def _is_same(old: Dialog, new: Dialog) -> bool:
    if isinstance(old, AccessDialog) and isinstance(new, AccessDialog):
        # The time that is left differs with every answer.
        return (old.access.number, old.access.code) == (new.access.number, new.access.code)
    return old == new
