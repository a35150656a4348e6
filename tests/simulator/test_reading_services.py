from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from gms_console.simulator import Effect, Fault, FaultPlan, Simulator
from tests.simulator.configured import configured
from tests.simulator.wire import SERVICE, call, create, get, post

PAGES = ["waitingforagent", "agentready", "connected", "completed", "cancelled"]
ILLEGAL = "java.lang.IllegalArgumentException"


def test_the_office_is_open_now_and_closed_at_night(still: Simulator) -> None:
    today = {"start": "2025-06-02T08:00:00.000Z", "end": "2025-06-02T20:00:00.000Z"}
    assert get(still, "office-hours").json == {"error": None, "periods": [today]}
    still.clock.advance(10 * 3600)
    assert get(still, "office-hours").json == {"error": None, "periods": []}


def test_open_periods_of_a_window_are_told(still: Simulator) -> None:
    days = get(still, "business-hours?start=2025-06-06T00:00:00Z&number-of-days=4").json
    assert [period["start"] for period in days["periods"]] == [
        "2025-06-06T09:00:00.000Z",
        "2025-06-09T09:00:00.000Z",
    ]
    window = "start=2025-06-07T00:00:00Z&end=2025-06-08T23:00:00Z"
    assert get(still, f"business-hours?{window}").json["periods"] == []


@pytest.mark.skipif(not available_timezones(), reason="this Python has no time zones")
def test_capacity_follows_the_office_hours_in_any_zone(still: Simulator) -> None:
    window = "start=2025-06-02T09:00:00&end=2025-06-02T11:00:00&timezone=Europe/Paris"
    assert get(still, f"capacity?{window}").json == {
        "error": None,
        "timezone": "Europe/Paris",
        "capacity": [
            {"start": "2025-06-02T09:00:00", "capacity": 0},
            {"start": "2025-06-02T10:00:00", "capacity": 120},
        ],
    }


def test_capacity_is_told_for_a_day_unless_asked_otherwise(still: Simulator) -> None:
    day = get(still, "capacity").json
    assert (len(day["capacity"]), day["timezone"]) == (24, "UTC")


@pytest.mark.parametrize(
    "path",
    [
        "office-hours?start=today",
        "office-hours?number-of-days=-1",
        "office-hours?number-of-days=9999",
        "capacity?timezone=Mars/Olympus",
        "capacity?timezone=../../etc/passwd",
        "capacity?end=soon",
        "capacity?end=2026-01-01",
        "get?_online_code=20",
        "get?_online_code=ok",
    ],
)
def test_a_reading_service_refuses_nonsense(still: Simulator, path: str) -> None:
    reply = get(still, path)
    assert (reply.status, reply.json["exception"]) == (400, ILLEGAL)


@pytest.mark.parametrize("name", ["office-hours", "business-hours", "capacity"])
def test_a_reading_service_is_not_created(simulator: Simulator, name: str) -> None:
    reply = post(simulator, name)
    assert (reply.status, reply.all("Allow")) == (405, ["GET"])
    assert get(simulator, name).all("Set-Cookie") == []


def test_health_is_one_of_two_codes(simulator: Simulator) -> None:
    online = get(simulator, "get")
    assert (online.status, online.body) == (200, b"ONLINE")
    codes = "get?_online_code=204&_offline_code=404"
    assert (get(simulator, codes).status, get(simulator, codes).body) == (204, b"")
    simulator.controls.online = False
    assert (get(simulator, "get").status, get(simulator, codes).status) == (503, 404)


@pytest.mark.parametrize("root", ["", "/genesys", "/GMS-web/gms"])
@pytest.mark.parametrize("name", PAGES)
def test_each_dialog_page_is_there(simulator: Simulator, root: str, name: str) -> None:
    reply = call(simulator, "GET", f"{root}/{name}.html")
    assert (reply.status, reply.all("Content-Type")) == (200, ["text/html;charset=utf-8"])
    assert b"<h1>" in reply.body
    assert b'<img src="/genesys/resources/never-loaded.png"' in reply.body


