"""Advice beside the rows: what a person who knows the documentation would remark."""

from pathlib import Path

import pytest

from gms_console.catalogue import (
    Advice,
    Parameter,
    ParameterType,
    Provenance,
    RequestKind,
    ServiceKind,
    advise,
    builtin_catalogue,
    describe,
)
from gms_console.model.form import Form, Row


def kind(name: str) -> ServiceKind:
    found = builtin_catalogue().kind(name)
    assert found is not None
    return found


def request_of(service: str, name: str) -> RequestKind:
    found = kind(service).request(name)
    assert found is not None
    return found


VOICE = "request-interaction"
PHONE = ("_phone_number", "6504669999")


def test_a_form_as_the_documentation_has_it_gets_no_advice() -> None:
    form = Form.of(PHONE, ("_provide_code", "true"), ("language", "french"))
    assert advise(kind(VOICE), form) == Advice()


def test_a_phone_number_without_its_underscore_is_user_data() -> None:
    advice = advise(kind(VOICE), Form.of(("phone_number", "6504669999")))
    assert advice.rows == {0: "Did you mean _phone_number? Without _ it is user data."}
    assert len(advice.form) == 1
    assert advice.form[0].startswith("_phone_number is missing. Mandatory according to")
    assert "GMS accepts a request without it" in advice.form[0]


def test_a_mandatory_row_that_is_off_is_told_of_the_form_and_not_of_the_row() -> None:
    form = Form((Row(key="_phone_number", value="", enabled=False),))
    advice = advise(kind(VOICE), form)
    assert advice.rows == {}
    assert "_phone_number is switched off" in advice.form[0]


def test_a_mandatory_row_that_is_empty_is_told_beside_the_row() -> None:
    advice = advise(kind(VOICE), Form.of(("_phone_number", "")))
    assert "Mandatory according to the documentation" in advice.rows[0]
    assert "accepts a request without it" in advice.rows[0]
    assert advice.form == ()


def test_enforcement_that_is_not_known_is_not_made_up() -> None:
    advice = advise(kind("request-access"), Form())
    assert advice.form == (
        "_id is missing. Mandatory according to the documentation.",
        "_resource_group is missing. Mandatory according to the documentation.",
    )


def test_a_value_out_of_range_is_told_beside_its_row_alone() -> None:
    form = Form.of(PHONE, ("_booking_expiration_timeout", "3600"))
    assert list(advise(kind(VOICE), form).rows) == [1]
    assert "5 to 1800 s" in advise(kind(VOICE), form).rows[1]


def test_an_unknown_service_parameter_is_sent_all_the_same() -> None:
    advice = advise(kind(VOICE), Form.of(PHONE, ("_languige", "fr"), ("languige", "fr")))
    assert advice.rows == {1: "_languige is not known for this kind; it is sent all the same."}


@pytest.mark.parametrize(
    ("service", "key", "meant"),
    [
        (VOICE, "_Phone_Number", "Did you mean _phone_number? Capital"),
        (VOICE, "Provide_Code", "Did you mean _provide_code? Without _"),
        ("office-hours", "_start", "Did you mean start? With _"),
        ("office-hours", "START", "Did you mean start? Capital"),
    ],
)
def test_a_key_that_is_nearly_a_parameter(service: str, key: str, meant: str) -> None:
    assert advise(kind(service), Form.of(PHONE, (key, "1"))).rows[1].startswith(meant)


def test_a_service_parameter_that_is_sent_twice_is_told_in_both_rows() -> None:
    form = Form.of(PHONE, ("tag", "a"), ("tag", "b"), PHONE)
    advice = advise(kind(VOICE), form)
    assert sorted(advice.rows) == [0, 3], "user data may repeat"
    assert "sent twice" in advice.rows[0]
    off = form.changed(3, Row(key="_phone_number", value="1", enabled=False))
    assert advise(kind(VOICE), off).rows == {}


def test_without_a_kind_only_a_repetition_can_be_told() -> None:
    form = Form.of(("_a", "1"), ("_a", "2"), ("_a", "3"), ("b", ""))
    advice = advise(None, form)
    assert sorted(advice.rows) == [0, 1, 2]
    assert "3 times" in advice.rows[2]
    assert advise(None, Form.of(("_b", ""), ("phone_number", "x"))) == Advice()


def test_a_kind_that_knows_no_parameters_finds_none_odd() -> None:
    assert advise(kind("custom"), Form.of(("_anything", "1"))) == Advice()


def test_a_request_is_judged_by_its_own_parameters() -> None:
    callback = kind("callback")
    form = Form.of(("_new_desired_time", "tomorrow"))
    advice = advise(callback, form, request_of("callback", "reschedule callback"))
    assert "no time" in advice.rows[0]
    assert advice.form == (), "the customer's number belongs to the create"
    record = advise(callback, Form(), request_of("callback", "callback record"))
    assert record.form == ("_id is missing. Mandatory according to the documentation.",)
    assert advise(callback, Form(), request_of("callback", "update")) == Advice()


def test_files_and_values_are_not_mixed_up() -> None:
    file_row = Row(key="_phone_number", file=Path("picture.png"))
    assert advise(kind(VOICE), Form((file_row,))).rows == {
        0: "_phone_number takes a value, not a file."
    }
    picture = Parameter(
        name="picture",
        meaning="P.",
        type=ParameterType.FILE,
        mandatory=True,
        provenance=Provenance.SEEN,
    )
    own = ServiceKind(name="x", meaning="X.", provenance=Provenance.SEEN, parameters=(picture,))
    assert advise(own, Form((Row(key="picture", file=Path("a.png")),))) == Advice()
    assert advise(own, Form.of(("picture", "text"))).rows == {0: "picture takes a file."}


def test_advice_changes_nothing_in_the_form() -> None:
    form = Form.of(("phone_number", "x"), ("_nothing", ""))
    before = tuple(form)
    advise(kind(VOICE), form)
    assert tuple(form) == before


def test_a_tooltip_says_all_that_is_known() -> None:
    code = kind(VOICE).parameter("_provide_code")
    hold = kind(VOICE).parameter("_booking_expiration_timeout")
    direction = kind("callback").parameter("_call_direction")
    wish = kind("callback").parameter("_desired_time")
    assert code is not None
    assert hold is not None
    assert direction is not None
    assert wish is not None
    assert describe(code).splitlines() == [
        "Also give an access code.",
        "Boolean: true or false.",
        "Default: false.",
        "Optional.",
        "Documented by Genesys.",
        "A value configured for the service in GMS may win over this one.",
    ]
    assert "Whole number: 5 to 1800 s.\nDefault: 30 s." in describe(hold)
    assert "USERORIGINATED: The customer calls in" in describe(direction)
    assert "Time, such as 2026-11-24T16:30:00.000Z." in describe(wish)
    assert "may win" not in describe(wish)
    phone = kind(VOICE).parameter("_phone_number")
    assert phone is not None
    assert "Mandatory according to the documentation; GMS accepts" in describe(phone)
    seen = kind("callback").parameter("_redirect")
    guess = kind("callback").parameter("_ors")
    assert seen is not None
    assert guess is not None
    assert "Seen in the field" in describe(seen)
    assert "Unverified" in describe(guess)


def test_every_parameter_that_comes_along_can_be_described() -> None:
    for one in builtin_catalogue():
        for parameter in one.parameters:
            lines = describe(parameter).splitlines()
            assert len(lines) >= 4
            assert all(line and line[-1] in ".!" for line in lines), lines
