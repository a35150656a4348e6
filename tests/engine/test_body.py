"""What a person types into the form is what a server reads, or it is refused beforehand."""

import asyncio
import json
import mimetypes
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import encode, resolve_kind, row_content_type
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import prepare_create
from tests.engine.helpers import body_bytes, create, environment, file_with, send
from tests.engine.strategies import (
    Typed,
    file_rows,
    rows_in,
    text_rows,
    texts,
    typed_text_rows,
)
from tests.support.parsers import (
    MULTIPART_READERS,
    URLENCODED_READERS,
    ParsedRow,
    expected_name,
)
from tests.support.wire_server import WireServer

multipart_lists = st.lists(st.one_of(text_rows, typed_text_rows, file_rows), max_size=6)
text_lists = st.lists(text_rows, max_size=8)


def as_multipart(rows: tuple[Row, ...]) -> list[ParsedRow]:
    """What a server must find in the multipart body of these rows."""
    return [
        ParsedRow(
            name=expected_name(row.key),
            value=row.value.encode() if row.file is None else row.file.read_bytes(),
            filename=expected_name(row.sent_filename) if row.is_file else None,
            content_type=row.content_type or (_guess(row) if row.is_file else None),
        )
        for row in rows
        if row.enabled
    ]


def _guess(row: Row) -> str:
    return mimetypes.guess_type(row.sent_filename, strict=False)[0] or "application/octet-stream"


def as_urlencoded(rows: tuple[Row, ...]) -> list[ParsedRow]:
    """What a server must find in the urlencoded body of these rows."""
    return [ParsedRow(row.key, row.value.encode()) for row in rows if row.enabled]


@settings(max_examples=200)
@given(multipart_lists)
@example([Typed(Row(key='a"\r\nb', value='"\r\n'))] * 2)
@example([Typed(Row(key="f", filename='C:\\x\\"q".png'), b"\r\n--", "ü€ \n.png")])
def test_any_rows_come_back_identical_from_multipart(typed: list[Typed]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = rows_in(Path(folder), typed)
        body = encode(Form(rows), BodyKind.MULTIPART)
        sent = asyncio.run(body_bytes(body))
        expected = as_multipart(rows)
    assert body.size == len(sent)
    assert body.content_type is not None
    if not expected:
        assert sent.startswith(b"--")
        return
    for read in MULTIPART_READERS:
        assert read(sent, body.content_type) == expected


@settings(max_examples=200)
@given(text_lists)
@example([Typed(Row(key="a", value="")), Typed(Row(key="a", value="b=c&d+ %\r\n"))])
def test_any_rows_come_back_identical_from_urlencoded(typed: list[Typed]) -> None:
    rows = tuple(one.row for one in typed)
    body = encode(Form(rows), BodyKind.URLENCODED)
    sent = asyncio.run(body_bytes(body))
    assert body.size == len(sent)
    assert body.content_type == "application/x-www-form-urlencoded"
    for read in URLENCODED_READERS:
        assert read(sent) == as_urlencoded(rows)


@settings(max_examples=100)
@given(text_lists)
def test_any_rows_come_back_identical_from_json(typed: list[Typed]) -> None:
    rows = {one.row.key: one.row for one in typed if one.row.enabled}
    body = encode(Form(tuple(rows.values())), BodyKind.JSON)
    pairs = json.loads(asyncio.run(body_bytes(body)), object_pairs_hook=list)
    assert pairs == [(row.key, row.value) for row in rows.values()]


async def _send_all(place: Environment, forms: list[tuple[Form, BodyKind]]) -> None:
    async with GmsClient(place, lambda _: None) as client:
        for form, kind in forms:
            exchange = await client.send(prepare_create(place, "x", form, kind=kind))
            assert exchange.failure is None


@settings(max_examples=30)
@given(multipart_lists, text_lists)
def test_any_rows_arrive_at_a_server_as_they_were_typed(
    typed: list[Typed], lines: list[Typed]
) -> None:
    with tempfile.TemporaryDirectory() as folder, WireServer() as server:
        rows = rows_in(Path(folder), typed)
        plain = tuple(one.row for one in lines)
        forms = [(Form(rows), BodyKind.MULTIPART), (Form(plain), BodyKind.URLENCODED)]
        asyncio.run(_send_all(environment(server), forms))
        multipart, urlencoded = server.requests
        expected = as_multipart(rows)
    (content_type,) = multipart.values("Content-Type")
    if expected:
        for read in MULTIPART_READERS:
            assert read(multipart.body, content_type) == expected
    for read_pairs in URLENCODED_READERS:
        assert read_pairs(urlencoded.body) == as_urlencoded(plain)


# Names on which httpx's rule for names and the WHATWG rule agree.
_agreed = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\\"),
    min_size=1,
    max_size=12,
)