def test_every_state_names_a_page_that_is_there(still: Simulator) -> None:
    made = create(still, "request-inbound-poll")
    for seconds in (0, 4, 6, 20):
        still.clock.advance(seconds)
        page = get(still, f"{made}/status").json["dialog"]
        assert call(still, "GET", page).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/genesys/other.html", 404),
        ("GET", "/other/waitingforagent.html", 404),
        ("GET", "/genesys/resources/never-loaded.png", 404),
        ("GET", "/genesys/resources/never-loaded.js", 404),
        ("POST", "/genesys/waitingforagent.html", 405),
    ],
)
def test_nothing_else_is_there(simulator: Simulator, method: str, path: str, status: int) -> None:
    assert call(simulator, method, path).status == status


def test_faults_know_what_reads() -> None:
    faults = (
        Fault(service="capacity", request="read", then=Effect(status=502)),
        Fault(request="page", then=Effect(status=504)),
    )
    with Simulator(faults=FaultPlan(faults)) as simulator:
        assert get(simulator, "capacity").status == 502
        assert get(simulator, "office-hours").status == 200
        assert call(simulator, "GET", "/agentready.html").status == 504
        assert call(simulator, "POST", f"{SERVICE}/hello").status == 200


def test_a_clock_begins_at_a_date_with_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Simulator(start_time=datetime(2025, 6, 2, 10))
    simulator = Simulator()
    simulator.clock.advance(1e15)
    assert simulator.clock.utc().year > 2900


OFFICES = """\
service.night: {_service: office-hours, _timezone: Etc/GMT-2, _bh_regular1: Sat-Mon 19:00-07:00}
service.split:
  _service: office-hours
  _bh_regular1: Mon-Fri 08:00-12:00
  _bh_regular2: Mon-Fri 11:00-13:00
  _bh_regular3: Mon 15:00-24:00
  _bh_add1: 2025-06-08 10:00-14:00
  _bh_add2: 06-04 18:00-19:00
  _holiday1: 06-04
  _holiday2: 2024-06-03
service.broken: {_service: office-hours, _bh_regular1: always, _bh_regular2: Mon 09:00-10:00}
service.room: {_service: capacity, _timezone: Etc/GMT-2, _capacity_1: {"1200": 1, "1230": 3}}
"""


def periods(simulator: Simulator, path: str) -> list[str]:
    found = get(simulator, path).json["periods"]
    return [f"{each['start'][5:16]} to {each['end'][5:16]}" for each in found]


@pytest.mark.skipif(not available_timezones(), reason="this Python has no time zones")
def test_an_office_opens_as_its_options_say(tmp_path: Path) -> None:
    week = "start=2025-06-02T00:00:00Z&number-of-days=7"
    with configured(tmp_path, OFFICES) as simulator:
        assert periods(simulator, f"night?{week}") == [
            "06-01T17:00 to 06-02T05:00",
            "06-02T17:00 to 06-03T05:00",
            "06-07T17:00 to 06-08T05:00",
            "06-08T17:00 to 06-09T05:00",
        ]
        assert periods(simulator, f"split?{week}") == [
            "06-02T08:00 to 06-02T13:00",
            "06-02T15:00 to 06-03T00:00",
            "06-03T08:00 to 06-03T13:00",
            "06-04T18:00 to 06-04T19:00",
            "06-05T08:00 to 06-05T13:00",
            "06-06T08:00 to 06-06T13:00",
            "06-08T10:00 to 06-08T14:00",
        ]
        broken = get(simulator, f"broken?{week}").json
        assert broken["error"] == "_bh_regular1 [always] cannot be read"
        assert len(broken["periods"]) == 1
        # Told in the zone of the service unless asked otherwise.
        room = get(simulator, "room?start=2025-06-02T11:00:00&end=2025-06-02T14:00:00").json
        assert (room["timezone"], [each["capacity"] for each in room["capacity"]]) == (
            "Etc/GMT-2",
            [0, 24, 36],
        )
