"""The form as text: what is written is read back, what is pasted is taken, mistakes are named."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gms_console.model.form import Form, Row
from gms_console.model.form_text import (
    FormTextError,
    carry_over,
    form_from_text,
    form_to_text,
)

_any_text = st.text(max_size=15) | st.sampled_from(
    [
        "",
        " ",
        "@",
        "@x",
        "#",
        "# a",
        "{",
        "{}",
        "a=b",
        "\r",
        "\n",
        "\r\n",
        "\u2028",
        "\x85",
        "\ud800",
    ]
)
_paths = _any_text.map(lambda text: Path(text.replace("\0", "")))
_rows = st.builds(
    Row,
    key=_any_text,
    value=_any_text,
    file=st.none() | _paths,
    content_type=st.none() | _any_text,
    filename=st.none() | _any_text,
    enabled=st.booleans(),
    note=_any_text,
)


@settings(max_examples=250)
@given(st.lists(_rows, max_size=5))
@example([Row(key="", value=""), Row(key="a", file=Path()), Row(key="a", file=Path("@x"))])
def test_any_form_is_read_back_as_it_was_written(rows: list[Row]) -> None:
    form = Form(tuple(rows))
    text = form_to_text(form)
    assert form_from_text(text) == form
    assert text.count("\n") == len(rows)
    assert form_from_text(text.replace("\n", "\r\n")) == form


def test_the_short_forms_are_used_where_they_can_be() -> None:
    form = Form(
        (
            Row(key="_phone_number", value="6504669999"),
            Row(key="language", value="french", enabled=False),
            Row(key="FileKey", file=Path("pics/MyPic.png")),
            Row(key="empty"),
            Row(key="eq", value="a=b=@c #d"),
            Row(key="a=b", value="1\n2"),
            Row(key="n", value="v", note="why"),
        )
    )
    assert form_to_text(form).splitlines() == [
        "_phone_number=6504669999",
        "# language=french",
        "FileKey=@pics/MyPic.png",
        "empty=",
        "eq=a=b=@c #d",
        '{"key": "a=b", "value": "1\\n2"}',
        '{"key": "n", "value": "v", "note": "why"}',
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ()),
        ("\n  \r\n\t\n", ()),
        ("a=1", (Row(key="a", value="1"),)),
        ("  a = 1 ", (Row(key="a", value=" 1 "),)),
        ("a=", (Row(key="a"),)),
        ("=1", (Row(key="", value="1"),)),
        ("#a=1", (Row(key="a", value="1", enabled=False),)),
        ("  #   a=1", (Row(key="a", value="1", enabled=False),)),
        ("a=@", (Row(key="a", value="@"),)),
        ("a=@x y.png", (Row(key="a", file=Path("x y.png")),)),
        ("# a=@x", (Row(key="a", file=Path("x"), enabled=False),)),
        ('{"key": "a"}', (Row(key="a"),)),
        ('# {"key": "a", "value": "{"}', (Row(key="a", value="{", enabled=False),)),
        ('{"key": "a", "enabled": false}', (Row(key="a", enabled=False),)),
        (
            "b=2\na=1\nb=2",
            (Row(key="b", value="2"), Row(key="a", value="1"), Row(key="b", value="2")),
        ),
    ],
)
def test_text_that_is_pasted_is_taken_as_it_is(text: str, rows: tuple[Row, ...]) -> None:
    assert form_from_text(text) == Form(rows)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("no sign", 1, "expected key=value"),
        ("a=1\n\nno sign", 3, "'no sign'"),
        ("a=1\r\nno sign\r\n", 2, "expected key=value"),
        ("# just a remark", 1, "expected key=value"),
        ('a=1\n{"key": "a"', 2, "broken JSON"),
        ("{}", 1, "without a key"),
        ('{"key": 1}', 1, "without a key"),
        ('{"key": "a", "valeu": "x"}', 1, "'valeu'"),
        ('{"key": "a", "value": 1}', 1, "'value'"),
        ('{"key": "a", "enabled": "no"}', 1, "'enabled'"),
        ('{"key": "a", "file": null}', 1, "'file'"),
        ("{" * 20_000, 1, "broken JSON"),
        ('{"key": ' + "[" * 20_000, 1, "JSON"),
    ],
)
def test_a_line_that_is_no_row_is_named(text: str, line: int, says: str) -> None:
    with pytest.raises(FormTextError) as caught:
        form_from_text(text)
    assert caught.value.line == line
    assert f"Line {line}: " in str(caught.value)
    assert says in str(caught.value)


def test_what_text_cannot_show_is_carried_over_by_key_and_place() -> None:
    before = Form(
        (
            Row(key="a", value="1", note="first", content_type="text/plain"),
            Row(key="f", file=Path("old"), filename="sent.png", note="picture"),
            Row(key="a", value="2", note="second"),
        )
    )
    edited = form_from_text("a=new\nf=@other\na=2\na=third\nb=1\n")
    carried = carry_over(edited, before)
    assert carried == Form(
        (
            Row(key="a", value="new", note="first", content_type="text/plain"),
            Row(key="f", file=Path("other"), filename="sent.png", note="picture"),
            Row(key="a", value="2", note="second"),
            Row(key="a", value="third"),
            Row(key="b", value="1"),
        )
    )


def test_a_file_that_became_text_takes_nothing_over() -> None:
    before = Form((Row(key="f", file=Path("x"), content_type="image/png", filename="y"),))
    assert carry_over(form_from_text("f=now text"), before) == Form.of(("f", "now text"))


def test_what_the_text_says_itself_wins() -> None:
    before = Form((Row(key="a", value="1", note="old", content_type="a/b", filename="f"),))
    line = '{"key": "a", "value": "1", "note": "new", "content_type": "c/d", "filename": ""}'
    (row,) = carry_over(form_from_text(line), before)
    assert (row.note, row.content_type, row.filename) == ("new", "c/d", "")
