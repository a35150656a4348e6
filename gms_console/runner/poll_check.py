"""A check of a flow, as a Poll asks it of each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gms_console.durations import duration_text
from gms_console.flow.judging import check_text, holds, value_at
from gms_console.flow.types import Operator, ValueCheck
from gms_console.model.reading import text_of
from gms_console.model.stop_rule import StopCheck, StopRule, StopRuleError
from gms_console.poll import PollPlan


@dataclass(frozen=True, slots=True)
class PollCheck:
    """What a Poll waits for, or fails on. Its text is that of a stop rule, where one says it."""

    check: ValueCheck

    def holds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether an answer's data fulfils it."""
        return holds(self.check, data)

    def value(self, data: Any) -> str | None:  # noqa: ANN401 - whatever JSON the answer was
        """Give what stands at its path, as text."""
        return text_of(value_at(self.check.path, data))

    @property
    def path(self) -> str:
        """Where it looks, as a JMESPath."""
        return self.check.path

    def finds(self, data: Any) -> bool:  # noqa: ANN401 - whatever JSON the answer was
        """Whether anything stands there."""
        return value_at(self.check.path, data) is not None

    def __str__(self) -> str:
        return _stop_rule(self.check) or check_text(self.check)


def wanted_of(plan: PollPlan) -> tuple[tuple[str, str], ...]:
    """Say what a poll waits for, how often and how long: a name and a text each."""
    pairs = [
        ("until", " or ".join(map(_words, plan.until))),
        ("fails on", " or ".join(map(_words, plan.fail_on))),
        ("every", duration_text(plan.every)),
        ("within", "" if plan.within is None else duration_text(plan.within)),
    ]
    return tuple((name, text) for name, text in pairs if text)


def _words(check: StopCheck) -> str:
    return check_text(check.check) if isinstance(check, PollCheck) else str(check)


def _stop_rule(check: ValueCheck) -> str:
    """Write a check as a stop rule, which the history reads again; empty where none says it."""
    wanted = check.operand if check.operator is Operator.IN else [check.operand]
    if check.operator not in {Operator.EQUALS, Operator.IN} or not isinstance(wanted, list):
        return ""
    values = tuple(text for one in wanted if (text := text_of(one)) is not None)
    if len(values) < len(wanted):
        return ""
    try:
        rule = StopRule(check.path, values)
        return str(rule) if StopRule.parse(str(rule)) == rule else ""
    except StopRuleError:
        return ""
