"""Values are judged by the type of their parameter, in a sentence, and never changed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.catalogue import (
    Choice,
    Parameter,
    ParameterType,
    Provenance,
    format_hint,
    read_time,
    value_problem,
    write_time,
)


def parameter(kind: str, **more: object) -> Parameter:
    data = {"name": "_x", "meaning": "X.", "provenance": Provenance.DOCUMENTED, "type": kind}
    return Parameter.model_validate(data | more)


HOLD = parameter("integer", least=5, most=1800, unit="s")
MEDIA = parameter("enum", choices=(Choice(value="voice"), Choice(value="chat")))


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (parameter("phone"), "6504669999"),
        (parameter("phone"), "+1 (650) 466-9999"),
        (parameter("phone"), "911"),
        (parameter("boolean"), "true"),
        (parameter("boolean"), "false"),
        (HOLD, "5"),
        (HOLD, "1800"),
        (parameter("integer"), "-3"),
        (MEDIA, "chat"),
        (parameter("time"), "2026-11-24T16:30:00.000Z"),
        (parameter("json"), '{"1": {"0900": 4}}'),
        (parameter("json"), "null"),
        (parameter("text"), ""),
        (parameter("text"), "\x00 anything \ud800"),
        (parameter("file"), ""),
    ],
)
def test_a_value_as_documented_gets_no_remark(one: Parameter, text: str) -> None:
    assert value_problem(one, text) == ""


@pytest.mark.parametrize(
    ("one", "text", "said"),
    [
        (parameter("phone"), "home", "+1 650 466 9999"),
        (parameter("phone"), "+ ()", "phone number"),
        (parameter("phone"), "650+466", "phone number"),
        (parameter("phone"), "\u0661\u0662\u0663", "phone number"),
        (parameter("phone"), "", "empty"),
        (parameter("boolean"), "True", "small letters"),
        (parameter("boolean"), "yes", "true or false"),
        (HOLD, "4", "5 to 1800 s"),
        (HOLD, "1801", "out of range"),
        (HOLD, "thirty", "a whole number, 5 to 1800 s"),
        (HOLD, "5.0", "whole number"),
        (HOLD, " 30", "whole number"),
        (HOLD, "9" * 5000, "whole number"),
        (parameter("integer", least=1, unit="days"), "0", "1 or more (days)"),
        (parameter("integer", most=9), "10", "9 or less"),
        (parameter("integer"), "x", "a whole number."),
        (MEDIA, "Voice", "Did you mean voice?"),
        (MEDIA, "fax", "voice or chat"),
        (parameter("time"), "tomorrow", "2026-11-24T16:30:00.000Z"),
        (parameter("time"), "2026-11-24T16:30:00", "zone"),
        (parameter("time"), "2026-11-24T17:30:00+01:00", "2026-11-24T16:30:00.000Z"),
        (parameter("time"), "2026-11-24T16:30:00Z", "2026-11-24T16:30:00.000Z"),
        (parameter("time"), "2026-02-30T16:30:00.000Z", "no time"),
        (parameter("time"), "0001-01-01T00:00:00.000+23:00", "no time"),
        (parameter("json"), "{", "line 1, column 2"),
        (parameter("json"), "NaN", "not JSON"),
        (parameter("json"), "[" * 100_000, "deep"),
        (parameter("json"), "9" * 5000, "not JSON"),
    ],
)
def test_a_value_that_is_unusual_gets_a_sentence(one: Parameter, text: str, said: str) -> None:
    problem = value_problem(one, text)
    assert said in problem
    assert problem[0].isupper() or problem.startswith(text)
    assert problem[-1] in ".?"


def test_a_long_wrong_number_is_judged_at_once() -> None:
    """A pasted text must not freeze the window: this would take hours if it were quadratic."""
    assert value_problem(parameter("phone"), "1" * 2_000_000 + "x")


@pytest.mark.parametrize(
    ("one", "hint"),
    [
        (parameter("phone"), "+1 650 466 9999"),
        (parameter("boolean"), "true or false"),
        (HOLD, "5 to 1800 s"),
        (parameter("integer", unit="s"), "a whole number (s)"),
        (parameter("integer"), "a whole number"),
        (MEDIA, "voice or chat"),
        (parameter("time"), "2026-11-24T16:30:00.000Z"),
        (parameter("text"), ""),
    ],
)
def test_the_hint_shows_what_a_value_looks_like(one: Parameter, hint: str) -> None:
    assert format_hint(one) == hint


@pytest.mark.parametrize("kind", ["phone", "boolean", "time", "json"])
def test_what_the_hint_shows_fits_itself(kind: str) -> None:
    one = parameter(kind)
    for example in format_hint(one).split(" or "):
        assert value_problem(one, example) == ""


def test_a_time_is_read_with_its_zone_and_written_in_utc() -> None:
    paris = datetime(2026, 11, 24, 17, 30, tzinfo=timezone(timedelta(hours=1)))
    assert write_time(paris) == "2026-11-24T16:30:00.000Z"
    assert read_time("2026-11-24T16:30:00.250Z") == datetime(
        2026, 11, 24, 16, 30, 0, 250_000, tzinfo=UTC
    )
    assert read_time("2026-11-24T17:30:00+01:00") == paris
    assert read_time("2026-11-24") is None
    assert read_time("") is None
    with pytest.raises(ValueError, match="zone"):
        write_time(datetime(2026, 11, 24))


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_back_to_the_millisecond(time: datetime) -> None:
    text = write_time(time)
    exact = time.replace(microsecond=time.microsecond // 1000 * 1000)
    assert read_time(text) == exact
    assert value_problem(parameter("time"), text) == ""


@given(st.text(), st.sampled_from([one for one in ParameterType if one != "enum"]))
def test_no_text_at_all_breaks_the_judgement(text: str, kind: ParameterType) -> None:
    assert isinstance(value_problem(parameter(kind), text), str)
    read_time(text)
