"""Flows for tests: the one of the contract, and whatever people may make, for hypothesis."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from gms_console.flow.types import (
    Check,
    Flow,
    HttpCheck,
    Operator,
    Step,
    StepKind,
    TimeCheck,
    ValueCheck,
)
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from tests.engine.strategies import content_types, texts

INBOUND = """\
gms: 1                                  # format version
name: Inbound poll until an agent is ready
env: qa                                 # optional; --env wins
vars: {phone: "6504669999"}
steps:
  - create: request-inbound-poll        # the service (execution) name
    as: call                            # name of the instance for later steps
    encoding: multipart                 # auto (default): multipart when a row is a file
    form:                               # ordered; duplicates allowed
      - {key: _phone_number, value: "{{phone}}"}
      - {key: _provide_code, value: "true"}
      - {key: language, value: french}
      - {key: FileKey, file: ./MyPic.png, type: image/png}
      - {key: note, value: later, enabled: false}
    expect:
      - {http: 200}
      - {path: _access_code, matches: "^[0-9]{4}$"}
    capture: {number: _access_number}   # becomes {{number}}

  # The agent takes a while.
  - poll: status                        # a service-specific request, repeated
    on: call
    every: 1s
    until: {path: status, in: [agent-ready, connected]}
    fail_on: {path: status, in: [failed, cancelled]}
    within: 60s
    tolerate: 3                         # transport errors or 5xx in a row
  - request: cancel
    on: call
    method: POST                        # default
    expect:
      - {http: 200}
  - wait: 2s
# the end
"""

_FILE = Path("inbound.yaml")

_variable_names = st.from_regex(r"[a-z_][a-z0-9_ ]{0,8}[a-z0-9]", fullmatch=True)
_awkward_names = st.sampled_from(["name", "env", "true", "on", "7", "2026-01-31", "a: b", "#a"])
_names = _variable_names | _awkward_names
_some_text = texts.filter(bool)
_paths = st.sampled_from(
    ["status", "_id", "a.b[0].c", "items[?state=='x'].id | [0]", '"odd name"', "@", "length(a)"]
)
_seconds = st.sampled_from([0.25, 0.5, 1.0, 1.5, 60.0, 120.0, 0.0005]) | st.floats(0.001, 1e6)
_numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
_scalars = texts | st.booleans() | _numbers
_operands = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


def _value_check(path: str, operator: Operator, operand: Any) -> ValueCheck:
    return ValueCheck(path, operator, operand)


value_checks = st.one_of(
    st.builds(
        _value_check, _paths, st.sampled_from([Operator.EQUALS, Operator.CONTAINS]), _operands
    ),
    st.builds(_value_check, _paths, st.just(Operator.IN), st.lists(_operands, min_size=1)),
    st.builds(
        _value_check,
        _paths,
        st.just(Operator.MATCHES),
        st.sampled_from(["^[0-9]{4}$", "a|b", "\\d+", " ", "{{code}}", "#", '(?i)ok: "x"']),
    ),
    st.builds(_value_check, _paths, st.just(Operator.EXISTS), st.booleans()),
    st.builds(
        _value_check,
        _paths,
        st.sampled_from([Operator.LESS_THAN, Operator.GREATER_THAN]),
        _numbers | st.sampled_from(["5", "2026-01-31T08:00:00Z", "{{limit}}"]),
    ),
)
checks: st.SearchStrategy[Check] = st.one_of(
    value_checks,
    st.builds(HttpCheck, st.lists(st.integers(100, 599), min_size=1, max_size=3).map(tuple)),
    st.builds(TimeCheck, st.floats(0.001, 1e9)),
)

_file_paths = st.sampled_from(["MyPic.png", "pictures/My Pic.png", "/tmp/é.png", "{{file}}", "a#b"])
rows = st.one_of(
    st.builds(
        Row,
        key=texts,
        value=texts,
        content_type=content_types,
        filename=st.none() | texts,
        enabled=st.booleans(),
        note=texts,
    ),
    st.builds(Row, key=texts, value=texts),
    st.builds(
        Row,
        key=texts,
        file=_file_paths.map(Path),
        content_type=content_types,
        filename=st.none() | texts,
    ),
)
forms = st.lists(rows, max_size=4).map(lambda found: Form(tuple(found)))
_any_checks = st.lists(checks, max_size=3).map(tuple)
_conditions = st.lists(value_checks, max_size=2).map(tuple)
_captures = st.dictionaries(_names, _paths, max_size=2).map(lambda found: tuple(found.items()))
_methods = st.sampled_from(["POST", "GET", "DELETE", "{{method}}"])
_instances = st.sampled_from(["", "{{id}}", "369-b8ed1c91-3b64-4f4f", "call"])

_common: dict[str, Any] = {
    "keep_going": st.booleans(),
    "always": st.booleans(),
    "note": st.just("") | texts,
}
_sending: dict[str, Any] = _common | {
    "name": _some_text,
    "method": _methods,
    "encoding": st.sampled_from(BodyKind),
    "form": forms,
    "expect": _any_checks,
    "capture": _captures,
}
_later_steps = st.one_of(
    st.builds(Step, kind=st.just(StepKind.CREATE), **_sending),
    st.builds(Step, kind=st.just(StepKind.REQUEST), instance=_instances, **_sending),
    st.builds(
        Step,
        kind=st.just(StepKind.POLL),
        instance=_instances,
        every=_seconds,
        until=st.lists(value_checks, min_size=1, max_size=2).map(tuple),
        fail_on=_conditions,
        within=_seconds,
        tolerate=st.integers(0, 9),
        **_sending,
    ),
    st.builds(
        Step,
        kind=st.just(StepKind.FOLLOW),
        name=_some_text,
        instance=_instances,
        method=_methods,
        expect=_any_checks,
        capture=_captures,
        **_common,
    ),
    st.builds(Step, kind=st.just(StepKind.WAIT), seconds=_seconds, **_common),
)
_first_steps = st.builds(Step, kind=st.just(StepKind.CREATE), instance=st.just("call"), **_sending)

flows = st.builds(
    lambda first, later, **fields: Flow(steps=(first, *later), **fields),
    _first_steps,
    st.lists(_later_steps, max_size=4),
    name=texts,
    env=st.just("") | _some_text,
    vars=st.dictionaries(_names, texts, max_size=3).map(lambda found: tuple(found.items())),
)
"""Flows that a file can hold: steps of all kinds, the first one a create."""
