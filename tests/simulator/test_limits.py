from pathlib import Path

from gms_console.simulator import Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import JSON, SERVICE, Reply, call, call_back, get, record

UNAVAILABLE = "com.genesyslab.gsg.services.callback.exceptions.CallbackExceptionServiceUnavailable"
LIMITS = """\
callback:
  max_queued_callbacks_per_service: 2
  _throttle_callbacks_per_service_1: 3
  _throttle_ttl_1: 300
  _throttle_callbacks_per_service_2: 4
  _throttle_ttl_2: 3600
  _throttle_request_parameters_limit: 2
  _enable_in_queue_checking: false
service.back: {_service: callback}
service.line: {_service: callback, max_queued_callbacks_per_service: 0}
service.free:
  _service: callback
  max_queued_callbacks_per_service: 0
  _throttle_callbacks_per_service_1: 0
  _throttle_callbacks_per_service_2: 0
  _throttle_request_parameters_limit: 0
service.older: {_service: callback, _throttle_customer_number_limit: 1}
service.header:
  _service: callback
  max_queued_callbacks_per_service: 0
  _throttle_request_parameters: gms_user
service.twice: {_service: callback, _enable_in_queue_checking: true}
service.once: {_service: callback, _enable_in_queue_checking: strict}
"""

ROOM = """\
service.hours: {_service: office-hours, _bh_regular1: Mon-Sun 08:00-20:00}
service.room:
  _service: capacity
  _timezone: Etc/GMT-2
  _capacity_1: {"1": {"1200": 2, "1500": 0, "1600": 1}}
  _capacity_add: {"2025-06-09": {"0000": 1}}
service.back: {_service: callback, _business_hours_service: hours, _capacity_service: room}
service.bucket: {_service: callback, _business_hours_service: hours}
service.always: {_service: callback, _capacity_service: room}
service.too-much: {_service: capacity, _capacity_1: {"0900": 11}, _max_capacity: 10}
"""


def number(last: int) -> str:
    return f"+1650466{last:04}"


def refused(reply: Reply) -> str:
    assert (reply.status, reply.json["exception"]) == (503, UNAVAILABLE)
    said = reply.json["message"]
    assert isinstance(said, str)
    return said


def test_a_full_queue_is_refused_in_the_known_words(tmp_path: Path) -> None:
    with configured(tmp_path, LIMITS) as simulator:
        later = {"_desired_time": "2025-06-02T15:00:00Z"}
        assert call_back(simulator, "back", _customer_number=number(1), **later).status == 200
        made = [
            call_back(simulator, "back", _customer_number=number(last)).json["_id"]
            for last in (2, 3)
        ]
        fourth = call_back(simulator, "back", _customer_number=number(4))
        assert refused(fourth) == "Limit of queued callbacks for back is reached."
        assert call(simulator, "DELETE", f"{SERVICE}/callback/back/{made[0]}").status == 200
        # What was refused has not been counted; now there have been three in 300 seconds.
        assert "3 in 300 seconds" in refused(call_back(simulator, "back", _customer_number="5115"))
        simulator.clock.advance(300)
        assert call_back(simulator, "back", _customer_number=number(4)).status == 200
        assert "4 in 3600 seconds" in refused(call_back(simulator, "back", _customer_number="5115"))
        simulator.clock.advance(3600)
        assert call_back(simulator, "back", _customer_number=number(5)).status == 200


def test_a_customer_is_counted_for_a_day(tmp_path: Path) -> None:
    with configured(tmp_path, LIMITS) as simulator:
        assert [call_back(simulator, "line").status for _ in range(2)] == [200, 200]
        said = refused(call_back(simulator, "line"))
        assert said == "Limit of requests for _customer_number [+16504669999] is reached: 2 a day."
        assert refused(call_back(simulator, "back")) == said
        assert {call_back(simulator, "free").status for _ in range(8)} == {200}
        assert call_back(simulator, "older", _customer_number=number(1)).status == 200
        assert "1 a day" in refused(call_back(simulator, "older", _customer_number=number(1)))
        target = f"{SERVICE}/callback/header"
        body = '{"_customer_number": "5115"}'
        user = {**JSON, "gms_user": "one"}
        sent = [call(simulator, "POST", target, body, user).status for _ in range(3)]
        assert sent == [200, 200, 503]
        assert call(simulator, "POST", target, body, {**user, "gms_user": "two"}).status == 200
        simulator.clock.advance(86400)
        assert call_back(simulator, "line").status == 200


