"""The recorded exchanges of section 7 of the domain notes, A1 to A19, one test each."""

import json
import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlencode

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator
from tests.simulator.configured import configured
from tests.simulator.recorded import FRENCH_MOBILE
from tests.simulator.wire import (
    JSON,
    MULTIPART,
    SERVICE,
    URLENCODED,
    Reply,
    call,
    call_back,
    create,
    end,
    get,
    part,
    post,
    record,
)

GENESYS = "com.genesyslab.gsg"
CALLBACK = f"{GENESYS}.services.callback.exceptions"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PREMIUM = {"_customer_number": "+19005551234", "_urs_virtual_queue": "SIP_VQ_SIP_Switch"}


def same(found: dict[str, object], expected: dict[str, object]) -> None:
    """Compare by value, in any order: GMS sends numbers and truth values as text or as such."""

    def plain(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    left = {key: plain(value) for key, value in found.items()}
    assert left == {key: plain(value) for key, value in expected.items()}


def login(name: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"}


def cancel(simulator: Simulator, service: str, made: str) -> Reply:
    return call(simulator, "DELETE", f"{SERVICE}/callback/{service}/{made}")


def test_a1_a_number_is_booked_by_a_form_with_a_file(simulator: Simulator) -> None:
    rows = {
        "_phone_number": "6504669999",
        "_provide_code": "true",
        "language": "french",
        "current_location_latitude": "48.8583",
        "current_location_longitude": "2.2944",
    }
    body = b"".join(part(key, value.encode()) for key, value in rows.items())
    body += part("FileKey", b"\x89PNG\r\n", "MyPic.png", "image/png") + end()
    reply = call(simulator, "POST", f"{SERVICE}/request-interaction", body, MULTIPART)
    assert reply.status == 200
    assert list(reply.json)[:3] == ["_id", "_access_number", "_access_code"]
    assert re.fullmatch(UUID, reply.json["_id"])
    assert reply.json["_access_number"] == "8003449999"
    assert re.fullmatch(r"\d{4}", reply.json["_access_code"])


def test_a2_the_status_of_a_service_that_waits_for_an_agent(simulator: Simulator) -> None:
    made = create(simulator, "request-inbound-poll")
    reply = call(simulator, "POST", f"{SERVICE}/{made}/status")
    assert reply.status == 200
    assert reply.body == b'{"status":"waiting-for-agent","dialog":"/waitingforagent.html"}'


def test_a3_a_chat_service_tells_where_the_chat_is_created(simulator: Simulator) -> None:
    reply = post(simulator, "request-chat", [("_verbose", "true")])
    made = reply.json["_id"]
    assert re.fullmatch(UUID, made)
    path = f"/genesys/1/service/{made}/ixn/chat"
    assert reply.body.decode() == f'{{"_chatIxnAPI-CREATE-URL":"{path}","_id":"{made}"}}'
    assert reply.all("Pragma") == ["no-cache"]
    assert reply.all("Cache-Control") == ["no-cache", "no-store"]
    assert reply.all("Content-Type")[0].startswith("application/json")


def test_a4_a_service_of_ors_answers_without_an_id(simulator: Simulator) -> None:
    reply = post(simulator, "hello")
    assert (reply.status, reply.body) == (200, b'{"msg":"hello"}')


def test_a5_ors_is_down() -> None:
    plan = FaultPlan((Fault(service="hello", then=Effect(ors_down=True)),))
    with Simulator(faults=plan) as simulator:
        reply = post(simulator, "hello")
        assert reply.status == 500
        assert reply.json == {
            "exception": f"{GENESYS}.services.ors.OrsServiceException",
            "message": "ORS request failed: cannot connect to ORS. IO issue.",
        }


def test_a6_what_one_node_has_created_another_matches() -> None:
    with Simulator(nodes=2) as simulator:
        made = call(simulator, "POST", f"{SERVICE}/request-interaction?_provide_code=true").json
        assert set(made) == {"_id", "_access_number", "_access_code", "_expiration_time"}
        body = urlencode({"_access_number": made["_access_number"]})
        target = f"{SERVICE}/match-interaction"
        matched = call(simulator, "POST", target, body, URLENCODED, node=2)
        assert (matched.status, matched.json["_id"]) == (200, made["_id"])
        assert matched.json["_data_id"]


def test_a7_a_premium_number_is_called_back_where_that_is_allowed(simulator: Simulator) -> None:
    reply = call_back(simulator, "callme-premium", **PREMIUM)
    assert reply.status == 200
    assert reply.json["_id"]
    assert {key: value for key, value in reply.json.items() if key != "_id"} == {
        "_ok_title": "Ok",
        "_action": "ConfirmationDialog",
        "_text": "You will receive the call shortly",
        "_dialog_id": "0",
    }


def test_a8_a_premium_number_is_refused_where_that_is_disallowed(simulator: Simulator) -> None:
    reply = call_back(simulator, "callme", **PREMIUM)
    assert reply.status == 400
    assert reply.json == {
        "exception": f"{CALLBACK}.CallbackExceptionNumber",
        "message": "Customer Number [+19005551234] is disallowed, because it's a premium number."
        " Check option _disallow_premium_phone_numbers",
    }


def test_a9_a_callback_over_the_limit_is_refused(tmp_path: Path) -> None:
    text = (
        "callback: {max_queued_callbacks_per_service: 1}\n"
        "service.callme: {_service: callback, _wait_for_agent: true}\n"
    )
    with configured(tmp_path, text) as still:
        assert call_back(still).status == 200
        reply = call_back(still)
        assert reply.status == 503
        assert reply.json == {
            "exception": f"{CALLBACK}.CallbackExceptionServiceUnavailable",
            "message": "Limit of queued callbacks for callme is reached.",
        }


def test_a10_an_immediate_callback_is_paused_goes_on_and_is_cancelled(still: Simulator) -> None:
    made = call_back(still).json["_id"]
    walk = [record(still, made)["_callback_state"]]
    for turn in (still.controls.suspend, still.controls.resume):
        turn("callme")
        walk.append(record(still, made)["_callback_state"])
    assert cancel(still, "callme", made).status == 200
    walk.append(record(still, made)["_callback_state"])
    assert walk == ["QUEUED", "PAUSED", "QUEUED", "COMPLETED"]


def test_a11_basic_authentication_of_the_server_and_of_a_service(tmp_path: Path) -> None:
    text = (
        "server: {username: default, password: password}\n"
        "service.request-chat: {_service: request-chat}\n"
        "service.callme: {_service: callback}\n"
        "service.own: {_service: request-chat, username: ada, password: secret}\n"
    )
    number = json.dumps({"_customer_number": "+16504669999"})
    with configured(tmp_path, text) as still:
        paths = ("storage/30", "service/request-chat", "service/callback/callme")
        for path in paths:
            statuses = [
                call(still, "POST", f"/genesys/1/{path}", number, {**JSON, **login(*pair)}).status
                for pair in (("default", "password"), ("nobody", "password"))
            ]
            assert statuses == [200, 401], path
        pairs = (("default", "password"), ("ada", "secret"))
        statuses = [call(still, "POST", f"{SERVICE}/own", None, login(*p)).status for p in pairs]
        assert statuses == [401, 200]


def test_a12_a_phone_number_is_taken_apart(simulator: Simulator) -> None:
    query = "number=0604120405&country=FR&geocodingLocale=DE"
    reply = call(simulator, "GET", f"/genesys/1/phonenumber?{query}")
    assert reply.status == 200
    same(reply.json, FRENCH_MOBILE)


def test_a13_watermarks_count_what_is_queued(still: Simulator) -> None:
    names = ("VOICE-WAIT-USERTERM", "VOICE-SCHEDULED-USERTERM")
    target = "/genesys/1/admin/callback/watermarks?" + "&".join(f"service_name={n}" for n in names)
    empty = call(still, "GET", target)
    assert (empty.status, empty.json) == (200, {"services": dict.fromkeys(names, 0), "total": 0})
    call_back(still, names[0])
    call_back(still, names[1], _desired_time="2025-06-02T15:00:00Z")
    counted = call(still, "GET", target).json
    assert counted == {"services": {names[0]: 1, names[1]: 0}, "total": 1}


def test_a14_a_callback_is_redirected_unless_the_request_says_otherwise(
    simulator: Simulator,
) -> None:
    assert call_back(simulator, "callme-redirected").json == {"msg": "hello"}
    other = call_back(simulator, "callme-redirected", _redirect="request-interaction").json
    assert set(other) == {"_access_number", "_expiration_time", "_id"}
    own = call_back(simulator, "callme-redirected", _redirect="").json
    assert own["_action"] == "ConfirmationDialog"


def test_a15_a_chat_of_the_second_version_begins(simulator: Simulator) -> None:
    body = "firstName=First&lastName=Last&subject=Subject+to"
    reply = call(simulator, "POST", "/genesys/2/chat/customer-support", body, URLENCODED)
    assert reply.status == 200
    recorded = (
        r'{"statusCode":0,"alias":"\d{3}","userId":"[0-9A-F]{16}","secureKey":"[0-9a-f]{16}",'
        r'"messages":\[{"from":{"nickname":"First Last","participantId":1,"type":"Client"},'
        r'"index":1,"type":"ParticipantJoined","utcTime":\d{10}000}\],"chatId":"[0-9A-Za-z]{16}"}'
    )
    assert re.fullmatch(recorded, reply.body.decode())
    assert reply.all("Set-Cookie")


def test_a16_a_node_tells_that_it_is_online(tmp_path: Path) -> None:
    with configured(tmp_path, "server: {username: default, password: password}\n") as still:
        target = "/genesys/1/admin/node/status"
        reply = call(still, "GET", target, headers=login("default", "password"))
        assert (reply.status, reply.body) == (200, b"ONLINE")
        assert reply.all("Content-Type") == ["text/plain;charset=ISO-8859-1"]
        [cookie] = reply.all("Set-Cookie")
        assert re.fullmatch(r"JSESSIONID=\w+\.node1; Path=/genesys; HttpOnly", cookie)
        assert call(still, "GET", target).status == 401


def test_a17_values_that_look_like_something_are_named(simulator: Simulator) -> None:
    rows = {"param1": "1234562", "param2": "john.doe@gmail.com", "param3": "911"}
    reply = call(simulator, "POST", "/genesys/1/patterns", urlencode(rows), URLENCODED)
    assert (reply.status, reply.json) == (200, {"param3": "911", "param2": "email"})


def test_a18_an_administrator_cancels_in_bulk(still: Simulator) -> None:
    ids = [call_back(still, "VOICE-WAIT-USERTERM").json["_id"] for _ in range(2)]
    body = json.dumps({"reason": "CANCELLED_BY_ADMIN", "ids": ids})
    assert call(still, "POST", "/genesys/1/admin/callback/cancel", body, JSON).status == 200
    found = get(still, "callback?_callback_state=COMPLETED").rows
    assert [each["_id"] for each in found] == ids
    assert {each["_callback_reason"] for each in found} == {"CANCELLED_BY_ADMIN"}


def test_a19_a_push_names_the_request_to_send(still: Simulator) -> None:
    made = call_back(still, "VOICE-WAIT-USERORIG").json["_id"]
    still.clock.advance(10)
    [push] = still.take_pushes()
    assert (list(push), push["_id"]) == (["_id", "_action"], made)
    followed = post(still, f"{push['_id']}/{push['_action']}")
    assert (followed.status, followed.json["_action"]) == (200, "DisplayMenu")
