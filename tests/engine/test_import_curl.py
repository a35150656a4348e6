"""Commands of curl become steps that send what curl would have sent."""

import asyncio
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gms_console.curl import curl_command
from gms_console.flow.types import StepKind
from gms_console.importing.importing import Source, import_text
from gms_console.importing.types import UnreadableImportError
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, SentRequest
from gms_console.model.form import Form
from gms_console.redaction import is_credential_name
from gms_console.wire.body import BodyKind
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.engine.helpers import body_bytes, environment, exchange_with, file_with, send
from tests.engine.imports import SERVICE, imported, prepared, rows_of, steps_of
from tests.engine.strategies import Typed, file_rows, rows_in, text_rows, typed_text_rows
from tests.engine.test_curl import run, without_boundary
from tests.support.wire_server import WireRequest, WireServer

CREATE = f"{SERVICE}/request-interaction"
needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="curl and bash are needed"
)


def rows(command: str) -> list[tuple[str, str]]:
    (step,) = steps_of(command)
    return rows_of(step)


# --- what curl really sends -----------------------------------------------------------

SAME = {
    "data": "-d a=1 -d 'b=two words' --data-ascii c=%C3%A9",
    "data with spaces encoded by hand": "-d 'a=1+2&b=%2B&&c='",
    "raw at sign": "--data-raw a=@home",
    "urlencoded text": "--data-urlencode 'a=b&c d=ü'",
    "urlencoded without a name": "--data-urlencode '=plain' -d x=1",
    "joined": "-sSda=1 -db=2 -XPUT",
    "form": "-F a=1 -F 'b=two; words' -F 'c=\"x;y\";type=text/plain' --form-string 'd=@e;type=f'",
    "form with a quote": "-F 'a=\"say \\\"hi\\\"\"' -F 'b=  blanks'",
    "file": "-F a=1 -F 'f=@pic.png' -F 'g=@pic.png;filename=\"o;t.gif\"' -F 'h=@pic.png;type=a/b'",
    "file of an unknown kind": "-F f=@data.bin -F 'g=@pic.png;filename=x.csv'",
    "type with a charset": "-F 'a=1;type=text/plain; charset=utf-8'",
    "get": "-G -d a=1 --data-urlencode 'b=c d'",
    "get with a query": "'?x=1' -G -d a=1",
    "delete": "'?force=true' -X DELETE",
    "json": '--json \'{"a":"1","b":"ü"}\'',
    "json by header": """-H 'Content-Type: application/json' -d '{"a": "1"}'""",
    "head": "-I",
    "nothing": "-X POST",
    "ansi": r"-d $'a=\x41\u00e9\n' --data-raw $'b=\'\\'",
    "double quotes": r'-d "a=\"x\" \\"',
}  # fmt: skip