@given(
    st.lists(
        st.tuples(_agreed, texts, st.none() | _agreed),
        min_size=1,
        max_size=5,
    )
)
def test_multipart_bytes_are_those_of_httpx(parts: list[tuple[str, str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        files: list[tuple[str, tuple[str | None, bytes] | tuple[str, bytes, str]]] = []
        for place, (key, value, filename) in enumerate(parts):
            if filename is None:
                rows.append(Row(key=key, value=value))
                files.append((key, (None, value.encode())))
            else:
                path = file_with(Path(folder), str(place), value.encode())
                rows.append(Row(key=key, file=path, filename=filename, content_type="a/b"))
                files.append((key, (filename, value.encode(), "a/b")))
        body = encode(Form(tuple(rows)), BodyKind.MULTIPART, boundary="the-boundary")
        ours = asyncio.run(body_bytes(body))
    theirs = httpx.Request(
        "POST",
        "http://localhost/",
        files=files,
        headers={"Content-Type": "multipart/form-data; boundary=the-boundary"},
    )
    assert ours == theirs.read()
    assert body.content_type == theirs.headers["Content-Type"]


@pytest.mark.parametrize("kind", [BodyKind.MULTIPART, BodyKind.URLENCODED])
async def test_order_and_duplicate_keys_survive(wire: WireServer, kind: BodyKind) -> None:
    form = Form.of(("b", "1"), ("_a", "2"), ("b", "3"), ("b", "1"), ("_a", ""))
    await send(environment(wire), create(wire, form, kind=kind))
    (request,) = wire.requests
    if kind is BodyKind.MULTIPART:
        (content_type,) = request.values("Content-Type")
        rows = MULTIPART_READERS[0](request.body, content_type)
    else:
        rows = URLENCODED_READERS[0](request.body)
        assert request.body == b"b=1&_a=2&b=3&b=1&_a="
    assert [(row.name, row.value.decode()) for row in rows] == [
        (row.key, row.value) for row in form
    ]


def test_auto_is_multipart_only_for_an_enabled_file(tmp_path: Path) -> None:
    picture = Row(key="FileKey", file=file_with(tmp_path, "MyPic.png", b"x"))
    text, off = Row(key="a", value="1"), replace(picture, enabled=False)
    assert resolve_kind(Form(), BodyKind.AUTO) is BodyKind.NONE
    assert resolve_kind(Form((off,)), BodyKind.AUTO) is BodyKind.NONE
    assert resolve_kind(Form((text,)), BodyKind.AUTO) is BodyKind.URLENCODED
    assert resolve_kind(Form((text, off)), BodyKind.AUTO) is BodyKind.URLENCODED
    assert resolve_kind(Form((text, picture)), BodyKind.AUTO) is BodyKind.MULTIPART
    assert resolve_kind(Form((picture,)), BodyKind.URLENCODED) is BodyKind.URLENCODED
    assert encode(Form((text, picture))).kind is BodyKind.MULTIPART


async def test_json_carries_all_values_as_strings_in_order(wire: WireServer) -> None:
    form = Form.of(("_customer_number", "+19005551234"), ("n", "1"), ("ü", '"\n'), ("e", ""))
    await send(environment(wire), create(wire, form, kind=BodyKind.JSON))
    (request,) = wire.requests
    assert request.values("Content-Type") == ["application/json"]
    assert json.loads(request.body, object_pairs_hook=list) == [
        ("_customer_number", "+19005551234"),
        ("n", "1"),
        ("ü", '"\n'),
        ("e", ""),
    ]


async def test_a_json_body_of_an_empty_form_is_an_empty_object(wire: WireServer) -> None:
    await send(environment(wire), create(wire, kind=BodyKind.JSON))
    assert wire.requests[0].body == b"{}"


@pytest.mark.parametrize("kind", [BodyKind.AUTO, BodyKind.NONE])
async def test_no_rows_send_no_body_but_say_its_length(wire: WireServer, kind: BodyKind) -> None:
    off = Form((Row(key="a", value="1", enabled=False),))
    await send(environment(wire), create(wire, off, kind=kind))
    (request,) = wire.requests
    assert request.body == b""
    assert request.values("Content-Type") == []
    assert request.values("Content-Length") == ["0"]


def test_a_file_without_a_name_as_sent_takes_its_own_and_a_guessed_type(tmp_path: Path) -> None:
    picture = file_with(tmp_path, "MyPic.png", b"x")
    assert row_content_type(Row(key="a", file=picture)) == "image/png"
    assert row_content_type(Row(key="a", file=picture, filename="x.pdf")) == "application/pdf"
    assert row_content_type(Row(key="a", file=picture, filename="x")) == "application/octet-stream"
    assert row_content_type(Row(key="a", file=picture, content_type="a/b")) == "a/b"
    assert row_content_type(Row(key="a", value="text")) is None
    assert Row(key="a", file=picture).sent_filename == "MyPic.png"
    assert Row(key="a", file=picture, filename="").sent_filename == ""


# --- refusals -----------------------------------------------------------------------------


def refused(form: Form, kind: BodyKind) -> FormRefusedError:
    """The refusal of a form; every problem must name its row in words."""
    with pytest.raises(FormRefusedError) as caught:
        encode(form, kind)
    for problem in caught.value.problems:
        key = form.rows[problem.index].key
        assert problem.key == key
        start = f"Row {problem.index + 1} ({key}): " if key else f"Row {problem.index + 1}: "
        assert str(problem).startswith(start)
        assert str(problem) in str(caught.value)
    return caught.value


FIRST = Row(key="first", value="good")


def _file_row(folder: Path) -> Row:
    return Row(key="FileKey", file=file_with(folder, "MyPic.png", b"x"))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (BodyKind.URLENCODED, "needs multipart"),
        (BodyKind.JSON, "needs multipart"),
        (BodyKind.NONE, "no body"),
    ],
)
def test_a_file_is_refused_where_only_text_goes(tmp_path: Path, kind: BodyKind, says: str) -> None:
    form = Form((replace(FIRST, enabled=False), _file_row(tmp_path)))
    (problem,) = refused(form, kind).problems
    assert problem.index == 1
    assert says in problem.message
    assert not problem.missing_file


def test_text_rows_are_refused_where_no_body_goes() -> None:
    problems = refused(Form((FIRST, FIRST)), BodyKind.NONE).problems
    assert [problem.index for problem in problems] == [0, 1]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / "missing.png", "No such file"),
        (lambda folder: folder, "folder"),
        (lambda folder: folder / "a\0b", "null"),
        (lambda _: Path("/dev/null"), "not a regular file"),
        (lambda folder: folder / ("n" * 300), "too long"),
        (lambda folder: file_with(folder, "x", b"") / "y", "Not a directory"),
    ],
)
def test_what_is_no_readable_file_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    refusal = refused(Form((FIRST, Row(key="FileKey", file=make(tmp_path)))), BodyKind.AUTO)
    (problem,) = refusal.problems
    assert problem.index == 1
    assert says in problem.message
    assert refusal.missing_file


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = file_with(tmp_path, "secret", b"x")
    path.chmod(0)
    refusal = refused(Form((Row(key="FileKey", file=path),)), BodyKind.MULTIPART)
    assert "denied" in str(refusal)
    assert refusal.missing_file


