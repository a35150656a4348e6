"""Times that GMS offers are read from each shape of availability, and kept as they were sent."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.answer import Answer, Slot, read_answer
from gms_console.model.slot import read_availability, read_slots
from tests.engine.helpers import exchange_with

AT_NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(data: object, status: int = 200) -> Answer:
    """Read a JSON answer."""
    return read_answer(exchange_with(json.dumps(data).encode(), status=status))


def test_the_availability_of_a_refusal() -> None:
    data = {
        "exception": "com.genesyslab.gsg...CallbackExceptionAvailability",
        "message": "closed",
        "code": 400,
        "phrase": "Bad Request",
        "availability": {
            "2026-03-02T09:00:00.000Z": 3,
            "2026-03-02T09:30:00.000Z": "1",
            "2026-03-02T10:00:00.000Z": None,
        },
    }
    answer = read(data, 400)
    problem = answer.problem
    assert problem is not None
    assert problem.slots == answer.slots
    assert (problem.said, problem.code, problem.phrase) == ("closed", "400", "Bad Request")
    assert [(slot.time, slot.free) for slot in answer.slots] == [
        ("2026-03-02T09:00:00.000Z", 3),
        ("2026-03-02T09:30:00.000Z", 1),
        ("2026-03-02T10:00:00.000Z", None),
    ]
    assert answer.slots[0].at == AT_NINE


def test_availability_v1_is_a_map_of_times_alone() -> None:
    assert read({"2026-03-02T09:00:00.000Z": 3}).slots == (
        Slot("2026-03-02T09:00:00.000Z", 3, AT_NINE),
    )
    assert read({"2026-03-02T09:00:00.000Z": "0"}).slots[0].free == 0
    for other in (
        {"2026-03-02T09:00:00.000Z": 3, "_id": "a1"},
        {"2026-03-02T09:00:00.000Z": "open"},
        {"2026-03-02T09:00:00.000Z": {"x": 1}},
        {"20260302": 3},
        {},
    ):
        assert read(other).slots == ()


def test_availability_v2_lists_them() -> None:
    slots = [
        {"utcTime": "2026-03-02T09:00:00.000Z", "localTime": "x", "capacity": 2, "total": 5},
        {"localTime": "2026-03-02T09:00", "capacity": "4"},
        {"utcTime": None},
        "x",
        None,
    ]
    answer = read({"durationMin": 30, "timezone": "UTC", "slots": slots})
    assert answer.slots == (
        Slot("2026-03-02T09:00:00.000Z", 2, AT_NINE),
        Slot("2026-03-02T09:00", 4, AT_NINE),
    )


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-03-02T09:00:00Z", AT_NINE),
        ("2026-03-02T09:00:00", AT_NINE),
        ("2026-03-02T09:00:00.000+0000", AT_NINE),
        ("2026-03-02T10:00:00+01:00", AT_NINE.astimezone(timezone(timedelta(hours=1)))),
        ("2026-13-02T09:00:00Z", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_time_is_kept_as_sent_and_read_where_it_can_be(time: str, at: datetime | None) -> None:
    (slot,) = read_availability({time: 1})
    assert (slot.time, slot.at) == (time, at)
    assert slot.at is None or slot.at.tzinfo is not None


@pytest.mark.parametrize(
    ("free", "count"),
    [
        *((0, 0), (3, 3), ("3", 3), (" 3 ", 3), (3.0, 3), (None, None), (True, None)),
        *(("many", None), ("", None), ([3], None), (float("inf"), None), ("9" * 5000, None)),
    ],
)
def test_counts_come_as_numbers_or_texts(free: object, count: int | None) -> None:
    assert read_availability({"t": free})[0].free == count


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["availability", "slots", "utcTime", "capacity", "2026-03-02T09:00Z"]),
            inner,
        )
    ),
)


@given(_values)
def test_reading_slots_never_raises(data: object) -> None:
    assert isinstance(read_slots(data), tuple)
