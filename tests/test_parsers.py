"""The parsers that tests hold our encodings against: what they read, and what they refuse."""

import pytest

from tests.support import parsers
from tests.support.parsers import ParsedRow

BOUNDARY = "gms=5f0c'x"
MULTIPART = f'multipart/form-data; boundary="{BOUNDARY}"'
BODY = (
    b'--gms=5f0c\'x\r\nContent-Disposition: form-data; name="_phone_number"\r\n\r\n'
    b"6504669999\r\n"
    b'--gms=5f0c\'x\r\nContent-Disposition: form-data; name="tw ice"\r\n\r\n'
    b"\r\n"
    b"--gms=5f0c'x\r\n"
    b'Content-Disposition: form-data; name="a%22b%0D%0Ac\\"; filename="C:\\dir\\%22\xc3\xa9%0A.png"'
    b"\r\nContent-Type: image/png; x=1\r\n\r\n"
    b"\x89PNG\r\n--gms=5f0c'\r\n\x00\xff\r\n\r\n"
    b'--gms=5f0c\'x\r\nContent-Disposition: form-data; name=""; filename=""\r\n\r\n'
    b"\r"
    b'\r\n--gms=5f0c\'x\r\nContent-Disposition: form-data; name="tw ice"\r\n'
    b"Content-Type: text/plain\r\n\r\n"
    b"\n"
    b"\r\n--gms=5f0c'x--\r\n"
)
ROWS = [
    ParsedRow("_phone_number", b"6504669999"),
    ParsedRow("tw ice", b""),
    ParsedRow(
        'a"b\r\nc\\',
        b"\x89PNG\r\n--gms=5f0c'\r\n\x00\xff\r\n",
        'C:\\dir\\"é\n.png',
        "image/png; x=1",
    ),
    ParsedRow("", b"\r", ""),
    ParsedRow("tw ice", b"\n", None, "text/plain"),
]
multipart_readers = pytest.mark.parametrize("read", parsers.MULTIPART_READERS)
urlencoded_readers = pytest.mark.parametrize("read", parsers.URLENCODED_READERS)


@multipart_readers
def test_multipart_rows(read: parsers.MultipartReader) -> None:
    assert read(BODY, MULTIPART) == ROWS
    assert read(BODY.removesuffix(b"\r\n"), MULTIPART) == ROWS


@multipart_readers
@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "\\",
        "a\\b",
        'back\\"quote',
        "\\\\server\\share\\x",
        "C:\\x.txt",
        "a; filename=b",
        "x*",
        "100%",
        "%2",
        "%22",
        "%0d%0A%0D",
        "é\u2028😀\x00\t",
        " sp ",
        "n" * 10_000,
    ],
)
def test_multipart_names_as_whatwg_writes_them(read: parsers.MultipartReader, name: str) -> None:
    wire = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode()
    body = (
        b'--B\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\nv\r\n--B--\r\n'
    ) % (wire, wire)
    (row,) = read(body, "multipart/form-data; boundary=B")
    expected = parsers.expected_name(name)
    assert row == ParsedRow(expected, b"v", expected)
    assert (expected == name) is (name not in {"%22", "%0d%0A%0D"})


DISPOSITION = b'Content-Disposition: form-data; name="a"'


@multipart_readers
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--B\r\n" + DISPOSITION + b"\r\n\r\nv",
        b"--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B",
        b"--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\nmore",
        b"--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\nmore\r\n--B--\r\n",
        b"--B\r\n" + DISPOSITION + b"\r\n\r\nv--B--\r\n",
        b"--B\r\n" + DISPOSITION + b"\r\n--B--\r\n",
        b"before\r\n--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\n",
        b"\r\n\r\n--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\n",
        b"--C\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--C--\r\n",
        b"--B\r\nContent-Type: text/plain\r\n\r\nv\r\n--B--\r\n",
        b"--B\r\n" + DISPOSITION + b"\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\n",
        b'--B\r\nContent-Disposition: attachment; name="a"\r\n\r\nv\r\n--B--\r\n',
        b"--B\r\nContent-Disposition: form-data\r\n\r\nv\r\n--B--\r\n",
        b'--B\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nv\r\n--B--\r\n',
    ],
)
def test_multipart_refusals(read: parsers.MultipartReader, body: bytes) -> None:
    with pytest.raises(ValueError):
        read(body, "multipart/form-data; boundary=B")


@multipart_readers
@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/mixed; boundary=B", "multipart/form-data; boundary=C"],
)
def test_multipart_needs_its_content_type(read: parsers.MultipartReader, content_type: str) -> None:
    with pytest.raises(ValueError):
        read(b"--B\r\n" + DISPOSITION + b"\r\n\r\nv\r\n--B--\r\n", content_type)


@pytest.mark.parametrize(
    "disposition",
    [
        b'form-data; name="a"b"',  # an unescaped quote
        b"form-data; name=a",  # no quotes
        b'form-data; filename="f"; name="a"',
        b"form-data; name=\"a\"; filename*=utf-8''f",
        b'form-data; name="a\nb"',  # an unescaped line feed
    ],
)
def test_the_strict_multipart_reader_takes_only_the_whatwg_form(disposition: bytes) -> None:
    body = b"--B\r\nContent-Disposition: " + disposition + b"\r\n\r\nv\r\n--B--\r\n"
    with pytest.raises(ValueError, match="WHATWG"):
        parsers.multipart_by_python_multipart(body, "multipart/form-data; boundary=B")


@urlencoded_readers
def test_urlencoded_rows(read: parsers.UrlencodedReader) -> None:
    body = b"b=1&a=&b=%00%FF%2B+%26%3D&=%3d=x&%C3%A9+%25=%F0%9F%98%80&b=2"
    assert read(body) == [
        ParsedRow("b", b"1"),
        ParsedRow("a", b""),
        ParsedRow("b", b"\x00\xff+ &="),
        ParsedRow("", b"==x"),
        ParsedRow("é %", "😀".encode()),
        ParsedRow("b", b"2"),
    ]
    assert read(b"") == []
    assert read(b"a=") == [ParsedRow("a", b"")]


@urlencoded_readers
@pytest.mark.parametrize("body", [b"a&b=1", b"a=1&&b=2", b"%FF=1"])
def test_urlencoded_refusals(read: parsers.UrlencodedReader, body: bytes) -> None:
    with pytest.raises(ValueError):
        read(body)


@pytest.mark.parametrize("body", [b"a=1&b", b"a=1&", b"&a=1", "é=1".encode()])
def test_urllib_refuses_more(body: bytes) -> None:
    with pytest.raises(ValueError):
        parsers.urlencoded_by_urllib(body)
