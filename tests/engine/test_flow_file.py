"""Reading a flow: the contract's example, and every mistake with its place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.flow.file import LARGEST, parse_flow, read_flow
from gms_console.flow.types import (
    Flow,
    FlowError,
    FlowMistake,
    HttpCheck,
    Operator,
    StepKind,
    ValueCheck,
)
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from tests.engine.flows import INBOUND


def told(text: str) -> list[str]:
    """Give what is said of a wrong flow, a line for each mistake."""
    with pytest.raises(FlowError) as refused:
        parse_flow(text, "f.yaml")
    return str(refused.value).removeprefix("f.yaml:").split("\nf.yaml:")


def one_step(step: str) -> str:
    """Give a flow whose step, in braces, stands in line 4 from column 5 on."""
    return f"gms: 1\nsteps:\n  - create: a\n  - {step}\n"


def test_the_example_of_the_contract_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "inbound.yaml"
    file.write_text(INBOUND, encoding="utf-8")
    flow = read_flow(file)
    assert (flow.name, flow.env) == ("Inbound poll until an agent is ready", "qa")
    assert flow.vars == (("phone", "6504669999"),)
    assert (flow.file, flow.folder) == (file, tmp_path)
    create, poll, cancel, wait = flow.steps
    assert (create.kind, create.name) == (StepKind.CREATE, "request-inbound-poll")
    assert (create.instance, create.encoding) == ("call", BodyKind.MULTIPART)
    assert create.form.rows[3] == Row(
        key="FileKey", file=Path("MyPic.png"), content_type="image/png"
    )
    assert create.form.rows[4] == Row(key="note", value="later", enabled=False)
    assert create.expect == (
        HttpCheck((200,)),
        ValueCheck("_access_code", Operator.MATCHES, "^[0-9]{4}$"),
    )
    assert create.capture == (("number", "_access_number"),)
    assert (poll.kind, poll.name, poll.instance) == (StepKind.POLL, "status", "call")
    assert (poll.every, poll.within, poll.tolerate) == (1.0, 60.0, 3)
    assert poll.until == (ValueCheck("status", Operator.IN, ["agent-ready", "connected"]),)
    assert poll.fail_on == (ValueCheck("status", Operator.IN, ["failed", "cancelled"]),)
    assert (cancel.kind, cancel.method) == (StepKind.REQUEST, "POST")
    assert (wait.kind, wait.seconds) == (StepKind.WAIT, 2.0)


def test_a_value_without_quotes_is_sent_as_it_is_written() -> None:
    form = "{a: 007, b: yes, c: true, d: 2026-01-31, e: 1.10, f: , g: ~, h: 0x1F}"
    flow = parse_flow(one_step(f"{{create: b, form: {form}}}"), "f")
    assert flow.steps[1].form == Form.of(
        *[("a", "007"), ("b", "yes"), ("c", "true"), ("d", "2026-01-31")],
        *[("e", "1.10"), ("f", ""), ("g", "~"), ("h", "0x1F")],
    )


def test_rows_keep_their_order_and_may_repeat() -> None:
    rows = "[{key: b, value: 1}, {key: a, value: 2}, {key: b, value: 3}]"
    flow = parse_flow(one_step(f"{{create: b, form: {rows}}}"), "f")
    assert flow.steps[1].form == Form.of(("b", "1"), ("a", "2"), ("b", "3"))


def test_an_operand_is_what_json_would_make_of_it() -> None:
    step = "{request: b, expect: {path: a, equals: [1, 1.5, true, null, x, 007, 1.10, 2026-01-31]}}"
    check = parse_flow(one_step(step), "f").steps[1].expect[0]
    wanted = [1, 1.5, True, None, "x", "007", "1.10", "2026-01-31"]
    assert isinstance(check, ValueCheck)
    assert check.operand == wanted
    assert [type(one) for one in check.operand] == [type(one) for one in wanted]


@pytest.mark.parametrize(
    ("written", "seconds"), [("500ms", 0.5), ("1.5s", 1.5), ("2m", 120.0), ("3", 3.0), ("0.5", 0.5)]
)
def test_a_time_has_a_unit_or_is_in_seconds(written: str, seconds: float) -> None:
    assert parse_flow(one_step(f"{{wait: {written}}}"), "f").steps[1].seconds == seconds


@pytest.mark.parametrize(
    "on", ["call", "'{{id}}'", "369-b8ed1c91-3b64-4f4f", "81f0ef4e-99dd-43ea-8366-8d27a2cbd605"]
)
def test_a_step_may_be_on_a_named_instance_or_on_an_id(on: str) -> None:
    flow = parse_flow(
        f"gms: 1\nsteps:\n  - {{create: a, as: call}}\n  - {{request: b, on: {on}}}", "f"
    )
    assert flow.steps[1].instance == on.strip("'")


def test_anchors_and_merge_keys_are_read() -> None:
    text = (
        "gms: 1\nsteps:\n  - &first {create: a, note: x}\n"
        "  - {<<: *first, note: y}\n  - {request: b, expect: &ok [{http: 200}]}\n"
        "  - {request: c, expect: *ok}\n"
    )
    flow = parse_flow(text, "f")
    assert [(step.name, step.note) for step in flow.steps[:2]] == [("a", "x"), ("a", "y")]
    assert flow.steps[3].expect == (HttpCheck((200,)),)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + INBOUND.encode(),
        INBOUND.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + INBOUND.replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "crlf", "both"],
)
def test_files_of_windows_editors_are_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "flow.yaml"
    file.write_bytes(content)
    assert read_flow(file).steps == parse_flow(INBOUND, "f").steps


STEP_MISTAKES = {
    "kind": (
        "{call: a, note: b}",
        "4:5: found a step with call, note only, "
        "expected a step that begins with one of create, request, poll, follow, wait",
    ),
    "two-kinds": (
        "{request: a, poll: b}",
        "4:18: found both request and poll, expected one kind in a step",
    ),
    "unknown-key": (
        "{request: a, expct: []}",
        "4:18: found the key 'expct' (did you mean 'expect'?), expected one of request, on, "
        "method, encoding, form, expect, capture, keep_going, always, note",
    ),
    "no-on-in-create": (
        "{create: b, on: a}",
        "4:17: found the key 'on', expected one of create, as, method, encoding, form, expect, "
        "capture, keep_going, always, note",
    ),
    "unknown-instance": (
        "{request: a, on: call}",
        "4:22: found 'call', expected an instance that an earlier create names with as, or its id",
    ),
    "no-name": ("{request: }", "4:14: found nothing, expected the name of a request"),
    "encoding": (
        "{request: a, encoding: multi}",
        "4:28: found 'multi', expected one of auto, multipart, urlencoded, json, none",
    ),
    "method": (
        "{request: a, method: 'P T'}",
        "4:26: found 'P T', expected a method such as GET or POST"),
    "time": ("{wait: soon}", "4:12: found 'soon', expected a time such as 500ms, 1s or 2m"),
    "no-time": ("{wait: 0s}", "4:12: found '0s', expected more than 0 and a year at most"),
    "flag": ("{request: a, always: 'true'}", "4:26: found 'true', expected true or false"),
    "until": (
        "{poll: a}",
        "4:5: found a poll without until, expected until, such as until: "
        "{path: status, equals: agent-ready}",
    ),
    "tolerate": (
        "{poll: a, until: {path: b, equals: c}, tolerate: -1}",
        "4:54: found '-1', expected a whole number from 0 on",
    ),
    "form": (
        "{request: a, form: b}",
        "4:24: found 'b', expected a list of rows such as {key: language, value: french}, "
        "or a mapping",
    ),
    "mapping-twice": (
        "{request: a, form: {b: 1, b: 2}}",
        "4:31: found the key 'b' again, expected each key once",
    ),
    "row": (
        "{request: a, form: [b]}",
        "4:25: found 'b', expected a row such as {key: language, value: french}",
    ),
    "row-without-key": (
        "{request: a, form: [{value: b}]}",
        "4:25: found a row without a key, expected a key",
    ),
    "value-and-file": (
        "{request: a, form: [{key: b, value: c, file: d}]}",
        "4:44: found both value and file, expected one of them",
    ),
    "row-value": (
        "{request: a, form: [{key: b, value: [c]}]}",
        "4:41: found a list, expected a text",
    ),
    "http": (
        "{request: a, expect: [{http: 99}]}",
        "4:34: found '99', expected an HTTP status from 100 to 599, or a list of them",
    ),
    "http-list": (
        "{request: a, expect: [{http: [200, ok]}]}",
        "4:40: found 'ok', expected an HTTP status from 100 to 599, or a list of them",
    ),
    "time-limit": (
        "{request: a, expect: [{max_ms: 0}]}",
        "4:36: found '0', expected a number of ms above 0",
    ),
    "two-operators": (
        "{request: a, expect: [{path: b, equals: c, matches: d}]}",
        "4:48: found both equals and matches, expected an entry of its own for each check",
    ),
    "two-checks": (
        "{request: a, expect: [{http: 200, max_ms: 5}]}",
        "4:39: found both http and max_ms, expected an entry of its own for each check",
    ),
    "operator": (
        "{request: a, expect: [{path: b, equal: c}]}",
        "4:37: found the key 'equal' (did you mean 'equals'?), expected one of http, max_ms, "
        "path, equals, in, matches, exists, contains, less_than, greater_than",
    ),
    "no-operator": (
        "{request: a, expect: [{path: b}]}",
        "4:27: found a path alone, expected what the value should be, with one of equals, in, "
        "matches, exists, contains, less_than, greater_than",
    ),
    "no-path": (
        "{request: a, expect: [{equals: b}]}",
        "4:27: found a check without a path, expected a path such as status",
    ),
    "jmespath": (
        "{request: a, expect: [{path: 'b[', equals: c}]}",
        "4:34: found 'b[' (Invalid jmespath expression: Incomplete expression), "
        "expected a JMESPath such as status",
    ),
    "regex": (
        "{request: a, expect: [{path: b, matches: '('}]}",
        "4:46: found '(' (a ( that nothing closes, at character 1), expected a regular expression",
    ),
    "regex-empty": (
        "{request: a, expect: [{path: b, matches: ''}]}",
        "4:46: found an empty text, expected a regular expression",
    ),
    "variable-without-quotes": (
        "{request: a, form: [{key: b, value: {{phone}}}]}",
        '4:41: found {{phone}} without quotes, expected quotes around it, as in "{{phone}}"',
    ),
    "operand-without-quotes": (
        "{request: a, expect: [{path: b, equals: {{phone}}}]}",
        '4:45: found {{phone}} without quotes, expected quotes around it, as in "{{phone}}"',
    ),
    "kind-misspelt": (
        "{creat: a, as: b}",
        "4:6: found the key 'creat' (did you mean 'create'?), "
        "expected one of create, request, poll, follow, wait",
    ),
    "until-misspelt": (
        "{poll: a, Until: {path: b, equals: c}}",
        "4:15: found the key 'Until' (did you mean 'until'?), expected one of poll, on, method, "
        "encoding, form, every, until, fail_on, within, tolerate, expect, capture, keep_going, "
        "always, note",
    ),
    "path-misspelt": (
        "{request: a, expect: [{Path: b, equals: c}]}",
        "4:28: found the key 'Path' (did you mean 'path'?), expected one of http, max_ms, path, "
        "equals, in, matches, exists, contains, less_than, greater_than",
    ),
    "in": (
        "{request: a, expect: [{path: b, in: c}]}",
        "4:41: found 'c', expected a list of values",
    ),
    "in-nothing": (
        "{request: a, expect: [{path: b, in: []}]}",
        "4:41: found an empty list, expected a list of values",
    ),
    "equals-null": (
        "{request: a, expect: [{path: b, equals: null}]}",
        "4:45: found nothing, expected a value; exists: false says that there is none",
    ),
    "less-than": (
        "{request: a, expect: [{path: b, less_than: c}]}",
        "4:48: found 'c', expected a number, or a time such as 2026-01-31T08:00:00Z",
    ),
    "capture": (
        "{request: a, capture: {b: 'c['}}",
        "4:31: found 'c[' (Invalid jmespath expression: Incomplete expression), "
        "expected a JMESPath such as status",
    ),
    "capture-name": (
        "{request: a, capture: {$b: c}}",
        "4:28: found '$b', expected a name without blanks around it, braces or $ before it",
    ),
    "tag": ("{request: !secret a}", "4:15: found the tag !secret, expected the name of a request"),
    "list": ("[a]", "4:5: found a list, expected a step that begins with one of create, request, "
             "poll, follow, wait"),
}  # fmt: skip


@pytest.mark.parametrize("name", STEP_MISTAKES)
def test_a_wrong_step_is_told_with_its_place(name: str) -> None:
    step, expected = STEP_MISTAKES[name]
    assert told(one_step(step)) == [expected]


FILE_MISTAKES = {
    "empty": ("", "1:1: found nothing, expected a flow with gms: 1 and steps"),
    "comment": ("# later\n", "1:1: found nothing, expected a flow with gms: 1 and steps"),
    "list": ("- a", "1:1: found a list, expected a mapping with gms, name and steps"),
    "no-version": (
        "steps:\n  - wait: 1s",
        "1:1: found no gms, expected gms: 1, the version of the format, as the first key",
    ),
    "newer": (
        "gms: 2\nphases: []",
        "1:6: found '2', expected 1, the version of the format that this GMS Console reads; "
        "a newer one is needed",
    ),
    "no-steps": ("gms: 1", "1:1: found no steps, expected steps with one step at least"),
    "empty-steps": ("gms: 1\nsteps: []", "2:8: found an empty list, expected one step at least"),
    "nothing-there": ("gms: 1\nsteps:", "2:7: found nothing, expected a list of steps"),
    "tab": (
        "gms: 1\nsteps:\n\t- wait: 1s",
        "3:1: found a tab at the begin of a line, expected blanks: YAML takes no tabs to indent",
    ),
    "colon": (
        "gms: 1\nname: a: b\nsteps: [{wait: 1s}]",
        "2:8: found `: ` where no key can stand, expected each step and key indented like those "
        "beside it, and quotes around a text with `: ` in it or with [ or { at its begin",
    ),
    "indented-less": (
        "gms: 1\nsteps:\n  - create: a\n    as: b\n   form: {c: d}",
        "5:4: found a line that is indented otherwise than those above it, "
        "expected each step and key indented like those beside it",
    ),
    "text-behind-a-variable": (
        "gms: 1\nname: {{a}} b\nsteps: [{wait: 1s}]",
        "2:13: found more text behind the end of a value, expected quotes around the whole of a "
        "text that begins with a quote, [ or { (a ' within '…' is written twice)",
    ),
    "kind-misspelt-and-used": (
        "gms: 1\nsteps:\n  - {creat: a, as: call}\n  - {request: status, on: call}",
        "3:6: found the key 'creat' (did you mean 'create'?), "
        "expected one of create, request, poll, follow, wait",
    ),
    "steps-misspelt": (
        "gms: 1\nStep: [{wait: 1s}]",
        "2:1: found the key 'Step' (did you mean 'steps'?), "
        "expected one of gms, name, env, vars, steps",
    ),
    "key-twice": (
        "gms: 1\nname: a\nname: b\nsteps: [{wait: 1s}]",
        "3:1: found the key 'name' again, expected each key once",
    ),
    "alias": (
        "gms: 1\nsteps: *all",
        "2:8: found *all, which nothing before it names with &all, "
        "expected quotes around a text that begins with *",
    ),
    "two-documents": (
        "gms: 1\nsteps: [{wait: 1s}]\n---\ngms: 1",
        "3:1: found another document, expected YAML",
    ),
    "first-has-no-instance": (
        "gms: 1\nsteps:\n  - request: status",
        "3:5: found no instance, expected a create before it, or on with the id of one",
    ),
    "name-twice": (
        "gms: 1\nsteps:\n  - {create: a, as: b}\n  - {create: a, as: b}",
        "4:21: found 'b' again, expected a name that no earlier step has",
    ),
}


@pytest.mark.parametrize("name", FILE_MISTAKES)
def test_a_wrong_file_is_told_with_its_place(name: str) -> None:
    text, expected = FILE_MISTAKES[name]
    assert told(text) == [expected]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    text = INBOUND.replace("env:", "enw:").replace("every: 1s", "every: often")
    text = text.replace("on: call", "on: cal").replace("{http: 200}", "{http: 20}")
    assert [line.split(": ")[0] for line in told(text)] == [
        "3:1",
        "16:16",
        "22:9",
        "23:12",
        "29:9",
        "32:16",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"gms: 1\nname: caf\xe9\n", "2:10: found the byte 0xe9, expected a text in UTF-8"),
        ("gms: 1".encode("utf-16"), "1:1: found a text in UTF-16, expected a text in UTF-8"),
        (
            b"#" * (LARGEST + 1),
            "1:1: found a larger file, expected 4 MB at most; "
            "large contents can be files of form rows",
        ),
    ],
    ids=["latin-1", "utf-16", "large"],
)
def test_what_is_no_text_of_a_flow_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    with pytest.raises(FlowError) as refused:
        read_flow(file)
    assert str(refused.value) == f"{file}:{expected}"


def test_a_file_that_is_not_there_is_no_wrong_flow(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_flow(tmp_path / "gone.yaml")


def test_aliases_of_aliases_end_soon() -> None:
    levels = "".join(f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    text = (
        "gms: 1\nsteps:\n  - create: a\n    expect:\n      path: b\n      equals:\n"
        f"        - &l0 [x, x]\n{levels.replace('  - ', '        - ')}"
    )
    assert any("nested too deeply or too large" in line for line in told(text))
    assert told(f"gms: 1\nsteps: {'[' * 400}")


_PIECES = st.sampled_from(
    [
        *(
            "gms: 1\n",
            "steps:\n",
            "  - ",
            "create: a",
            "\n    ",
            "expect:",
            "[",
            "]",
            "{",
            "}",
            ",",
        ),
        *("poll: b", "until: ", "path: c", "equals: ", "&a ", "*a", "<<: ", "? ", "!!x ", "|", ">"),
        *(
            "form: ",
            "key: ",
            "'",
            '"',
            "\t",
            "#",
            "---\n",
            "%YAML",
            ": ",
            "- ",
            "\x00",
            "é",
            "on: ",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=30))
def test_whatever_the_text_is_there_is_a_flow_or_a_list_of_mistakes(text: str) -> None:
    flow, mistakes = read_or_refused(text)
    assert bool(mistakes) is (flow is None)
    assert all(one.line > 0 and one.column > 0 for one in mistakes)
    assert flow is None or flow.steps


def read_or_refused(text: str) -> tuple[Flow | None, tuple[FlowMistake, ...]]:
    try:
        return parse_flow(text, "f"), ()
    except FlowError as error:
        return None, error.mistakes
