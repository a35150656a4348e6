import re
from pathlib import Path

import pytest

from gms_console.simulator import Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import SERVICE, Rows, call, call_back, create, get, post, record

RULES = """\
server: {access_code_prefix: 7-9, external_url_base: "https://gms.example.com:8443/"}
resources:
  DNIS: [100, 101]
  GOLD: [900, 901]
  _booking_expiration_timeout: 45
service.plain: {_service: request-interaction}
service.fixed:
  _service: request-interaction
  _provide_code: true
  _resource_group: GOLD
  _booking_expiration_timeout: 60
  _redirect: hello
service.free:
  _service: request-interaction
  _provide_code: false
  _resource_group: GOLD
  _overwritable_options: _provide_code, _resource_group
service.token: {_service: request-interaction, _resource_group: $tier$, _ttl: 30}
service.access:
  _service: request-access
  _booking_expiration_timeout: 60
  _access_code_length:
service.back:
  _service: callback
  _call_direction: USERORIGINATED
  _media_type: voice
  _provide_code: true
  _resource_group: GOLD
  _overwritable_options: [_media_type]
"""


def rows(**params: str) -> Rows:
    return list(params.items())


def test_the_configured_value_wins_over_the_request(tmp_path: Path) -> None:
    with configured(tmp_path, RULES) as simulator:
        plain = post(simulator, "plain", rows(_resource_group="GOLD", _provide_code="true")).json
        assert (plain["_access_number"], plain["_expiration_time"]) == ("900", "45")
        assert re.fullmatch(r"[7-9][0-9]{3}", plain["_access_code"])
        wish = rows(_provide_code="false", _resource_group="DNIS", _booking_expiration_timeout="9")
        # A redirect has no effect here.
        fixed = post(simulator, "fixed", wish).json
        assert (fixed["_access_number"], fixed["_expiration_time"]) == ("901", "60")
        assert "_access_code" in fixed
        free = post(simulator, "free", [*wish, ("_provide_code", "TRUE")]).json
        assert (free["_access_number"], len(free["_access_code"])) == ("100", 4)
        full = post(simulator, "free")
        assert (full.status, "[GOLD]" in full.json["message"]) == (500, True)
        # Only the request of request-access goes before what is configured.
        access = post(
            simulator,
            "access",
            rows(_id=plain["_id"], _booking_expiration_timeout="90", _provide_code="true"),
        ).json
        assert (access["_access_number"], access["_expiration_time"]) == ("101", "90")
        assert len(access["_access_code"]) == 6
        simulator.clock.advance(90)
        access = post(simulator, "access", rows(_id=plain["_id"])).json
        assert access["_expiration_time"] == "60"


def test_a_token_stands_for_a_parameter_and_data_lives_its_time(tmp_path: Path) -> None:
    with configured(tmp_path, RULES) as simulator:
        made = post(simulator, "token", rows(tier="GOLD", a="1")).json
        assert made["_access_number"] == "900"
        lost = post(simulator, "token")
        assert (lost.status, "[$tier$]" in lost.json["message"]) == (500, True)
        simulator.clock.advance(29)
        assert get(simulator, f"{made['_id']}/storage").json == {"tier": "GOLD", "a": "1"}
        simulator.clock.advance(1)
        assert get(simulator, f"{made['_id']}/storage").status == 404
        # Its number is free again with it.
        assert (
            post(simulator, "plain", rows(_resource_group="GOLD")).json["_access_number"] == "901"
        )
        assert (
            post(simulator, "plain", rows(_resource_group="GOLD")).json["_access_number"] == "900"
        )


def test_a_callback_takes_group_and_direction_of_its_service(tmp_path: Path) -> None:
    with configured(tmp_path, RULES) as simulator:
        wish = {"_call_direction": "USERTERMINATED", "_provide_code": "false"}
        dial = call_back(simulator, "back", **wish).json
        assert (dial["_action"], dial["_access_number"]) == ("DialNumber", "900")
        assert re.fullmatch(r"[7-9][0-9]{5}", dial["_access_code"])
        chat = call_back(simulator, "back", _media_type="chat").json
        assert chat["_start_chat_url"] == (
            f"https://gms.example.com:8443/genesys/1/service/{chat['_id']}/ixn/chat"
        )
        # It cannot be redirected by a request.
        kept = call_back(simulator, "back", _redirect="plain", _customer_number="5115").json
        assert kept["_action"] == "DialNumber"


