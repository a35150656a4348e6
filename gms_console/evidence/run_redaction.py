"""Masks what a Run tells: cases with their flows and rows, steps with their checks and captures."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from gms_console.evidence.redaction import Redactor
from gms_console.flow.types import Check, Flow, Step, ValueCheck
from gms_console.runner.results import Case, CaseResult, CheckResult, PollResult, StepResult

_KNOWN = 200
"""Flows, steps and cases that are kept masked; those under way at one time are fewer."""

_LAST_NAME = re.compile(r'([\w$-]+)"?[\])\s]*\Z')


class RunRedactor:
    """Masks cases and results of steps by the rules of a Redactor."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._flows: OrderedDict[int, tuple[Flow, Flow]] = OrderedDict()
        self._cases: OrderedDict[int, Case] = OrderedDict()

    def case(self, case: Case) -> Case:
        """Mask a case: the values of its row, and all texts of its Flow."""
        known = self._cases.get(case.number)
        if known is None:
            known = replace(
                case,
                flow=self._flow(case.flow),
                data=tuple((key, self._redactor.value(key, text)) for key, text in case.data),
            )
            _keep(self._cases, case.number, known)
        return known

    def step(self, result: StepResult) -> StepResult:
        """Mask what came of a step. Raises OSError as `Redactor.exchange` does."""
        redactor = self._redactor
        exchange = result.exchange
        return replace(
            result,
            step=self._step(result.step),
            title=redactor.text(result.title, "title of a step"),
            message=redactor.text(result.message, "message of a step"),
            checks=tuple(self._result(check) for check in result.checks),
            captured=tuple(
                (name, self._captured(result.step, name, value)) for name, value in result.captured
            ),
            instance_id=redactor.text(result.instance_id),
            exchange=None if exchange is None else redactor.exchange(exchange),
            poll=None if result.poll is None else self._poll(result.poll),
        )

    def end(self, result: CaseResult) -> CaseResult:
        """Mask what came of a case, of which nothing follows."""
        masked = replace(result, case=self.case(result.case))
        self._cases.pop(result.case.number, None)
        return masked

    def _flow(self, flow: Flow) -> Flow:
        # The flow itself is kept beside, so that its id stays its own.
        known = self._flows.get(id(flow))
        if known is None:
            masked = replace(
                flow,
                name=self._redactor.text(flow.name, "name of the flow"),
                vars=tuple((key, self._redactor.value(key, text)) for key, text in flow.vars),
                steps=tuple(self._step(step) for step in flow.steps),
                file=None if flow.file is None else self._file(flow.file),
            )
            known = flow, masked
            _keep(self._flows, id(flow), known)
        return known[1]

    def _file(self, file: Path) -> Path:
        """Mask a name: a flow without one is called by that of its file."""
        return Path(self._redactor.text(file.stem, "name of the flow") + file.suffix)

    def _step(self, step: Step) -> Step:
        redactor = self._redactor
        return replace(
            step,
            name=redactor.text(step.name, "step"),
            instance=redactor.text(step.instance, "step"),
            form=redactor.form(step.form),
            until=tuple(self._value_check(check) for check in step.until),
            fail_on=tuple(self._value_check(check) for check in step.fail_on),
            expect=tuple(self._check(check) for check in step.expect),
            capture=tuple((key, redactor.text(path, "capture")) for key, path in step.capture),
            note=redactor.text(step.note, "note of a step"),
        )

    def _check(self, check: Check) -> Check:
        return self._value_check(check) if isinstance(check, ValueCheck) else check

    def _value_check(self, check: ValueCheck) -> ValueCheck:
        operand = self._redactor.data(_key_of(check.path), check.operand)
        # A path may pick by a value: [?phone == '+1650...'].
        return replace(check, path=self._redactor.text(check.path, "check"), operand=operand)

    def _result(self, result: CheckResult) -> CheckResult:
        check = result.check
        key = _key_of(check.path) if isinstance(check, ValueCheck) else ""
        return replace(
            result,
            check=self._check(check),  # first: its operand is found in the text then
            text=self._redactor.text(result.text, "check"),
            found=self._found(key, result.found),
        )

    def _found(self, key: str, found: str) -> str:
        if not found or found[0] in "\"'{[":
            return self._redactor.text(f"{key}: {found}", key).removeprefix(f"{key}: ")
        return self._redactor.value(key, found)

    def _captured(self, step: Step, name: str, value: str) -> str:
        path = next((path for one, path in step.capture if one == name), "")
        key = _key_of(path)
        masked = self._redactor.value(key, value) if key else value
        return self._redactor.value(name, masked) if masked == value else masked

    def _poll(self, poll: PollResult) -> PollResult:
        return replace(
            poll,
            reason=self._redactor.text(poll.reason, "end of a poll"),
            wanted=tuple(
                (name, self._redactor.text(text, "what a poll waited for"))
                for name, text in poll.wanted
            ),
            attempts=tuple(self._redactor.attempt(one) for one in poll.attempts),
            spans=tuple(self._redactor.span(one) for one in poll.spans),
        )


def _key_of(path: str) -> str:
    """Give the name that a path leads to, by which its value is judged."""
    found = _LAST_NAME.search(path)
    return found[1] if found is not None else path


def _keep(known: OrderedDict[int, Any], key: int, value: Any) -> None:  # noqa: ANN401 - of each kind
    known[key] = value
    while len(known) > _KNOWN:
        known.popitem(last=False)