@pytest.mark.parametrize("kind", [BodyKind.MULTIPART, BodyKind.URLENCODED, BodyKind.JSON])
@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row(key="", value="x"), "key is empty"),
        (Row(key="a\ud800", value="x"), "surrogate"),
        (Row(key="a", value="x\udc80"), "surrogate"),
        (Row(key="a", value="x", content_type="image"), "not a content type"),
        (Row(key="a", value="x", content_type=" /png"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png\r\nX-Evil: 1"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png;x=1\r\n\r\nevil"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png\r\nX: 1;x=1"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png\r\n\r\n;evil"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png\n;evil"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png\u2028;evil"), "not a content type"),
        (Row(key="a", value="x", content_type="image/png; ü"), "not a content type"),
    ],
)
def test_what_no_form_can_carry_is_refused(row: Row, says: str, kind: BodyKind) -> None:
    (problem,) = refused(
        Form((FIRST, row, FIRST)[: 2 + (kind is not BodyKind.JSON)]), kind
    ).problems
    assert problem.index == 1
    assert says in problem.message


def test_a_file_name_with_half_a_surrogate_is_refused(tmp_path: Path) -> None:
    row = replace(_file_row(tmp_path), filename="a\ud800.png")
    (problem,) = refused(Form((row,)), BodyKind.AUTO).problems
    assert "surrogate" in problem.message


