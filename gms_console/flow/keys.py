"""The keys of a flow file, in the order in which they are written."""

from __future__ import annotations

from gms_console.flow.types import Operator, StepKind

FLOW_KEYS = ("gms", "name", "env", "vars", "steps")

STEP_KEYS: dict[StepKind, tuple[str, ...]] = {
    StepKind.CREATE: (
        *("create", "as", "method", "encoding", "form", "expect", "capture"),
        *("keep_going", "always", "note"),
    ),
    StepKind.REQUEST: (
        *("request", "on", "method", "encoding", "form", "expect", "capture"),
        *("keep_going", "always", "note"),
    ),
    StepKind.POLL: (
        *("poll", "on", "method", "encoding", "form", "every", "until", "fail_on", "within"),
        *("tolerate", "expect", "capture", "keep_going", "always", "note"),
    ),
    StepKind.FOLLOW: (
        *("follow", "on", "method", "expect", "capture", "keep_going", "always", "note"),
    ),
    StepKind.WAIT: ("wait", "keep_going", "always", "note"),
}
"""What a step of each kind may have; the first key is the kind's own."""

ROW_KEYS = ("key", "value", "file", "type", "filename", "enabled", "note")

OPERATORS = tuple(operator.value for operator in Operator)

CHECK_KEYS = ("http", "max_ms", "path", *OPERATORS)
