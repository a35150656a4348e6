"""The storage API against a real server: what goes out, and how answers are read."""

import pytest

from gms_console.client.client import GmsClient
from gms_console.model.environment import Environment, PathSegmentError
from gms_console.model.exchange import Response
from gms_console.model.form import Form
from gms_console.storing.reading import (
    ValueKind,
    hex_text,
    map_part,
    read_keys,
    value_kind,
    value_part,
)
from gms_console.storing.requests import (
    Store,
    TtlError,
    prepare_delete,
    prepare_delete_key,
    prepare_key,
    prepare_keys,
    prepare_new,
    prepare_update,
    read_ttl,
    sent_user,
)
from tests.support.wire_server import WireServer

FORM = Form.of(("city", "Paris"), ("_own", "a b"))
OWN, DATA = Store("7c/1 e"), Store("39a9", of_service=True, service="callme")


async def test_every_request_has_the_path_of_its_kind(wire: WireServer) -> None:
    place = Environment.parse(wire.base_url, headers=(("GMS_User", "ann"),))
    assert sent_user(place) == "ann"
    client = GmsClient(place, lambda _: None)
    try:
        for prepared in (
            prepare_new(place, 60, FORM),
            prepare_new(place, 60, FORM, "my data"),
            prepare_keys(place, OWN),
            prepare_key(place, OWN, "a/b"),
            prepare_key(place, OWN, "a/b", binary=True),
            prepare_update(place, OWN, 90, FORM),
            prepare_delete(place, OWN),
            prepare_keys(place, DATA),
            prepare_key(place, DATA, "ü"),
            prepare_key(place, DATA, "ü", binary=True),
            prepare_update(place, DATA, 0, FORM),
            prepare_delete_key(place, DATA, "ü"),
        ):
            await client.send(prepared)
    finally:
        await client.aclose()
    assert [f"{one.method} {one.target}" for one in wire.requests] == [
        "POST /genesys/1/storage/60",
        "POST /genesys/1/storage/custom/my%20data/60",
        "GET /genesys/1/storage/7c%2F1%20e",
        "GET /genesys/1/storage/7c%2F1%20e/a%2Fb",
        "GET /genesys/1/storage/binary/7c%2F1%20e/a%2Fb",
        "POST /genesys/1/storage/7c%2F1%20e/90",
        "DELETE /genesys/1/storage/7c%2F1%20e",
        "GET /genesys/1/service/39a9/storage",
        "GET /genesys/1/service/39a9/storage/%C3%BC",
        "GET /genesys/1/service/39a9/storage/binary/%C3%BC",
        "POST /genesys/1/service/39a9/storage",
        "DELETE /genesys/1/service/39a9/storage/%C3%BC",
    ]
    assert {one.body for one in wire.requests} == {b"city=Paris&_own=a+b", b""}
    assert all(one.values("gms_user") == ["ann"] for one in wire.requests)
    with pytest.raises(PathSegmentError):
        prepare_keys(place, Store(".."))


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "soon", "٣", "9999999999"])
def test_a_time_that_would_become_30_seconds_is_refused(text: str) -> None:
    with pytest.raises(TtlError, match="GMS takes 30"):
        read_ttl(text)


def test_keys_are_read_in_their_order_whatever_they_hold() -> None:
    keys = read_keys({"b": "x" * 200, "a": 7, "c": None, "d": {"e": [1]}, "f": True})
    assert keys is not None
    assert [(one.key, one.kind) for one in keys] == [
        ("b", "text"),
        ("a", "number"),
        ("c", "nothing"),
        ("d", "JSON"),
        ("f", "boolean"),
    ]
    assert keys[0].preview == "x" * 120 + "…"
    assert (keys[3].value, keys[3].size) == ('{"e": [1]}', 10)
    assert read_keys([1]) is None
    assert read_ttl(" 60 ") == 60


def answer(body: bytes, kind: str = "") -> Response:
    headers = (("Content-Type", kind),) if kind else ()
    return Response(
        status=200, reason="", http_version="HTTP/1.1", headers=headers, body=body,
        wire_size=len(body), complete=True,
    )  # fmt: skip


def test_a_value_is_shown_as_what_it_is() -> None:
    assert value_kind(answer(b"x", "Image/PNG")) is ValueKind.PICTURE
    assert value_kind(answer("größe".encode(), "text/plain")) is ValueKind.TEXT
    assert value_kind(answer(b"a\0b")) is ValueKind.BYTES
    assert value_kind(answer(b"\xff\xfe")) is ValueKind.BYTES
    long = answer("ü".encode() * 200_001)
    assert value_kind(long) is ValueKind.TEXT
    part = value_part(long)
    assert (part.whole, part.extent) == (False, "64 KiB")
    # A text widget is held up by a long line.
    assert part.text.startswith("ü" * 10_000 + " ")
    assert len(part.text) < 10_050
    latin = answer("größe".encode("latin-1"), "text/plain; charset=ISO-8859-1")
    assert (value_kind(latin), value_part(latin).text) == (ValueKind.TEXT, "größe")
    keys = read_keys({"a": "ü\n" * 40_000, "b": "x"})
    assert keys is not None
    assert [map_part(one).whole for one in keys] == [False, True]
    assert hex_text(b"AB\n") == "00000000  41 42 0a" + " " * 41 + "AB·"
    assert hex_text(bytes(40), 20).splitlines()[1].startswith("00000010  00 00 00 00  ")