@pytest.mark.parametrize("kind", [BodyKind.URLENCODED, BodyKind.JSON])
def test_a_type_of_one_row_is_refused_where_rows_have_none(kind: BodyKind) -> None:
    form = Form((FIRST, Row(key="a", value="x", content_type="text/plain")))
    (problem,) = refused(form, kind).problems
    assert problem.index == 1
    assert kind.value in problem.message


def test_a_key_twice_is_refused_under_json_and_names_the_first() -> None:
    form = Form.of(("x", ""), ("a", "1"), ("b", "2"), ("a", "3"))
    (problem,) = refused(form, BodyKind.JSON).problems
    assert problem.index == 3
    assert "row 2" in problem.message


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    form = Form(
        (
            Row(key="", value="x"),
            FIRST,
            Row(key="f", file=tmp_path / "missing"),
            Row(key="g", file=tmp_path, content_type="nonsense"),
            Row(key="h\ud800", value="x"),
        )
    )
    refusal = refused(form, BodyKind.MULTIPART)
    assert [problem.index for problem in refusal.problems] == [0, 2, 3, 3, 4]
    assert [problem.missing_file for problem in refusal.problems] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert len(str(refusal).splitlines()) == 5


@pytest.mark.parametrize(
    "kind", [BodyKind.MULTIPART, BodyKind.URLENCODED, BodyKind.JSON, BodyKind.NONE]
)
async def test_rows_switched_off_are_neither_sent_nor_refused(
    wire: WireServer, tmp_path: Path, kind: BodyKind
) -> None:
    bad = (
        Row(key="", value="x"),
        Row(key="first", value="secret-off"),
        Row(key="f", file=tmp_path / "missing"),
        Row(key="h\ud800", value="x", content_type="\r\n"),
    )
    rows = tuple(replace(row, enabled=False) for row in bad)
    on = () if kind is BodyKind.NONE else (FIRST,)
    await send(environment(wire), create(wire, Form((*rows, *on)), kind=kind))
    (request,) = wire.requests
    assert b"secret-off" not in request.body
    assert (b"first" in request.body) is bool(on)
