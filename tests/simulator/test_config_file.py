import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from gms_console.simulator import Simulator
from gms_console.simulator.config.file import ConfigFileError, read_config
from gms_console.simulator.config.source import ConfigSource
from tests.simulator.configured import check_refusal, configured
from tests.simulator.wire import JSON, SERVICE, call, call_back, create, get, post, record, until

VALUES = """\
# A comment.
server: {access_code_prefix: 7-9, _ors: "http://localhost:7210", allow-file-control: true}
empty:
anything at all:
  a: 0900
  b: 1.50
  c: [one, 2, true]
  d: {"1": {"0900": 5, "1000": word}}
  e:
  f: ''
default.callback: {_ttl: 86400, _media_type: voice}
service.mine: {_service: callback, _media_type: chat}
service.other: {_service: callback}
"""

REMARKS = """\
server:
  error_format: 8.5.3
service.nothing:
  _ttl: 30
service.mystery:
  _service: magic
default.magic: {}
service.hours:
  _service: office-hours
  _timezone: Mars/Olympus
  _bh_regular1: Mon-Fry 08:00-20:00
  _holiday1: 13-45
service.room:
  _service: capacity
  _capacity_3: {"9am": 5}
  _capacity_4: {"0900": 5000}
service.back:
  _service: callback
  _business_hours_service: room
  _redirect: nowhere
  _throttle_ttl_1: soon
serivce.slip: {_service: hello}
service.slip: {_service: hello, _provide_cod: true, _on_user_confirm_timeout: CONNECT, _ors: x}
service.number:
  _service: request-interaction
  _ttl: $life$
  _redirect: back
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "my simulator.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_value_is_text_as_in_gms(tmp_path: Path) -> None:
    found = read_config(write(tmp_path, VALUES)).sections
    assert found.section("anything at all") == {
        "a": "0900",
        "b": "1.50",
        "c": "one,2,true",
        "d": '{"1":{"0900":5,"1000":"word"}}',
        "e": "",
        "f": "",
    }
    assert found.text("server", "access_code_prefix") == "7-9"
    assert found.flag("server", "allow-file-control")
    assert found.items("anything at all", "c") == ("one", "2", "true")
    assert (found.section("empty"), found.section("absent")) == ({}, {})
    assert found.services("callback") == ("mine", "other")
    mine, other = found.service("mine"), found.service("other")
    assert mine is not None
    assert other is not None
    assert (mine["_ttl"], mine["_media_type"], other["_media_type"]) == ("86400", "chat", "voice")
    assert (found.kind("mine"), found.kind("nobody"), found.service("nobody")) == (
        "callback",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected"),
    [
        ("", 1, 1, "an empty file", "sections such as server"),
        ("- a", 1, 1, "a list", "sections such as server"),
        ("server: 3", 1, 9, "'3'", "the options of a section"),
        ("server:\n  - a", 2, 3, "a list", "the options of a section"),
        ("server: {}\nserver: {}", 2, 1, "the section 'server' again", "each section once"),
        ("a:\n  b: 1\n  b: 2", 3, 3, "the option 'b' again", "each option once"),
        ("a: {b: [[1]]}", 1, 9, "a list", "a text or a number"),
        ("a: {b: {c: 1, c: 2}}", 1, 15, "the entry 'c' again", "each entry once"),
        ("a: {[b]: 1}", 1, 5, "a list", "the name of the option"),
        ("a:\n  b: {", 2, 7, "broken YAML", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_position(
    tmp_path: Path, text: str, line: int, column: int, found: str, expected: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigFileError) as caught:
        Simulator(config=path)
    check_refusal(caught.value, path, (line, column), found, expected)


def test_a_file_that_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Simulator(config=tmp_path / "none.yaml")


def test_what_will_have_no_effect_is_remarked_on(tmp_path: Path) -> None:
    assert [remark.rstrip(".") for remark in read_config(write(tmp_path, REMARKS)).warnings] == [
        "Line 2, section server: error_format [8.5.3] is not one of 8.5.1, 8.5.2",
        "Line 3, section service.nothing: there is no option _service, so it is not configured",
        "Line 6, section service.mystery: _service magic is nothing that the simulator plays",
        "Line 7, section default.magic: no _service has that name",
        "Line 10, section service.hours: _timezone [Mars/Olympus] is unknown",
        "Line 11, section service.hours: _bh_regular1 [Mon-Fry 08:00-20:00] cannot be read",
        "Line 12, section service.hours: _holiday1 [13-45] cannot be read",
        "Line 13, section service.room: 5000 is above _max_capacity 1000",
        'Line 15, section service.room: _capacity_3 [{"9am":5}] cannot be read',
        "Line 19, section service.back: _business_hours_service [room] is no service of the kind"
        " office-hours",
        "Line 20, section service.back: _redirect [nowhere] is no configured service",
        "Line 21, section service.back: _throttle_ttl_1 [soon] is no number from 0",
        "Line 22, section serivce.slip: perhaps service.slip is meant",
        "Line 23, section service.slip: perhaps _provide_code is meant by _provide_cod",
        "Line 27, section service.number: _redirect has an effect on callback services alone",
    ]


def test_the_configuration_of_the_product_is_a_file_to_begin_with(tmp_path: Path) -> None:
    with as_file(files("gms_console.assets") / "simulator.yaml") as packaged:
        text = packaged.read_text("utf-8")
    source = ConfigSource(write(tmp_path, text))
    assert source.warnings == ConfigSource().warnings == ()
    # What stands in it as a comment is right too, once its mark is taken away.
    opened = [
        line.replace("# ", "", 1) if line.startswith("  # _") and ": " in line else line
        for line in text.splitlines()
    ]
    assert read_config(write(tmp_path, "\n".join(opened))).warnings == ()


def test_an_edit_is_in_force_with_the_next_request(tmp_path: Path) -> None:
    path = tmp_path / "my simulator.yaml"
    first = "service.one: {_service: hello}\nresources: {DNIS: [1, 2]}\n"
    number = "service.ring: {_service: request-interaction}\n"
    number += "service.who: {_service: match-interaction}\n"
    with configured(tmp_path, first + number) as simulator:
        held = post(simulator, "ring").json["_access_number"]
        assert (held, post(simulator, "two").status) == ("1", 404)
        path.write_text(
            "service.two: {_service: hello}\nresources: {DNIS: [3]}\n" + number, "utf-8"
        )
        until(lambda: post(simulator, "two").status == 200)
        assert post(simulator, "one").status == 404
        assert post(simulator, "ring").json["_access_number"] == "3"
        # A booked number stays so, and is matched still.
        assert post(simulator, "who", [("_access_number", held)]).status == 200
        assert post(simulator, "ring").status == 500
        path.write_text("service.two: [", "utf-8")
        until(
            lambda: "line 1, column 15: found broken YAML" in simulator.control.view().config_error
        )
        assert post(simulator, "two").status == 200
        path.unlink()
        until(lambda: "my simulator.yaml" in simulator.control.view().config_error)
        path.write_text("service.one: {_service: hello}\n", "utf-8")
        until(lambda: post(simulator, "one").status == 200)
        assert simulator.control.view().config_error == ""
        assert post(simulator, "two").status == 404


def test_what_is_under_way_goes_on_when_its_service_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "my simulator.yaml"
    text = """\
