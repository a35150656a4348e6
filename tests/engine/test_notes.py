"""What is said to be odd about an answer, and what is not."""

import pytest

from gms_console.model.exchange import Response
from gms_console.model.notes import read_notes


def answer(body: bytes, content_type: str) -> Response:
    return Response(
        status=200,
        reason="OK",
        http_version="HTTP/1.1",
        headers=(("Content-Type", content_type),),
        body=body,
        wire_size=len(body),
        complete=True,
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "image/png",
        "Audio/mpeg",
        "video/mp4; codecs=avc1",
        "application/octet-stream",
        "application/pdf",
        "application/zip",
    ],
)
def test_what_is_no_text_has_no_charset(content_type: str) -> None:
    body = b"\x89PNG\r\n\xff\xfe"
    assert read_notes(answer(body, content_type), is_json=False) == ()


@pytest.mark.parametrize("content_type", ["text/plain", "image/svg+xml", "application/json"])
def test_a_text_that_is_none_of_its_charset_is_odd(content_type: str) -> None:
    (note,) = read_notes(answer(b"gr\xf6\xdfe", content_type), is_json=False)
    assert "byte 2 is none of it" in note


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("12345678901234567890", "12345678901234567890"),
        ("123456789012345678901", "12345678901234567890…"),
    ],
    ids=["all of it", "cut"],
)
def test_a_large_number_is_cut_only_where_dots_say_so(number: str, shown: str) -> None:
    (note,) = read_notes(answer(number.encode(), "application/json"), is_json=True)
    assert note.startswith(f"The number {shown} is larger")
