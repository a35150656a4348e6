"""Rows as text become a create whose service a person names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gms_console.importing.importing import Source, import_text, recognised
from gms_console.importing.types import UnreadableImportError
from tests.engine.imports import collection, har, imported, rows_of

LINES = """\
_phone_number=650 4669999
language: french
# off: 1
url=http://host:8080/a=b
time: 12:30
empty:
FileKey=@./MyPic.png
var={{phone}}
"""


def test_a_row_a_line() -> None:
    found = imported(LINES, name="rows")
    (step,) = found.flow.steps
    assert (found.flow.name, step.name) == ("rows", "{{service}}")
    assert rows_of(step) == [
        ("_phone_number", "650 4669999"),
        ("language", "french"),
        ("off", "1"),
        ("url", "http://host:8080/a=b"),
        ("time", "12:30"),
        ("empty", ""),
        ("FileKey", "@MyPic.png"),
        ("var", "{{phone}}"),
    ]
    assert [row.enabled for row in step.form] == [True, True, False, *[True] * 5]
    assert "--var service=" in found.left_out[0]


def test_one_urlencoded_line_for_a_service_that_is_named() -> None:
    found = imported("a=1&a=2&c=%C3%BC+d\n", service="callback/callme")
    (step,) = found.flow.steps
    assert step.name == "callback/callme"
    assert rows_of(step) == [("a", "1"), ("a", "2"), ("c", "ü d")]
    assert found.left_out == ()


OTHER_CODE = {
    "await fetch('http://h/1/service/s', {body: 'a=1'})": "'await fetch'",
    'wget http://h/1/service/s --post-data "a=1"': "'wget'",
    'Invoke-WebRequest -Uri "http://h/1/service/s" -Body "a=1"': "'Invoke-WebRequest'",
    "POST /1/service/s?a=1 HTTP/1.1\r\nHost: h": "'POST /1/service/s?a=1 HTTP/'",
}


@pytest.mark.parametrize(("text", "found"), OTHER_CODE.items(), ids=["js", "wget", "ps", "http"])
def test_requests_in_other_languages_are_no_rows(text: str, found: str) -> None:
    with pytest.raises(UnreadableImportError, match="expected curl") as told:
        recognised(text)
    assert f"1:1: found {found}," in str(told.value)
    assert len(import_text(text, source=Source.TEXT, service="s").flow.steps) == 1


def test_a_password_is_not_written() -> None:
    found = imported("user=me\npassword=hunter2", service="s")
    assert rows_of(found.flow.steps[0]) == [("user", "me"), ("password", "{{password}}")]
    assert "hunter2" not in repr(found)


def test_rows_as_the_window_writes_them_in_bulk() -> None:
    text = '{"key": "a=b", "value": "1\\n2", "enabled": false}\nx=1'
    (step,) = imported(text, service="s").flow.steps
    assert rows_of(step) == [("a=b", "1\n2"), ("x", "1")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("\ufeffcurl http://h", "curl"),
        ("# note\n$ curl http://h", "curl"),
        ("ID=$(curl http://h)", "curl"),
        (r"C:\tools\curl.exe http://h", "curl"),
        (har(), "har"),
        (f"\ufeff\n {collection()}", "postman"),
        ("a=1", "text"),
        ("note=use curl here", "text"),
        ("sudo /usr/bin/curl http://h", "curl"),
        ('{"key": "a"}', "text"),
    ],
    ids=[
        "curl",
        "prompt",
        "capture",
        "windows",
        "har",
        "postman",
        "row",
        "named",
        "sudo",
        "json row",
    ],
)
def test_what_a_text_is_is_recognised(text: str, source: str) -> None:
    assert recognised(text).value == source


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1:1: found nothing"),
        (" \n ", "1:1: found nothing"),
        ("a=1\nwhat is this\nb=2", "2:1: found 'what is this', expected key=value"),
        ('{"key": "a", "colour": "red"}', "1:1: found the field 'colour'"),
    ],
    ids=["empty", "blank", "a sentence", "a field"],
)
def test_what_is_no_row_says_where(text: str, says: str) -> None:
    with pytest.raises(UnreadableImportError) as caught:
        import_text(text)
    assert says in str(caught.value)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_text_ends_in_a_traceback(text: str) -> None:
    try:
        imported(text)
    except UnreadableImportError as error:
        said = str(error)
        assert "expected" in said
