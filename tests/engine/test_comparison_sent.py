"""What was sent on both sides: rows by key, bodies by line, and no secret in either."""

from dataclasses import replace
from pathlib import Path

import pytest

from gms_console.comparison import Change, SentDifference, compare
from gms_console.model.exchange import Exchange
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from tests.engine.helpers import create, environment, send
from tests.support.wire_server import WireServer


async def sent(
    wire: WireServer, form: Form | None = None, kind: BodyKind = BodyKind.AUTO
) -> Exchange:
    return await send(environment(wire), create(wire, form, kind=kind))


def rows(left: Exchange, right: Exchange) -> list[tuple[str, str | None, str | None, Change]]:
    """Give what was compared of the rows, without method, path and kind of body."""
    found = compare(left, right).sent
    return [
        (one.key, one.left, one.right, one.change) for one in found if not one.key.startswith("(")
    ]


async def test_the_number_that_was_sent_is_what_differed(wire: WireServer) -> None:
    left = await sent(wire, Form.of(("phone", "5551001"), ("language", "french")))
    right = await sent(wire, Form.of(("phone", "5551002"), ("language", "french")))
    assert rows(left, right) == [
        ("phone", "5551001", "5551002", Change.CHANGED),
        ("language", "french", "french", Change.SAME),
    ]
    # It is no difference of the answers.
    assert compare(left, right).differences == 0


async def test_rows_come_and_go_and_move_and_repeat(wire: WireServer) -> None:
    left = await sent(wire, Form.of(("a", "1"), ("b", "1"), ("gone", "x"), ("a", "2")))
    right = await sent(wire, Form.of(("b", "1"), ("a", "1"), ("a", "3"), ("new", "y")))
    found = rows(left, right)
    assert ("a", "2", "3", Change.CHANGED) in found
    assert ("gone", "x", None, Change.REMOVED) in found
    assert ("new", None, "y", Change.ADDED) in found
    assert sorted(one[3] for one in found if one[:3] in {("a", "1", "1"), ("b", "1", "1")}) == [
        Change.MOVED,
        Change.SAME,
    ]


async def test_rows_that_are_off_were_not_sent(wire: WireServer) -> None:
    off = Form((Row(key="a", value="1", enabled=False), Row(key="b", value="2")))
    assert rows(await sent(wire, off), await sent(wire, Form.of(("b", "2")))) == [
        ("b", "2", "2", Change.SAME)
    ]


async def test_method_path_and_kind_of_body_are_compared_without_host_and_boundary(
    wire: WireServer, tmp_path: Path
) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(b"png")
    form = Form((Row(key="photo", file=file),))
    first, again = await sent(wire, form), await sent(wire, form)
    assert {one.change for one in compare(first, again).sent} == {Change.SAME}
    plain = await sent(wire, Form.of(("photo", "none")))
    asked, kind, photo = compare(first, plain).sent
    assert asked.left == asked.right == "POST /genesys/1/service/request-interaction"
    assert (kind.left, kind.right, kind.change) == (
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        Change.CHANGED,
    )
    assert (photo.left or "").startswith("file photo.png, from ")


async def test_bodies_without_rows_are_compared_by_line(wire: WireServer) -> None:
    left, right = await sent(wire), await sent(wire)
    left, right = (
        replace(one, request=replace(one.request, form=None, body_preview=f'{{\n "n": {n}\n}}'))
        for n, one in enumerate((left, right))
    )
    assert rows(left, right) == [
        ("", "{", "{", Change.SAME),
        ("", ' "n": 0', ' "n": 1', Change.CHANGED),
        ("", "}", "}", Change.SAME),
    ]


async def test_secrets_are_masked_and_differ_all_the_same(wire: WireServer) -> None:
    left = await sent(wire, Form.of(("password", "first-S3cret"), ("note", "is first-S3cret")))
    right = await sent(wire, Form.of(("password", "other-S3cret"), ("note", "is other-S3cret")))
    found = compare(left, right).sent
    assert "S3cret" not in repr(found)
    assert [one for one in found if one.key == "password"] == [
        SentDifference("password", "***", "***", Change.CHANGED)
    ]
    # Of one that was kept without its secret, nobody knows.
    kept = replace(left, request=replace(left.request, form=Form.of(("password", "***"))))
    assert rows(kept, right)[0] == ("password", "***", "***", Change.SAME)


@pytest.mark.parametrize("length", [5_000])
async def test_long_values_are_shown_where_they_part(wire: WireServer, length: int) -> None:
    form = [Form.of(("text", "x" * length + end)) for end in ("a", "b")]
    ((_, left, right, change),) = rows(await sent(wire, form[0]), await sent(wire, form[1]))
    assert change is Change.CHANGED
    assert left is not None
    assert right is not None
    assert len(left) < length
    assert left != right