def test_one_customer_waits_only_so_often(tmp_path: Path) -> None:
    with configured(tmp_path, LIMITS) as simulator:
        twice = [call_back(simulator, "twice", _customer_number="5115") for _ in range(2)]
        assert [reply.status for reply in twice] == [200, 200]
        third = call_back(simulator, "twice", _customer_number="5115")
        assert refused(third) == "Customer Number [5115] is already in the queue."
        call(simulator, "DELETE", f"{SERVICE}/callback/twice/{twice[0].json['_id']}")
        again = call_back(simulator, "once", _customer_number="6116")
        assert again.status == 200
        assert "already" in refused(call_back(simulator, "once", _customer_number="6116"))


def test_what_is_not_configured_has_the_limits_of_gms(tmp_path: Path) -> None:
    with configured(tmp_path, "service.back: {_service: callback}") as simulator:
        made = [call_back(simulator, "back").json["_id"] for _ in range(2)]
        assert "already in the queue" in refused(call_back(simulator, "back"))
        for _ in range(4):
            call(simulator, "DELETE", f"{SERVICE}/callback/back/{made.pop()}")
            made.append(call_back(simulator, "back").json["_id"])
        call(simulator, "DELETE", f"{SERVICE}/callback/back/{made.pop()}")
        assert "6 a day" in refused(call_back(simulator, "back"))


def test_a_demonstration_may_call_the_same_number_all_day(simulator: Simulator) -> None:
    assert {call_back(simulator).status for _ in range(8)} == {200}


def test_slots_hold_what_the_capacity_service_says(tmp_path: Path) -> None:
    numbers: list[str] = []
    with configured(tmp_path, ROOM) as simulator:

        def book(service: str, time: str, day: str = "02") -> Reply:
            numbers.append(number(len(numbers)))
            wish = {"_desired_time": f"2025-06-{day}T{time}:00Z", "_customer_number": numbers[-1]}
            return call_back(simulator, service, **wish)

        # Noon in the zone of the capacity is ten in UTC.
        assert [book("back", "10:02").status for _ in range(3)] == [200, 200, 400]
        offered = book("back", "10:04").json["availability"]
        assert list(offered.items())[:2] == [
            ("2025-06-02T10:05:00.000Z", 2),
            ("2025-06-02T10:10:00.000Z", 2),
        ]
        none = book("back", "13:00")
        assert (none.status, next(iter(none.json["availability"]))) == (
            400,
            "2025-06-02T14:00:00.000Z",
        )
        assert [book("back", "14:00").status for _ in range(2)] == [200, 400]
        assert [book("back", "09:00", "09").status for _ in range(2)] == [200, 400]
        # Without office hours the capacity counts alone.
        assert [book("always", "14:02").status for _ in range(2)] == [200, 400]
        assert next(iter(book("always", "14:03").json["availability"])) == (
            "2025-06-02T14:05:00.000Z"
        )
        window = "start=2025-06-02T10:00:00Z&end=2025-06-02T10:05:00Z"
        free = get(simulator, f"callback/bucket/availability?{window}").json
        assert free == {"2025-06-02T10:00:00.000Z": 100}
        made = book("bucket", "10:00").json["_id"]
        assert record(simulator, made)["_desired_time"] == "2025-06-02T10:00:00.000Z"
        assert get(simulator, f"callback/bucket/availability?{window}").json == {
            "2025-06-02T10:00:00.000Z": 99
        }
        too_much = get(simulator, "too-much")
        assert (too_much.status, "11" in too_much.json["message"]) == (400, True)
        assert too_much.json["exception"].endswith("capacity.CapacityException")