service.talk: {_service: request-chat}
service.out: {_service: request-outbound-delay, _waiting_seconds: 10}
service.back: {_service: callback, _wait_for_user_confirm: true}
chat.help: {}
"""
    with configured(tmp_path, text) as simulator:
        talk, out = create(simulator, "talk"), create(simulator, "out")
        back, spare = (call_back(simulator, "back").json["_id"] for _ in range(2))
        assert post(simulator, f"{talk}/ixn/chat").status == 200
        help_me = "/genesys/2/chat/help"
        opened = call(simulator, "POST", help_me).json
        keys = {key: opened[key] for key in ("userId", "secureKey", "alias")}
        path.write_text("service.one: {_service: hello}\n", "utf-8")
        until(lambda: post(simulator, "one").status == 200)
        assert [post(simulator, name).status for name in ("talk", "out")] == [404, 404]
        assert call(simulator, "POST", help_me).status == 404
        assert post(simulator, f"{talk}/ixn/chat/send", [("message", "Hi")]).status == 200
        send = f"{help_me}/{opened['chatId']}/send"
        said = call(simulator, "POST", send, json.dumps({**keys, "message": "Hi"}), JSON).json
        assert said["statusCode"] == 0
        # A key that no text can be: refused as any other wrong one.
        odd = call(simulator, "POST", send, json.dumps({**keys, "alias": "\ud800"}), JSON).json
        assert [each["code"] for each in odd["errors"]] == [1003]
        simulator.clock.advance(11)
        assert {push["_id"] for push in simulator.pending_pushes()} == {out, back, spare}
        assert post(simulator, f"{out}/connect").json["_action"] == "ConfirmationDialog"
        # Nobody knows any more which times are free, so it is not moved; it can be cancelled.
        target = f"{SERVICE}/callback/back/{spare}"
        later = json.dumps({"_new_desired_time": "2025-06-02T12:00:00Z"})
        assert call(simulator, "PUT", target, later, JSON).status == 404
        assert call(simulator, "DELETE", target).status == 200
        assert post(simulator, f"{back}/connect").json["_action"] == "ConfirmationDialog"
        assert record(simulator, back)["_callback_state"] == "PROCESSING"


def test_names_are_free_and_lead_to_what_they_play(tmp_path: Path) -> None:
    text = """\
service.ring-us: {_service: request-interaction}
service.who-calls: {_service: match-interaction}
service.wait: {_service: request-outbound-poll}
service.hold: {_service: request-inbound-poll}
service.open: {_service: office-hours, _bh_regular1: Mon-Sun 00:00-24:00}
service.up: {_service: get, _online_code: 204}
service.back: {_service: callback}
resources: {DNIS: [5551]}
"""
    with configured(tmp_path, text) as simulator:
        made = post(simulator, "ring-us", [("_provide_code", "true")]).json
        found = post(simulator, "who-calls", [("_access_number", "5551")]).json
        assert found["_id"] == made["_id"]
        held = create(simulator, "hold")
        assert get(simulator, f"{held}/status").json["status"] == "waiting-for-agent"
        assert len(get(simulator, "open").json["periods"]) == 1
        assert get(simulator, "up?_online_code=200").status == 204
        assert call_back(simulator, "back").json["_ok_title"] == "Ok"
        for name in ("request-interaction", "callme", "wait", "hello"):
            assert post(simulator, name).status == 404
        assert call_back(simulator, "ring-us").status == 404
        assert "use callback/back" in post(simulator, "back").json["message"]
        assert call(simulator, "GET", f"{SERVICE}/callback/ring-us").status == 404