def test_things_take_as_long_as_is_configured(tmp_path: Path) -> None:
    text = """\
simulator:
  {agent_seconds: 3, call_seconds: 7, agent_ready_seconds: 0, connected_seconds: soon}
service.hold: {_service: request-inbound-poll, _waiting_seconds: 9}
service.back:
  _service: callback
  _wait_for_user_confirm: true
  _request_execution_time_buffer: 60
  _user_confirm_timeout: 30
  _snooze_duration: 120
"""
    with configured(tmp_path, text) as simulator:
        held = create(simulator, "hold")
        later = call_back(simulator, "back", _desired_time="2025-06-02T10:02:00Z").json["_id"]
        made = call_back(simulator, "back").json["_id"]

        def asked(made: str, request: str) -> str:
            found = get(simulator, f"{made}/{request}").json
            return str(found.get("_text") or found.get("status") or found["_content"])

        simulator.clock.advance(3)
        assert "Call me in 2 minutes" in asked(made, "get-dialog")
        assert asked(made, "postpone") == "We will get back to you in 2 minutes."
        simulator.clock.advance(5)
        assert asked(held, "status") == "waiting-for-agent"
        simulator.clock.advance(1)
        # An announcement that takes no time is left out; what is no time is as usual.
        assert asked(held, "status") == "connected"
        simulator.clock.advance(20)
        assert asked(held, "status") == "completed"
        simulator.clock.advance(30)
        assert record(simulator, later)["_callback_state"] == "SCHEDULED"
        simulator.clock.advance(1)
        assert record(simulator, later)["_callback_state"] == "QUEUED"
        simulator.clock.advance(90)
        assert record(simulator, later)["_callback_reason"] == "NOT_CONFIRMED_BY_USER"


def test_links_begin_with_a_base_that_names_a_path(tmp_path: Path) -> None:
    text = "server: {external_url_base: 'http://proxy/mobile'}\nservice.back: {_service: callback}"
    with configured(tmp_path, text) as simulator:
        made = call_back(simulator, "back").json["_id"]
        [found] = get(simulator, f"callback?_id={made}").rows
        assert found["url"] == f"http://proxy/mobile/1/service/callback/back/{made}"


@pytest.mark.parametrize(
    ("prefix", "said"), [("1234", "[1234]"), ("9-7", "[9-7]"), ("x", "[x]"), ("12345", "[12345]")]
)
def test_a_prefix_that_leaves_no_room_is_an_error(tmp_path: Path, prefix: str, said: str) -> None:
    text = f"server: {{access_code_prefix: {prefix}}}\nresources: {{DNIS: [1]}}\n"
    with configured(tmp_path, text + "service.ring: {_service: request-interaction}") as simulator:
        reply = post(simulator, "ring", [("_provide_code", "true")])
        assert (reply.status, said in reply.json["message"]) == (500, True)
        # The number that it would have had is still there.
        assert post(simulator, "ring").json["_access_number"] == "1"


def test_a_redirect_goes_where_the_vendor_saw_it_go(simulator: Simulator) -> None:
    assert call_back(simulator, "callme-redirected").json == {"msg": "hello"}
    elsewhere = call_back(simulator, "callme-redirected", _redirect="request-interaction").json
    assert sorted(elsewhere) == ["_access_number", "_expiration_time", "_id"]
    nowhere = call_back(simulator, "callme-redirected", _redirect="").json
    assert nowhere["_action"] == "ConfirmationDialog"
    other = call_back(simulator, "callme-redirected", _redirect="VOICE-NOW-USERORIG").json
    assert other["_action"] == "DialNumber"
    [found] = get(simulator, f"callback?_id={other['_id']}").rows
    assert found["_service_name"] == "VOICE-NOW-USERORIG"
    assert call_back(simulator, "callme-redirected", _redirect="nobody").status == 404
    # Where the configuration does not let it, a request cannot redirect.
    kept = call_back(simulator, "callme", _redirect="hello").json
    assert kept["_action"] == "ConfirmationDialog"
    assert "_id" in post(simulator, "request-interaction", [("_redirect", "hello")]).json


def test_errors_have_a_code_since_8_5_2(tmp_path: Path) -> None:
    text = """\
server: {error_format: 8.5.2}
service.hours: {_service: office-hours, _bh_regular1: Mon-Sun 08:00-20:00}
service.back: {_service: callback, _business_hours_service: hours}
"""
    with configured(tmp_path, text) as simulator:
        reply = post(simulator, "nobody")
        assert (reply.json["code"], reply.json["phrase"]) == (404, "Not Found")
        assert list(reply.json) == ["exception", "message", "code", "phrase"]
        closed = call_back(simulator, "back", _desired_time="2025-06-02T21:00:00Z").json
        assert list(closed) == ["exception", "message", "code", "phrase", "availability"]
        assert (closed["code"], len(closed["availability"])) == (400, 5)
        wrong = call(simulator, "PUT", f"{SERVICE}/hours")
        assert (wrong.json["code"], wrong.all("Allow")) == (405, ["GET"])
        kind = call(simulator, "POST", f"{SERVICE}/back", b"x", {"Content-Type": "text/plain"})
        assert (kind.status, kind.json["code"]) == (415, 415)
