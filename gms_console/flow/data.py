"""A Flow as the plain data of its file: keys in the contract's order, values as written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gms_console.durations import duration_text
from gms_console.flow.keys import STEP_KEYS
from gms_console.flow.types import (
    DEFAULT_EVERY,
    DEFAULT_TOLERATE,
    DEFAULT_WITHIN,
    FORMAT_VERSION,
    Check,
    Flow,
    HttpCheck,
    Step,
    StepKind,
    TimeCheck,
)
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind

Data = dict[str, Any]

_DEFAULTS: Data = {
    "name": "",
    "env": "",
    "vars": {},
    "as": "",
    "on": "",
    "method": "POST",
    "encoding": BodyKind.AUTO.value,
    "form": [],
    "every": duration_text(DEFAULT_EVERY),
    "fail_on": [],
    "within": duration_text(DEFAULT_WITHIN),
    "tolerate": DEFAULT_TOLERATE,
    "expect": [],
    "capture": {},
    "keep_going": False,
    "always": False,
    "note": "",
}
"""What a key means that is not there; the others are always written."""


def flow_data(flow: Flow) -> Data:
    """Give a flow with every key, its steps as a list."""
    return {
        "gms": FORMAT_VERSION,
        "name": flow.name,
        "env": flow.env,
        "vars": dict(flow.vars),
        "steps": [step_data(step) for step in flow.steps],
    }


def step_data(step: Step) -> Data:
    """Give a step with every key that its kind has."""
    values: Data = {
        step.kind.value: step.name,
        "as": step.instance,
        "on": step.instance,
        "method": step.method,
        "encoding": step.encoding.value,
        "form": form_data(step.form),
        "every": duration_text(step.every),
        "until": checks_data(step.until),
        "fail_on": checks_data(step.fail_on),
        "within": duration_text(step.within),
        "tolerate": step.tolerate,
        "expect": checks_data(step.expect),
        "capture": dict(step.capture),
        "keep_going": step.keep_going,
        "always": step.always,
        "note": step.note,
    }
    if step.kind is StepKind.WAIT:
        values["wait"] = duration_text(step.seconds)
    return {key: values[key] for key in STEP_KEYS[step.kind]}


def form_data(form: Form) -> list[Data]:
    """Give rows as they are written; a file's row has no value."""
    return [_row(row) for row in form]


def checks_data(checks: Iterable[Check]) -> list[Data]:
    """Give checks as they are written."""
    return [_check(check) for check in checks]


def lean(data: Data) -> Data:
    """Leave out what has its default."""
    return {
        key: value for key, value in data.items() if key not in _DEFAULTS or value != _DEFAULTS[key]
    }


def _row(row: Row) -> Data:
    data: Data = {"key": row.key}
    if row.file is None:
        data["value"] = row.value
    else:
        data["file"] = row.file.as_posix()
    if row.content_type is not None:
        data["type"] = row.content_type
    if row.filename is not None:
        data["filename"] = row.filename
    if not row.enabled:
        data["enabled"] = False
    if row.note:
        data["note"] = row.note
    return data


def _check(check: Check) -> Data:
    if isinstance(check, HttpCheck):
        statuses = check.statuses
        return {"http": statuses[0] if len(statuses) == 1 else list(statuses)}
    if isinstance(check, TimeCheck):
        return {"max_ms": int(check.max_ms) if check.max_ms.is_integer() else check.max_ms}
    return {"path": check.path, check.operator.value: check.operand}
