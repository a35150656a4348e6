"""The exported Python program: what it sends, how it judges, how it ends."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.engine.exports import (
    carry_out,
    flow_in,
    gms,
    place,
    run_flow,
    same_requests,
    script_of,
)
from tests.support.wire_server import WireServer, json_answer, reset_before_answer, text_answer

STORY = """\
gms: 1
name: Inbound poll until an agent is ready
vars: {phone: "6504669999", greeting: "hello {{phone}} é"}
steps:
  - create: request-inbound-poll
    as: call
    encoding: multipart
    form:
      - {key: _phone_number, value: "{{phone}}"}
      - {key: language, value: "fr'en\\"ch & \\\\ $x `y` %PATH% !z"}
      - {key: greeting, value: "{{greeting}}; {{$counter}}"}
      - {key: FileKey, file: ./MyPic.png, type: image/png}
      - {key: typed, value: "a\\"b\\\\c", type: text/x-own}
      - {key: note, value: later, enabled: false}
      - {key: language, value: again}
    expect:
      - {http: 200}
      - {path: _access_code, matches: "^[0-9]{4}$"}
      - {path: "list[0].name", equals: a b}
      - {max_ms: 5000}
    capture: {number: _access_number}
  - poll: status
    on: call
    every: 20ms
    until: {path: status, in: [agent-ready, connected]}
    within: 10s
  - request: confirm
    on: call
    form: {number: "{{number}}", "key two": "a b~c+d%é", "a=b": "1&2"}
  - request: info
    method: GET
    form: {q: "{{number}} x"}
  - request: data
    encoding: json
    form: {number: "{{number}}", text: "a\\"b\\\\c\\té"}
  - wait: 10ms
  - request: cancel
    on: call
    always: true
    expect:
      - {http: 200}
"""

CHOICE = """\
  - follow: " connect  ME"
    on: call
  - request: last
    form: {count: "{{$counter}}"}
"""
WITH_CHOICE = STORY.replace("  - request: cancel\n", f"{CHOICE}  - request: cancel\n")


def program(flow_text: str, folder: Path, server: WireServer) -> list[str]:
    exported = script_of(flow_in(folder, flow_text), "httpx", server)
    assert exported.left_out == ()
    file = folder / "script.py"
    file.write_text(exported.text, encoding="utf-8")
    return [sys.executable, "-W", "error", str(file)]


async def test_it_sends_what_a_run_sends(wire: WireServer, tmp_path: Path) -> None:
    command = program(WITH_CHOICE, tmp_path, wire)
    flow = flow_in(tmp_path, WITH_CHOICE)
    sent = await same_requests(wire, flow, command, tmp_path, "waiting", "agent-ready")
    names = [one.target.partition("?")[0].rpartition("/")[2] for one in sent]
    assert names == [
        "request-inbound-poll",
        *("status", "status"),
        *("confirm", "info", "data", "connect", "last", "cancel"),
    ]
    assert sent[-2].body == b"count=8"  # the wait counts, as a step


@pytest.mark.parametrize(
    ("label", "code", "said"),
    [
        ("Other", 1, "the phone does not show Other but Nothing, Connect me, Elsewhere"),
        ("Nothing", 2, "no address"),
        ("Elsewhere", 2, "another host"),
    ],
)
def test_a_choice_that_cannot_be_made(
    wire: WireServer, tmp_path: Path, label: str, code: int, said: str
) -> None:
    text = f"gms: 1\nsteps: [{{create: x}}, {{follow: {label}}}, {{request: a, always: true}}]\n"
    wire.default = gms("ready")
    done = carry_out(program(text, tmp_path, wire), tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert len(wire.requests) == 2


def test_a_value_that_was_not_captured_ends_its_step_and_clean_up_goes_on(
    wire: WireServer, tmp_path: Path
) -> None:
    text = """\
gms: 1
steps:
  - create: x
    capture: {number: nowhere}
    keep_going: true
  - request: use
    form: {number: "{{number}}"}
  - request: cancel
    always: true
"""
    wire.default = gms("ready")
    done = carry_out(program(text, tmp_path, wire), tmp_path)
    assert done.returncode == 1
    assert "number has no value" in done.stderr
    assert [one.target.rpartition("/")[2] for one in wire.requests] == ["x", "cancel"]


SHORT = """\
gms: 1
steps:
  - create: request-x
    as: call
    expect: [{path: _id, exists: true}]
  - poll: status
    every: 10ms
    within: 300ms
    tolerate: 1
    until: {path: status, equals: agent-ready}
    fail_on: {path: status, equals: failed}
  - request: next
  - request: cancel
    always: true
"""


@pytest.mark.parametrize(
    ("states", "code"),
    [(("waiting", "agent-ready"), 0), (("waiting", "failed"), 4), (("waiting",), 4)],
    ids=["reached", "failed", "out of time"],
)
def test_how_a_poll_ends_is_the_exit_code(
    wire: WireServer, tmp_path: Path, states: tuple[str, ...], code: int
) -> None:
    wire.default = gms(*states)
    done = carry_out(program(SHORT, tmp_path, wire), tmp_path)
    assert done.returncode == code, done.stderr
    last = [one.target.rpartition("/")[2] for one in wire.requests]
    assert last[-1] == "cancel"
    assert ("next" in last) is (code == 0)


def test_an_error_inside_a_success_ends_it(wire: WireServer, tmp_path: Path) -> None:
    wire.default = json_answer({"message": "no such service", "exception": "java.lang.X"})
    done = carry_out(program(SHORT, tmp_path, wire), tmp_path)
    assert done.returncode == 1
    assert "no such service" in done.stderr
    assert len(wire.requests) == 1  # what was not created cannot be cancelled


def test_errors_of_transport_in_a_row_are_borne_up_to_the_limit(
    wire: WireServer, tmp_path: Path
) -> None:
    wire.script(
        json_answer({"_id": "1"}), reset_before_answer(), text_answer("no", 503), json_answer({})
    )
    done = carry_out(program(SHORT, tmp_path, wire), tmp_path)
    assert done.returncode == 1, done.stderr
    assert "503" in done.stderr


def test_each_row_of_the_data_is_a_run(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
vars: {phone: "1"}
steps:
  - create: x
    form: {phone: "{{phone}}", name: "{{name}}"}
"""
    wire.default = gms("ready")
    command = program(text, tmp_path, wire)
    done = carry_out(command, tmp_path)
    assert done.returncode == 2
    assert "name" in done.stderr
    rows = tmp_path / "rows.csv"
    rows.write_text("phone,name\n2,Ann\n3,Söhne\n", encoding="utf-8")
    done = carry_out(command, tmp_path, env={"DATA": str(rows)})
    assert done.returncode == 0, done.stderr
    assert [one.body for one in wire.requests] == [b"phone=2&name=Ann", b"phone=3&name=S%C3%B6hne"]


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (None, 5, "No such file"),
        ("phone\n", 2, "found no row"),
        ("", 2, "found no row"),
        ("phone,name\n2\n", 2, "found 1 cells, expected 2"),
        ("phone;name\n2;Ann, B\n\n", 0, ""),
    ],
    ids=["no file", "header alone", "empty", "short row", "semicolons"],
)
def test_rows_are_read_as_a_run_reads_them(
    wire: WireServer, tmp_path: Path, rows: str | None, code: int, said: str
) -> None:
    text = 'gms: 1\nsteps: [{create: x, form: {name: "{{name}}", n: "{{$counter}}"}}]\n'
    wire.default = gms("ready")
    file = tmp_path / "rows.csv"
    if rows is not None:
        file.write_text(rows, encoding="utf-8")
    done = carry_out(program(text, tmp_path, wire), tmp_path, env={"DATA": str(file)})
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert [one.body for one in wire.requests] == [b"name=Ann%2C+B&n=1"] * (code == 0)


async def test_a_number_is_sent_on_as_it_came(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    capture: {price: price, big: big}
  - request: use
    form: {price: "{{price}}", big: "{{big}}"}
"""
    wire.default = json_answer('{"_id":"1","price":1.10,"big":12345678901234567.25}')
    assert (await run_flow(flow_in(tmp_path, text), place(wire))).ok
    done = await asyncio.to_thread(carry_out, program(text, tmp_path, wire), tmp_path)
    assert done.returncode == 0, done.stderr
    used = [one.body for one in wire.requests if one.target.endswith("/use")]
    assert used == [b"price=1.10&big=12345678901234567.25"] * 2


def test_a_path_with_a_filter_is_left_to_jmespath(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    expect: [{path: "list[?name == 'a b'] | length(@)", equals: 1}]
"""
    wire.default = gms("ready")
    done = carry_out(program(text, tmp_path, wire), tmp_path)
    assert done.returncode == 0, done.stderr


def test_an_expected_error_is_none(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    expect: [{http: 404}]
"""
    wire.default = json_answer({"message": "gone"}, 404)
    done = carry_out(program(text, tmp_path, wire), tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_missing_file_is_said_when_exported_and_when_run(
    wire: WireServer, tmp_path: Path
) -> None:
    text = "gms: 1\nsteps:\n  - create: x\n    form: [{key: a, file: ./gone.png}]\n"
    exported = script_of(flow_in(tmp_path, text), "httpx", wire)
    assert exported.left_out == ("Step 1: the file gone.png is not there now.",)
    (tmp_path / "s.py").write_text(exported.text)
    done = carry_out([sys.executable, "s.py"], tmp_path)
    assert done.returncode == 5
    assert not wire.requests


def test_all_checks_of_a_step_are_judged(wire: WireServer, tmp_path: Path) -> None:
    text = """\
gms: 1
steps:
  - create: x
    expect: [{http: 201}, {path: _id, exists: true}, {path: state, in: [a, b]}]
    capture: {other: other}
  - request: next
"""
    wire.default = json_answer({"_id": "1", "state": "c"})
    (tmp_path / "script.py").write_text(script_of(flow_in(tmp_path, text), "httpx", wire).text)
    done = carry_out([sys.executable, "script.py"], tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "FAILED  1 create x: http 201: found 200; state in [a, b]: found c; "
        "capture other: nothing at other\n"
    )
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("to", "program"), [("httpx", sys.executable), ("curl", "bash")], ids=["httpx", "bash"]
)
@pytest.mark.parametrize("held", ["in a row", "by a variable"])
def test_an_environment_variable_that_is_not_set_is_not_sent(
    wire: WireServer, tmp_path: Path, to: str, program: str, held: str
) -> None:
    text = """\
gms: 1
vars: {site: "{{$env:NOT_SET}}"}
steps:
  - create: x
  - request: next
    form: {a: "VALUE"}
  - request: cancel
    always: true
"""
    value = "{{$env:NOT_SET}}" if held == "in a row" else "{{site}}"
    exported = script_of(flow_in(tmp_path, text.replace("VALUE", value)), to, wire)
    (tmp_path / "script").write_text(exported.text)
    wire.default = gms("ready")
    done = carry_out([program, "script"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("NOT_SET") == 1
    assert "Traceback" not in done.stderr
    sent = [one.target.rpartition("/")[2] for one in wire.requests]
    assert sent == (["x", "cancel"] if held == "in a row" else [])
