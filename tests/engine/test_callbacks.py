"""Callbacks: their records in every shape that was seen, and the requests about them."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gms_console.body_files import BodyFiles
from gms_console.callbacks.asking import (
    prepare_availability,
    prepare_phone_check,
    prepare_watermarks,
    slots_by_day,
)
from gms_console.callbacks.changing import (
    prepare_bulk_cancel,
    prepare_cancel,
    prepare_cancelled_report,
    prepare_reschedule,
)
from gms_console.callbacks.query import (
    CallbackQuery,
    prepare_find,
    prepare_queues,
    prepare_record,
)
from gms_console.callbacks.reading import (
    UnreadableListError,
    Watermarks,
    is_in_file,
    read_callbacks,
    read_facts,
    read_watermarks,
    was_refused,
    whole_data,
)
from gms_console.callbacks.record import further_keys, moment_of, read_record
from gms_console.callbacks.table import csv_of, masked_csv, tabbed
from gms_console.evidence.redaction import Redactor
from gms_console.guard import GuardError, check
from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.slot import Slot
from gms_console.session import Session
from gms_console.wire.request import PreparedRequest
from tests.engine.helpers import environment, open_session
from tests.support.wire_server import WireServer, json_answer

HERE = Environment.parse("http://gms.example:8080")
SERVICE = "/genesys/1/service/callback"
ADMIN = "/genesys/1/admin/callback"
START = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
RECORD = {
    "_id": "a1",
    "_desired_time": "2026-03-02T09:00:00.000Z",
    "_service_name": "callme",
    "_callback_state": "QUEUED",
    "_expiration_time": 1772442000,
    "_customer_number": "+19005551234",
    "url": "http://gms.example/1",
    "_vq": None,
    "cases": [1, {"two": 2}],
}


def test_a_record_keeps_every_key_and_is_read_by_old_names_too() -> None:
    record = read_record(RECORD)
    assert (record.id, record.service, record.state) == ("a1", "callme", "QUEUED")
    assert record.desired_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert record.customer == "+19005551234"
    assert [key for key, _ in record.fields] == list(RECORD)
    assert dict(record.fields)["_expiration_time"] == "1772442000"
    assert (record.further("_vq"), record.further("cases")) == ("", '[1, {"two": 2}]')
    assert json.loads(record.as_json()) == RECORD
    assert record.title == "a1 · callme · QUEUED · +19005551234"
    old = read_record(
        {"id": 7, "desiredTime": "1772442000000", "_callbackState": "COMPLETED"}, "sales"
    )
    assert (old.id, old.service, old.state, old.over) == ("7", "sales", "COMPLETED", True)
    assert old.desired_at == record.desired_at
    assert further_keys([record, old]) == ("_expiration_time", "url", "_vq", "cases")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02T09:00:00", START.replace(microsecond=0)),
        ("2026-03-02T10:00:00.250+01:00", START),
        ("1772442000", START.replace(microsecond=0)),
        ("1772442000250", START),
        ("soon", None),
        ("", None),
        ("1e400", None),
        ("99999999999999999999", None),
    ],
)
def test_times_of_records(text: str, at: datetime | None) -> None:
    assert moment_of(text) == at


def test_the_shapes_of_a_list() -> None:
    array = read_callbacks([RECORD, "odd", {"_id": "a2"}], "sales")
    assert [(one.id, one.service) for one in array.records] == [("a1", "callme"), ("a2", "sales")]
    assert array.left_out == 1
    queues = read_callbacks({"callme": [RECORD], "sales": [{"_id": "b1"}], "none": []})
    assert [(one.id, one.service) for one in queues.records] == [("a1", "callme"), ("b1", "sales")]
    assert read_callbacks(RECORD).records == (read_record(RECORD),)
    assert read_callbacks([]).records == read_callbacks({}).records == ()
    for odd in (None, "text", 7, {"status": "ok"}):
        with pytest.raises(UnreadableListError, match="A list of callbacks was expected"):
            read_callbacks(odd)


def test_counters_and_facts() -> None:
    counts = read_watermarks({"services": {"callme": 1, "sales": "0"}, "total": 1})
    assert counts == Watermarks((("callme", "1"), ("sales", "0")), "1")
    assert read_watermarks({"total": 1}) is read_watermarks([]) is None
    assert read_facts({"country-code": 33, "is-premium": False, "extension": ""}) == (
        ("country-code", "33"),
        ("is-premium", "false"),
        ("extension", ""),
    )
    assert read_facts([1]) == ()


def test_what_is_looked_for() -> None:
    record = read_record(RECORD)
    fits = CallbackQuery(service="callback/callme", customer="900 555", unfinished=True)
    assert fits.fitting([record, replace(record, state="COMPLETED")]) == (record,)
    for other in (
        CallbackQuery(service="sales"),
        CallbackQuery(states=("PAUSED", "ROUTING")),
        CallbackQuery(customer="+4989"),
        CallbackQuery(start=START),
        CallbackQuery(end=START - timedelta(days=1)),
    ):
        assert not other.fits(record)
    # A time that cannot be read hides no callback.
    assert CallbackQuery(start=START).fits(replace(record, desired="soon", desired_at=None))


_A1 = read_record(RECORD)
_FILTER = (("_vq", "!SIP VQ"),)
REQUESTS: dict[str, tuple[Callable[[Environment], PreparedRequest], str, str, str]] = {
    "find unfinished": (
        lambda e: prepare_find(e, CallbackQuery(unfinished=True, customer="+1 9")),
        "GET",
        f"{SERVICE}?_customer_number=%2B1+9&_callback_state=%21COMPLETED",
        "",
    ),
    "find of one service": (
        lambda e: prepare_find(
            e, CallbackQuery(service="callme", states=("QUEUED",), operand="AND")
        ),
        "GET",
        f"{SERVICE}/callme?operand=AND&_callback_state=QUEUED",
        "",
    ),
    "find one of several states": (
        lambda e: prepare_find(e, CallbackQuery(service="callme", states=("QUEUED", "PAUSED"))),
        "GET",
        f"{SERVICE}/callme?operand=OR&_callback_state=QUEUED&_callback_state=PAUSED",
        "",
    ),
    "find several states by hand": (
        lambda e: prepare_find(e, CallbackQuery(states=("QUEUED", "PAUSED"), properties=_FILTER)),
        "GET",
        f"{SERVICE}?_vq=%21SIP+VQ",
        "",
    ),
    "record": (lambda e: prepare_record(e, "a 1"), "GET", f"{SERVICE}?_id=a+1", ""),
    "queues": (
        lambda e: prepare_queues(
            e,
            CallbackQuery(
                service="callback/callme",
                unfinished=True,
                start=START,
                end=START + timedelta(days=1),
                most=20,
                properties=_FILTER,
            ),
        ),
        "GET",
        f"{ADMIN}/queues?target=callme&start_time=2026-03-02T09%3A00%3A00.250Z"
        "&end_time=2026-03-03T09%3A00%3A00.250Z"
        "&states=SCHEDULED%2CQUEUED%2CPAUSED%2CROUTING%2CPROCESSING&max=20&_vq=%21SIP+VQ",
        "",
    ),
    "cancel": (lambda e: prepare_cancel(e, _A1), "DELETE", f"{SERVICE}/callme/a1", ""),
    "cancel in spite of ORS": (
        lambda e: prepare_cancel(e, _A1, discard_ors_failure=True),
        "DELETE",
        f"{SERVICE}/callme/a1?discard_ors_failure=true",
        "",
    ),
    "reschedule": (
        lambda e: prepare_reschedule(e, _A1, "2026-03-02T10:00:00.000Z"),
        "PUT",
        f"{SERVICE}/callme/a1",
        '{"_new_desired_time": "2026-03-02T10:00:00.000Z"}',
    ),
    "bulk cancel": (
        lambda e: prepare_bulk_cancel(e, ["a1", "a2"]),
        "POST",
        f"{ADMIN}/cancel",
        '{"reason": "CANCELLED_BY_ADMIN", "ids": ["a1", "a2"]}',
    ),
    "report": (
        lambda e: prepare_cancelled_report(e, "CANCELLED_BY_ADMIN", ["_id", "_vq"]),
        "POST",
        f"{ADMIN}/reportcancelled",
        '{"callback_reason": "CANCELLED_BY_ADMIN", "exported_properties": ["_id", "_vq"]}',
    ),
    "availability": (
        lambda e: prepare_availability(e, "callme", START, START + timedelta(hours=1)),
        "GET",
        "/genesys/2/service/callback/callme/availability"
        "?start=2026-03-02T09%3A00%3A00.250Z&end=2026-03-02T10%3A00%3A00.250Z",
        "",
    ),
    "availability 1": (
        lambda e: prepare_availability(e, "callback/callme", START, START, 1),
        "GET",
        f"{SERVICE}/callme/availability"
        "?start=2026-03-02T09%3A00%3A00.250Z&end=2026-03-02T09%3A00%3A00.250Z",
        "",
    ),
    "counters": (
        lambda e: prepare_watermarks(e, ["callme", "callback/sales"]),
        "GET",
        f"{ADMIN}/watermarks?service_name=callme&service_name=sales",
        "",
    ),
    "phone check": (
        lambda e: prepare_phone_check(e, "0604120405", "FR", "DE"),
        "GET",
        "/genesys/1/phonenumber?number=0604120405&country=FR&geocodingLocale=DE",
        "",
    ),
}


def test_the_requests_as_they_go_out_and_which_of_them_a_read_only_place_lets_out() -> None:
    read_only = replace(HERE, guard=GuardLevel.READ_ONLY)
    for name, (prepare, method, target, body) in REQUESTS.items():
        prepared = prepare(HERE)
        assert (prepared.method, prepared.target) == (method, target), name
        assert prepared.body.preview() == body, name
        if method == "GET":
            check(read_only, prepare(read_only))
        else:
            with pytest.raises(GuardError):
                check(read_only, prepare(read_only))


def test_a_record_without_a_service_cannot_be_changed() -> None:
    with pytest.raises(PathSegmentError, match="does not name its service"):
        prepare_cancel(HERE, read_record({"_id": "a1"}))


async def test_a_refused_way_and_a_list_that_is_in_a_file(wire: WireServer) -> None:
    many = {"callme": [{**RECORD, "_id": f"a{n}", "text": "x" * 1000} for n in range(6000)]}
    wire.script(json_answer({"message": "no"}, 404), json_answer(many))
    place = environment(wire)
    async with open_session() as session:
        _, answer = await session.ask(place, prepare_queues(place, CallbackQuery()))
        assert was_refused(answer)
    session = Session(lambda *_: None, files=BodyFiles())
    try:
        exchange, answer = await session.ask(place, prepare_queues(place, CallbackQuery()))
        assert not was_refused(answer)
        assert is_in_file(exchange)
        found = read_callbacks(whole_data(exchange)).records
        assert [found[0].id, found[-1].id, len(found)] == ["a0", "a5999", 6000]
    finally:
        await session.close()


def test_slots_stand_by_day() -> None:
    late, early, odd = (
        Slot("late", 1, START + timedelta(days=2)),
        Slot("early", 0, START),
        Slot("odd"),
    )
    days = slots_by_day([late, odd, early])
    assert [slots for _, slots in days] == [(early,), (late,), (odd,)]
    assert days[-1][0] is None


def test_tables() -> None:
    records = [
        read_record(RECORD),
        read_record(
            {"_id": "=1+1", "_service_name": "-2+3", "_customer_number": "+1 900-555-1234"}
        ),
    ]
    plain = list(csv.DictReader(io.StringIO(csv_of(records))))
    assert [line["_customer_number"] for line in plain] == ["+19005551234", "+1 900-555-1234"]
    # What a program for tables would carry out is text.
    assert (plain[1]["_id"], plain[1]["_service_name"]) == ("'=1+1", "'-2+3")
    assert plain[0]["cases"] == '[1, {"two": 2}]'
    mask = Redactor().value
    masked = list(csv.DictReader(io.StringIO(csv_of(records, mask))))
    assert [line["_customer_number"] for line in masked] == ["[phone-1]", "[phone-1]"]
    assert masked[0]["_id"] == "a1"
    report = masked_csv("_id,_customer_number\r\na1,+19005551234\r\na2,x,more\r\n", mask)
    assert report.splitlines()[1] == "a1,[phone-1]"
    assert masked_csv("", mask) == ""
    assert tabbed(records).split("\n")[1].startswith("a1\tcallme\tQUEUED\t2026-03-02T09:00:00")