@needs_curl
@pytest.mark.parametrize("options", SAME.values(), ids=SAME)
async def test_a_step_sends_what_curl_sends(
    wire: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file_with(tmp_path, "pic.png", b"\x89PNG")
    file_with(tmp_path, "data.bin", b"\0\1")
    place = environment(wire)
    url = f"{place.base_url}/1/service/request-interaction"
    if (query := re.match(r"'(\?.*?)'", options)) is not None:
        url, options = f"'{url}{query[1]}'", options.replace(query[0], "")
    command = f"curl {url} {options}"
    await asyncio.to_thread(run, command, tmp_path)
    (step,) = steps_of(command)
    await send(place, prepared(step, place))
    theirs, ours = wire.requests
    assert (ours.method, target(ours)) == (theirs.method, target(theirs))
    kinds = [(one.values("content-type") or [""])[0].partition(";")[0] for one in (theirs, ours)]
    if theirs.body:
        assert kinds[1] == kinds[0]
    if kinds[0].startswith("multipart"):
        assert without_boundary(ours) == without_boundary(theirs)
    elif kinds[0].endswith("json"):
        assert json.loads(ours.body) == json.loads(theirs.body)
    else:
        assert meaning(ours.body.decode()) == meaning(theirs.body.decode())


def target(request: WireRequest) -> tuple[str, list[tuple[str, str]]]:
    path, _, query = request.target.partition("?")
    return path, meaning(query)


def meaning(text: str) -> list[tuple[str, str]]:
    """The rows of an urlencoded text, which may be written in several ways."""
    return parse_qsl(text, keep_blank_values=True)


# --- what the console itself copies ---------------------------------------------------

typed = st.lists(text_rows | typed_text_rows | file_rows, max_size=6)
kinds = st.sampled_from([BodyKind.AUTO, BodyKind.MULTIPART, BodyKind.URLENCODED])


@given(rows_typed=typed, kind=kinds)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_copied_as_curl_comes_back_with_the_same_bytes(
    tmp_path: Path, rows_typed: list[Typed], kind: BodyKind
) -> None:
    form = Form(
        tuple(
            row
            for row in rows_in(tmp_path, rows_typed)
            if not is_credential_name(row.key) and row.value != "***"
        )
    )
    try:
        first = prepare_create(PLACE, "s", form, kind=kind, boundary="BOUNDARY")
    except FormRefusedError:
        assume(False)
    command = curl_command(exchange_of(first))
    assume("Left out" not in command and "not kept whole" not in command)
    step = import_text(command).flow.steps[0]
    again = prepared(step, PLACE)
    assert asyncio.run(body_bytes(again.body)) == asyncio.run(body_bytes(first.body))
    if first.body.size:
        assert again.body.kind is first.body.kind


PLACE = Environment.parse("http://gms.example:8080/genesys")


def exchange_of(request: PreparedRequest) -> Exchange:
    """The Exchange that a request leaves behind."""
    sent = SentRequest(
        method=request.method,
        url=request.url,
        http_version="HTTP/1.1",
        headers=request.shown_headers,
        body_preview=request.body.preview(),
        body_size=request.body.size,
        form=request.form,
    )
    return replace(exchange_with(), request=sent)


# --- scripts --------------------------------------------------------------------------

SCRIPT = f"""#!/bin/bash
set -euo pipefail   # an apostrophe's no quote here
PHONE="650 4669999"
export LANGUAGE=french
ID=$(curl -sS "{SERVICE}/request-inbound-poll" \\
    -F "_phone_number=$PHONE" --form-string "language=${{LANGUAGE}}" \\
    -F FileKey=@./MyPic.png | jq -r '._id')
sleep 1.5
curl -s -XPOST "{SERVICE}/$ID/status" -d "home=$HOME" | tee out.json
curl -s "{SERVICE}/$ID/cancel" -d '' > /dev/null 2>&1 && echo done
"""


def test_a_script_becomes_a_flow_with_variables_and_a_capture() -> None:
    flow = imported(SCRIPT, name="cancel").flow
    assert flow.name == "cancel"
    assert flow.vars == (("PHONE", "650 4669999"), ("LANGUAGE", "french"))
    create, wait, status, cancel = flow.steps
    assert create.name == "request-inbound-poll"
    assert create.capture == (("ID", "_id"),)
    assert rows_of(create) == [
        ("_phone_number", "{{PHONE}}"),
        ("language", "{{LANGUAGE}}"),
        ("FileKey", "@MyPic.png"),
    ]
    assert (wait.kind, wait.seconds) == (StepKind.WAIT, 1.5)
    assert (status.name, status.instance, rows_of(status)) == (
        "status",
        "",
        [("home", "{{$env:HOME}}")],
    )
    assert (cancel.name, cancel.method, len(cancel.form)) == ("cancel", "POST", 0)


def test_two_instances_have_names_and_ids_stay_what_they_are() -> None:
    steps = steps_of(
        f"""
        A=$(curl {SERVICE}/callme -d a=1 | jq -r ._id)
        B=$(curl {SERVICE}/callme -d a=2 | jq -r .id)
        curl {SERVICE}/$A/status -d ''
        curl {SERVICE}/$B/status -d ''
        curl {SERVICE}/4711/status -d ''
        curl {SERVICE}/6c1b0a5e-0001-4000-8000-00805f9b34fb/status -d ''
        """
    )
    assert [step.instance for step in steps] == [
        "callme",
        "callme-2",
        "callme",
        "callme-2",
        "{{instance}}",
        "6c1b0a5e-0001-4000-8000-00805f9b34fb",
    ]


def test_braces_that_were_sent_are_no_variables() -> None:
    (step,) = steps_of(f"curl {CREATE} -d 'a={{{{name}}}}' -d b=%7B%7Bx")
    assert rows_of(step) == [("a", "{{{{name}}"), ("b", "{{{{x")]
    assert asyncio.run(body_bytes(prepared(step, PLACE).body)) == b"a=%7B%7Bname%7D%7D&b=%7B%7Bx"


def test_a_command_in_a_value_is_told_but_not_shown() -> None:
    found = imported(f'curl {CREATE} -d "t=$(pass show gms) x"')
    assert rows_of(found.flow.steps[0]) == [("t", "{{command1}} x")]
    assert "pass show" not in "".join(found.left_out)
    assert any("--var command1=" in one for one in found.left_out)


def test_several_requests_in_one_command() -> None:
    steps = steps_of(f"curl {SERVICE}/a {SERVICE}/b -d x=1 --next {SERVICE}/c -d y=2")
    assert [(step.name, rows_of(step)) for step in steps] == [
        ("a", [("x", "1")]),
        ("b", [("x", "1")]),
        ("c", [("y", "2")]),
    ]


# --- Windows --------------------------------------------------------------------------

CMD = rf"""
curl ^"{CREATE}^" ^
  -H ^"Accept: */*^" ^
  -H ^"sec-ch-ua: ^\^"Not;A^\^";v=^\^"8^\^"^" ^
  --data-raw ^"_phone_number=6504669999^&note=a^%^E2^%^82^%^AC^&q=^\^"b^\^"^&two=1^

2^" ^
  --compressed
"""
OLD_CMD = rf"""
@echo off
rem a remark with a "quote
set PHONE=650
curl "{CREATE}" --data "a=%PHONE%&b=%%20x&c=%E2%82%AC" ^
  -F "x=\"in quotes\"" -F "y=a""b" && curl "{SERVICE}/b" -d "z=1&2"
"""


def test_what_browsers_copy_for_cmd() -> None:
    assert rows(CMD) == [
        ("_phone_number", "6504669999"),
        ("note", "a€"),
        ("q", '"b"'),
        ("two", "1\n2"),
    ]


def test_a_batch_file() -> None:
    flow = imported(OLD_CMD.replace('-F "x', '&& curl "' + SERVICE + '/f" -F "x')).flow
    assert flow.vars == (("PHONE", "650"),)
    assert [rows_of(step) for step in flow.steps] == [
        [("a", "{{PHONE}}"), ("b", " x"), ("c", "€")],
        [("x", "in quotes"), ("y", 'a"b')],
        [("z", "1"), ("2", "")],
    ]


def test_curl_for_powershell() -> None:
    command = (
        "$phone = '650'\n"
        f"curl.exe '{CREATE}' `\n  -F 'name=O''Neil' -F \"b=$phone\" `\n"
        "  --form-string 'c=`d'\n"
    )
    flow = imported(command).flow
    assert rows_of(flow.steps[0]) == [
        ("name", "O'Neil"),
        ("b", "{{phone}}"),
        ("c", "`d"),
    ]


# --- what cannot be carried over ------------------------------------------------------

TOLD = {
    "-k": "--insecure is left out",
    "--max-time 5": "--max-time 5 is left out",
    "--max-time=5": "write --max-time 5",
    "-x http://me:pw@proxy:8080": "--proxy http://proxy:8080 is left out",
    "-x me:pw@proxy:8080": "--proxy proxy:8080 is left out",
    "--proxy=me:pw@proxy:8080": "write --proxy proxy:8080",
    "--socks5 me:pw@proxy": "--socks5 proxy is left out",
    "--cert me.pem --key me.key": "--cert me.pem is left out",
    "-E me.pem:hunter2": "--cert me.pem is left out",
    "-E 'C:\\me.pem:hunter2'": "--cert C:\\me.pem is left out",
    "--variable token=hunter2": "--variable is left out",
    "-H 'Authorization Bearer hunter2'": "a header without a colon",
    "-b cookies.txt": "cookies of the file 'cookies.txt'",
    "-b 'JSESSIONID=abc123; x=1'": "Cookies (JSESSIONID, x)",
    "-u me:hunter2": "The header Authorization is a credential",
    "-H 'gms_user: joe'": "The header gms_user: joe is left out",
    "-H 'apikey: hunter2'": "The header apikey is a credential",
    "-A Mozilla/5.0 -e http://ref/": "Headers of the browser or tool",
    "-d @body.txt": "data of the file 'body.txt'",
    "--data-binary @-": "data of standard input",
    "--data-urlencode a@b.txt": "data of the file 'b.txt'",
    "-F 'a=<b.txt'": "text of the file 'b.txt'",
    "-F 'a=@b,c'": "2 files in one part",
    "-F 'a=b;headers=\"X: 1\"'": "headers of 'a'",
    "-F 'a=b;encoder=base64'": "encoder of 'a'",
    "-F a=1 -d b=2": "no data beside -F",
    "-T big.bin": "the body is the file 'big.bin'",
    "-d hello": "'hello' had no =",
    "-d a=%FF": "no UTF-8",
    "-d =x": "has no name",
    "--frobnicate": "--frobnicate is no option",
    "-H 'Content-Type: text/xml' -d '<a/>'": "the body is text/xml",
    """--json '{"a": {"b": 1}, "c": [1], "d": null}'""": "'a' is an object",
    "--json '[1]'": "JSON that is no object",
    "'http://other.example/x?token=hunter2'": "GET http://other.example/x is left out",
}


@pytest.mark.parametrize(("options", "sentence"), TOLD.items(), ids=TOLD)
def test_what_a_flow_cannot_hold_is_told(options: str, sentence: str) -> None:
    # The time-out of the second command is one that nothing is said of.
    found = imported(f"curl -sS -o out.txt {SERVICE}/s {options}")
    said = "\n".join(found.left_out)
    assert sentence in said
    for secret in ("hunter2", "abc123", "me:pw"):
        assert secret not in repr(found)
    assert len(imported(f"curl -sSv -o out.txt --compressed {SERVICE}/s").left_out) == 0


def test_many_short_ids_each_have_a_variable_of_their_own() -> None:
    lines = [f"curl -d i={number} {SERVICE}/{number}/status" for number in range(300)]
    found = imported("instance7=x\n" + "\n".join(lines))
    assert len(dict(found.flow.vars)) == 300
    assert {value for _, value in found.flow.vars} == {str(number) for number in range(300)}


def test_what_is_told_cannot_steer_a_terminal() -> None:
    found = imported(f"curl {CREATE} -H $'X-Own: a\\x1b[31m' $'http://h/\\x1b[2J'")
    said = "".join(found.left_out)
    assert "\x1b" not in said
    assert "\\x1b[31m" in said


UNREADABLE = {
    "no request to a service": ("curl http://h/x", "none that a step can be made of"),
    "a quote that is open": ("curl http://h/1/service/x \\\n  -d 'a", "2:"),
    "a command that is open": ("curl http://h/$(x", ") at the end"),
    "no curl": ("wget http://h", "no command of curl"),
    "a text in the script": ("curl http://h <<EOF\nx\nEOF", "<<"),
    "powershell": ("Invoke-WebRequest http://h", "PowerShell"),
}


@pytest.mark.parametrize(("text", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_where_and_what(text: str, says: str) -> None:
    with pytest.raises(UnreadableImportError, match=re.escape(says)):
        import_text(text, source=Source.CURL)


_PIECES = st.sampled_from(
    ["curl ", "'", '"', "\\", "$'", "$(", ")", "`", "^", "%", "\n", " ", "-d ", "-F ", "a=@b;",
     "-H ", "--data-urlencode ", f"{SERVICE}/x ", ";type=", "|", ">", "\\x", "{{", "\ufdd0", "é"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=3), max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_text_ends_in_a_traceback(text: str) -> None:
    for source in (None, Source.CURL):
        try:
            import_text(f"curl {SERVICE}/s {text}", source=source)
        except UnreadableImportError as error:
            said = str(error)
            assert "expected" in said
