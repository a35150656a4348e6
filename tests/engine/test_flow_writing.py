"""Saving a flow: what is read is what was written, and an edit changes what it must."""

from collections.abc import Callable
from dataclasses import replace
from difflib import unified_diff

import pytest
from hypothesis import given, settings

from gms_console.flow.file import parse_flow
from gms_console.flow.types import Flow, HttpCheck, Operator, Step, StepKind, ValueCheck
from gms_console.flow.writing import flow_text
from gms_console.model.form import Form, Row
from tests.engine.flows import INBOUND, flows

FLOW = parse_flow(INBOUND, "inbound")
CREATE, POLL, CANCEL, WAIT = FLOW.steps


def lines_changed(flow: Flow, old: str = INBOUND) -> list[str]:
    """Save a flow over a text, see that it is what was meant, and give the lines that differ."""
    new = flow_text(flow, old)
    assert parse_flow(new, "new") == flow
    diff = unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in list(diff)[2:] if not line.startswith("@@")]


def steps(*given_steps: Step) -> Flow:
    return replace(FLOW, steps=given_steps)


@settings(max_examples=40, deadline=None)
@given(flows)
def test_any_flow_written_and_read_back_is_equal(flow: Flow) -> None:
    assert parse_flow(flow_text(flow), "flow") == flow


@settings(max_examples=20, deadline=None)
@given(flows, flows)
def test_any_file_can_be_edited_into_any_other(before: Flow, after: Flow) -> None:
    assert parse_flow(flow_text(after, flow_text(before)), "flow") == after


@settings(max_examples=20, deadline=None)
@given(flows)
def test_any_edit_of_a_file_with_comments_says_what_it_should(after: Flow) -> None:
    assert parse_flow(flow_text(after, INBOUND), "flow") == after


def test_a_new_file_has_no_defaults_and_the_order_of_the_contract() -> None:
    assert flow_text(FLOW) == (
        "gms: 1\n"
        "name: Inbound poll until an agent is ready\n"
        "env: qa\n"
        'vars: {phone: "6504669999"}\n'
        "steps:\n"
        "  - create: request-inbound-poll\n"
        "    as: call\n"
        "    encoding: multipart\n"
        "    form:\n"
        '      - {key: _phone_number, value: "{{phone}}"}\n'
        '      - {key: _provide_code, value: "true"}\n'
        "      - {key: language, value: french}\n"
        "      - {key: FileKey, file: MyPic.png, type: image/png}\n"
        "      - {key: note, value: later, enabled: false}\n"
        "    expect:\n"
        "      - {http: 200}\n"
        '      - {path: _access_code, matches: "^[0-9]{4}$"}\n'
        "    capture: {number: _access_number}\n"
        "  - poll: status\n"
        "    on: call\n"
        "    until: {path: status, in: [agent-ready, connected]}\n"
        "    fail_on: {path: status, in: [failed, cancelled]}\n"
        "  - request: cancel\n"
        "    on: call\n"
        "    expect:\n"
        "      - {http: 200}\n"
        "  - wait: 2s\n"
    )


def test_saving_without_a_change_changes_nothing() -> None:
    assert flow_text(FLOW, INBOUND) == INBOUND


def test_line_ends_of_windows_stay() -> None:
    there = INBOUND.replace("\n", "\r\n")
    new = flow_text(replace(FLOW, name="Other"), there)
    assert new == there.replace("Inbound poll until an agent is ready", "Other")


def test_a_step_that_moves_takes_its_comments_along() -> None:
    new = flow_text(steps(POLL, CREATE, CANCEL, WAIT), INBOUND)
    begin = new.index("steps:")
    assert new.index("# The agent takes a while.", begin) < new.index("- poll: status", begin)
    assert new.index("# transport errors or 5xx") < new.index("- create:")
    assert sorted(new.splitlines()) == sorted(INBOUND.splitlines())


def test_a_step_that_goes_leaves_the_others_as_they_were() -> None:
    changed = lines_changed(steps(CREATE, CANCEL, WAIT))
    assert all(line.startswith("-") for line in changed)
    assert (
        "-  - poll: status                        # a service-specific request, repeated" in changed
    )
    assert len(changed) == 9


def test_a_step_that_comes_between_is_all_that_is_new() -> None:
    follow = Step(kind=StepKind.FOLLOW, name="Call me now", expect=(HttpCheck((200, 201)),))
    assert lines_changed(steps(CREATE, follow, POLL, CANCEL, WAIT)) == [
        "+  - follow: Call me now",
        "+    expect:",
        "+      - {http: [200, 201]}",
    ]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda: steps(
                replace(CREATE, form=CREATE.form.changed(2, Row(key="language", value="no"))),
                *FLOW.steps[1:],
            ),
            [
                "-      - {key: language, value: french}",
                '+      - {key: language, value: "no"}',
            ],
        ),
        (
            lambda: steps(
                replace(CREATE, form=CREATE.form.inserted(1, Row(key="x", value="a\nb"))),
                *FLOW.steps[1:],
            ),
            ["+      - key: x", "+        value: |-", "+          a", "+          b"],
        ),
        (
            lambda: steps(CREATE, replace(POLL, within=90.0, every=0.5), CANCEL, WAIT),
            ["-    every: 1s", "+    every: 500ms", "-    within: 60s", "+    within: 90s"],
        ),
        (
            lambda: steps(
                CREATE,
                replace(POLL, until=(*POLL.until, ValueCheck("code", Operator.EQUALS, 7))),
                CANCEL,
                WAIT,
            ),
            [
                "-    until: {path: status, in: [agent-ready, connected]}",
                "+    until:",
                "+      - {path: status, in: [agent-ready, connected]}",
                "+      - {path: code, equals: 7}",
            ],
        ),
        (
            lambda: steps(CREATE, POLL, replace(CANCEL, always=True), WAIT),
            ["+    always: true"],
        ),
        (
            lambda: steps(CREATE, POLL, replace(CANCEL, expect=()), WAIT),
            ["-    expect:", "-      - {http: 200}"],
        ),
        (
            lambda: replace(FLOW, env="", vars=(("phone", "6504669999"), ("to", "a: b"))),
            [
                "-env: qa                                 # optional; --env wins",
                '-vars: {phone: "6504669999"}',
                '+vars: {phone: "6504669999", to: "a: b"}',
            ],
        ),
    ],
    ids=["row", "row-of-lines", "times", "second-condition", "flag", "no-checks", "head"],
)
def test_an_edit_changes_the_lines_of_what_was_edited(
    edit: Callable[[], Flow], expected: list[str]
) -> None:
    assert lines_changed(edit()) == expected


