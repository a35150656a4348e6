"""Variables `{{name}}`: what is put in, what stays, and what stops before anything is sent."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.model.stop_rule import StopRule
from gms_console.variables import (
    DEEPEST,
    Captures,
    Moment,
    Scope,
    UnknownVariableError,
    VariableCycleError,
    VariableError,
    escape,
    expand,
    expand_form,
    expand_rule,
    names_in,
    scope_of,
)
from gms_console.wire.refusal import FormRefusedError

NOON = datetime(2026, 2, 28, 12, 0, 0, 250_000, tzinfo=UTC)
QA = Scope({"number": "6504669999", "site": "Daly City"}, moment=Moment(NOON), title="qa")
LOOSE = st.text(alphabet=st.sampled_from("{}$ab \n\\g1") | st.characters())


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("{{number}}", "6504669999"),
        ("{{ number }}", "6504669999"),
        ("+1 {{number}} ({{site}})", "+1 6504669999 (Daly City)"),
        ('{"n":{"of":{{number}}}}', '{"n":{"of":6504669999}}'),
        ("{{{number}}}", "{6504669999}"),
        ("{{{{number}}", "{{number}}"),
        ("{{{{{{number}}}}", "{{6504669999}}"),
        ("{{number", "{{number"),
        ("{{number}", "{{number}"),
        ("{{ or {{number}}", "{{ or 6504669999"),
        ("{{num\nber}}", "{{num\nber}}"),
        ("number}}", "number}}"),
        ("$number ${number} \\1 $$", "$number ${number} \\1 $$"),
        ("", ""),
    ],
)
def test_only_names_in_double_braces_count(text: str, expanded: str) -> None:
    assert expand(text, QA) == expanded


def test_the_first_layer_that_has_a_name_wins() -> None:
    captures, given_, row, flow = {"a": "1"}, {"a": "2", "b": "2"}, {"c": "3"}, {"c": "4", "d": "4"}
    scope = Scope(captures, given_, row, flow, {"d": "5", "e": "5"})
    assert expand("{{a}}{{b}}{{c}}{{d}}{{e}}", scope) == "12345"
    assert scope.names == ("a", "b", "c", "d", "e")


def test_a_value_may_hold_other_variables() -> None:
    scope = Scope({"url": "{{host}}/x?{{q}}"}, {"host": "h{{port}}", "port": ":1", "q": "a={{{{b"})
    assert expand("{{url}} {{port}}", scope) == "h:1/x?a={{b :1"


def test_what_an_answer_said_is_put_in_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GMS_CANARY", "s3cret")
    scope = Scope(Captures(text="{{$env:GMS_CANARY}} {{{{"), {"outer": "<{{text}}>"})
    assert expand("{{outer}}", scope) == "<{{$env:GMS_CANARY}} {{{{>"


# --- built in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("{{$now}}", "2026-02-28T12:00:00.250Z"),
        ("{{$now+15m}}", "2026-02-28T12:15:00.250Z"),
        ("{{ $now - 250ms }}", "2026-02-28T12:00:00.000Z"),
        ("{{$now+1d}}", "2026-03-01T12:00:00.250Z"),
        ("{{$now-1.5h}}", "2026-02-28T10:30:00.250Z"),
        ("{{$now+30s}}", "2026-02-28T12:00:30.250Z"),
        ("{{$counter}}", "1"),
    ],
)
def test_times_and_counts(text: str, expanded: str) -> None:
    assert expand(text, QA) == expanded


def test_a_moment_is_one_for_the_whole_request_and_another_for_the_next() -> None:
    first = Moment(NOON)
    scope = Scope(moment=first)
    uuid, again = expand("{{$uuid}} {{$uuid}}", scope).split(" ")
    assert uuid == again
    assert UUID(uuid).version == 4
    assert expand("{{$uuid}}", Scope(moment=first.at(datetime.now(UTC)))) == uuid
    following = Scope(moment=first.following())
    assert expand("{{$counter}}", following) == "2"
    assert expand("{{$uuid}}", following) != uuid
    age = datetime.now(UTC) - datetime.fromisoformat(expand("{{$now}}", following))
    assert 0 <= age.total_seconds() < 5


def test_a_variable_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GMS_WHO", "{{number}} $HOME")
    assert expand("{{$env:GMS_WHO}}", QA) == "{{number}} $HOME"
    monkeypatch.delenv("GMS_WHO")
    with pytest.raises(UnknownVariableError, match=r"\{\{\$env:GMS_WHO\}\}: GMS_WHO is not set"):
        expand("{{$env:GMS_WHO}}", QA)


# --- what is wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "message"),
    [
        ("{{phone}}", ("phone",), "{{phone}} is not a variable of qa; it has: number, site"),
        (
            "{{a}} {{site}} {{ b }} {{a}}",
            ("a", "b"),
            "{{a}} and {{b}} are not variables of qa; it has: number, site",
        ),
        (
            "{{Number}}",
            ("Number",),
            "{{Number}} is not a variable of qa (did you mean number?); it has: number, site",
        ),
        ("{{}}", ("",), "{{}} names no variable"),
        (
            "{{$guid}}",
            ("$guid",),
            "{{$guid}} is not built in; there are: $uuid, $now, $counter, $env:NAME",
        ),
        (
            "{{$now+15}}",
            ("$now+15",),
            "{{$now+15}} is not built in; there are: $uuid, $now, $counter, $env:NAME",
        ),
        ("{{$env:}}", ("$env:",), "{{$env:}}: the name is not set here"),
    ],
)
def test_unknown_names_are_all_named(text: str, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(UnknownVariableError) as refused:
        expand(text, QA)
    assert (refused.value.names, str(refused.value)) == (names, message)


def test_an_unknown_name_within_a_value_is_told_with_where_it_stands() -> None:
    with pytest.raises(UnknownVariableError) as refused:
        expand("{{outer}}", Scope({"outer": "{{inner}}"}, title="qa"))
    assert str(refused.value) == ("{{inner}} (in {{outer}}) is not a variable of qa; it has: outer")


def test_a_base_url_that_was_typed_has_no_variables() -> None:
    with pytest.raises(UnknownVariableError) as refused:
        expand("{{phone}}", scope_of(Environment.parse("http://localhost:8080")))
    assert str(refused.value) == (
        "{{phone}} is not a variable of http://localhost:8080/genesys; it has none"
    )


def test_a_cycle_names_its_way() -> None:
    scope = Scope({"start": "{{a}}", "a": "{{b}}", "b": "x{{ c }}", "c": "{{a}}"})
    with pytest.raises(VariableCycleError) as refused:
        expand("{{start}}", scope)
    assert refused.value.names == ("a", "b", "c", "a")
    assert str(refused.value) == ("{{a}} holds itself: {{a}} holds {{b}} holds {{c}} holds {{a}}")


def test_values_that_grow_without_end_are_refused() -> None:
    laughs = {f"a{n}": f"{{{{a{n + 1}}}}}" * 10 for n in range(40)} | {"a40": "ha" * 100}
    with pytest.raises(VariableError, match="more than 10,000,000 characters"):
        expand("{{a0}}", Scope(laughs))


def test_values_that_hold_others_without_end_are_refused() -> None:
    chain = {f"a{n}": f"{{{{a{n + 1}}}}}" for n in range(1000)} | {"a1000": "end"}
    with pytest.raises(VariableError, match=f"^{{{{a0}}}} holds variables more than {DEEPEST}"):
        expand("{{a0}}", Scope(chain))
    assert expand(f"{{{{a{1000 - DEEPEST}}}}}", Scope(chain)) == "end"


@pytest.mark.parametrize("offset", ["+999999999d", "-999999999d", "+99999999.5h"])
def test_a_time_beyond_the_calendar_is_refused(offset: str) -> None:
    with pytest.raises(VariableError, match="beyond the calendar"):
        expand(f"{{{{$now{offset}}}}}", QA)


# --- any text ------------------------------------------------------------------------------


@given(LOOSE.filter(lambda text: "{{" not in text))
def test_text_without_braces_comes_back_identical(text: str) -> None:
    assert expand(text, QA) == text
    assert names_in(text) == ()


@given(LOOSE)
def test_an_escaped_text_comes_back_identical(text: str) -> None:
    assert expand(escape(text), QA) == text
    assert names_in(escape(text)) == ()


@given(LOOSE)
def test_any_text_is_expanded_whatever_its_names_are(text: str) -> None:
    names = [name for name in names_in(text) if not name.startswith("$")]
    for layer in ({}, dict.fromkeys(names, "x")):
        unknown = _unknown(text, Scope(layer))
        assert [name for name in unknown if not name.startswith("$")] == names * (not layer)


def _unknown(text: str, scope: Scope) -> tuple[str, ...]:
    try:
        expand(text, scope)
    except UnknownVariableError as refused:
        return refused.names
    return ()


def test_names_for_marking() -> None:
    assert names_in("{{b}} {{ a }} {{{{c}} {{$now+1m}} {{b}} {{d") == ("b", "a", "$now+1m")


# --- forms and rules -----------------------------------------------------------------------


@given(st.lists(st.tuples(LOOSE, LOOSE), max_size=4))
def test_an_escaped_form_comes_back_identical(pairs: list[tuple[str, str]]) -> None:
    escaped = Form.of(*((escape(key), escape(value)) for key, value in pairs))
    assert expand_form(escaped, QA) == Form.of(*pairs)


def test_every_text_of_a_row_is_expanded() -> None:
    scope = Scope({"n": "1", "dir": "/tmp/in", "type": "image/png"})
    form = Form(
        (
            Row(key="k{{n}}", value="v{{n}}", note="{{n}}"),
            Row(
                key="f",
                file=Path("{{dir}}/a{{n}}.png"),
                content_type="{{type}}",
                filename="{{n}}.png",
            ),
            Row(key="{{gone}}", value="{{gone}}", enabled=False),
            Row(key="f2", file=Path("{{dir}}/b.png"), value="{{gone}}"),
        )
    )
    assert expand_form(form, scope).rows == (
        Row(key="k1", value="v1", note="{{n}}"),
        Row(key="f", file=Path("/tmp/in/a1.png"), content_type="image/png", filename="1.png"),
        form.rows[2],
        Row(key="f2", file=Path("/tmp/in/b.png"), value="{{gone}}"),
    )


def test_each_row_that_cannot_be_expanded_is_told() -> None:
    form = Form.of(("a", "{{phone}}"), ("b", "{{site}}"), ("{{x}}", "{{phone}}{{$guid}}"))
    with pytest.raises(FormRefusedError) as refused:
        expand_form(form, QA)
    assert [problem.index for problem in refused.value.problems] == [0, 2]
    assert str(refused.value).splitlines()[0] == (
        "Row 1 (a): {{phone}} is not a variable of qa; it has: number, site"
    )
    assert re.search(r"\{\{x\}\} is not .*; \{\{phone\}\} is not", str(refused.value))


def test_the_values_of_a_stop_rule() -> None:
    rule = StopRule.parse("status={{state}},{{{{x")
    assert expand_rule(rule, Scope({"state": "a,b"})).values == ("a,b", "{{x")