def test_rows_written_as_a_mapping_stay_one_as_long_as_they_can() -> None:
    there = (
        "gms: 1\nsteps:\n  - create: a\n    form:\n      a: 007  # seven\n      # two\n      b: x\n"
    )
    flow = parse_flow(there, "there")
    step = flow.steps[0]
    assert step.form == Form.of(("a", "007"), ("b", "x"))
    more = replace(flow, steps=(replace(step, form=Form.of(("a", "007"), ("b", "z"), ("c", "1"))),))
    assert lines_changed(more, there) == ["-      b: x", "+      b: z", '+      c: "1"']
    twice = replace(flow, steps=(replace(step, form=Form.of(("a", "1"), ("a", "2"))),))
    assert '      - {key: a, value: "2"}\n' in flow_text(twice, there)
    assert parse_flow(flow_text(twice, there), "twice") == twice


def test_what_is_shared_by_an_anchor_is_written_out_when_one_place_changes() -> None:
    there = (
        "gms: 1  # the format\nsteps:\n  - create: a\n    expect: &fine [{http: 200}]\n"
        "  - request: b\n    expect: *fine\n"
    )
    flow = parse_flow(there, "there")
    first, second = flow.steps
    assert flow_text(replace(flow, name="x"), there).startswith("gms: 1  # the format\nname: x\n")
    changed = replace(flow, steps=(first, replace(second, expect=(HttpCheck((404,)),))))
    assert parse_flow(flow_text(changed, there), "changed") == changed


def test_a_condition_in_lines_of_its_own_is_changed_in_its_lines() -> None:
    there = (
        "gms: 1\nsteps:\n  - create: a\n  - poll: b\n    until:\n      path: status  # state\n"
        "      equals: ready\n"
    )
    flow = parse_flow(there, "there")
    create, poll = flow.steps

    def waiting(*checks: ValueCheck) -> Flow:
        return replace(flow, steps=(create, replace(poll, until=checks)))

    other = ValueCheck("status", Operator.EQUALS, {"form": {"steps": ["x"]}})
    assert lines_changed(waiting(other), there) == [
        "-      equals: ready",
        "+      equals: {form: {steps: [x]}}",
    ]
    assert lines_changed(waiting(*poll.until, other), there)[-2:] == [
        "+      - {path: status, equals: ready}",
        "+      - {path: status, equals: {form: {steps: [x]}}}",
    ]


LAYOUTS = {
    "no-indent": (
        "gms: 1\n# head\nsteps:\n# first\n- create: a\n  as: b   # B\n\n  # form\n  form:\n"
        "  - {key: x, value: y}  # row\n  - key: z\n    value: |\n      one\n      two\n"
        "# second\n- request: c\n  expect: {http: 200}  # ok\n# tail"
    ),
    "dash-alone": (
        "gms: 1\nsteps:\n  -\n    # c\n    create: a\n  -   request: c\n      method: GET\n"
    ),
    "braces": (
        "gms: 1\nsteps:\n  - {create: a, as: b}  # one\n"
        "  - {request: c, # mid\n     on: b}\n  # end\n"
    ),
    "own-order": (
        "gms: 1\nsteps:  # s\n  - note: >-\n      folded\n      text\n    create: a  # last\n"
        "  - expect:\n      - path: x # p\n        equals: 1\n    request: c\n# t\nname: n"
    ),
    "marks": "%YAML 1.2\n---\ngms: 1\nsteps:\n  - create: a\n  - request: c\n...\n",
    "spacious": (
        "\n\n# x\ngms: 1\n\n\nname:   n   # y\n\nsteps:\n\n  - create: a\n\n    form:\n\n"
        "      a: 1\n\n      b: 2\n\n  - request: c\n\n"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_a_file_is_laid_out_an_edit_keeps_its_lines(layout: str) -> None:
    there = LAYOUTS[layout]
    flow = parse_flow(there, "there")
    assert flow_text(flow, there) == there
    create, request = flow.steps
    wait = Step(kind=StepKind.WAIT, seconds=1)
    changed = lines_changed(replace(flow, env="qa", steps=(create, wait, request, wait)), there)
    added = [line.removeprefix("+").strip() for line in changed if line.startswith("+")]
    assert sorted(added) == ["- wait: 1s", "- wait: 1s", "env: qa"]
    assert not [line for line in changed if line.startswith("-")]


def test_a_text_that_is_no_flow_is_written_anew() -> None:
    assert flow_text(FLOW, "gms: 1\nsteps: [") == flow_text(FLOW)
    assert flow_text(FLOW, " \n") == flow_text(FLOW)
