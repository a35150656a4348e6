"""Faults of the body: its compression, its characters, and the JSON in it."""

import gzip
import json
import zlib
from typing import Any

from gms_console.model.answer import ProblemKind
from gms_console.model.exchange import FailureKind
from tests.faults.fault import Fault, Group, answer, sent, spoken, wire

JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
OK = b'{"_id": "a1"}'
SMALL = 1024 * 1024
"""How much is kept of a body, where a fault is about more than that."""

LATIN = '{"_id": "Jürgen"}'.encode("latin-1")
LOGIN = (
    b"<!DOCTYPE html><html><head><title>Sign in &ndash; Gateway</title></head><body><form>"
    b'<input name=u><input name=p type="password"></form></body></html>'
)
PLAIN_PAGE = b"<html><head><title>It works!</title></head></html>"


def _bomb(layers: int = 1) -> bytes:
    data = b" " * (40 * SMALL)
    for _ in range(layers):
        data = gzip.compress(data, 6, mtime=0)
    return data


def body(data: bytes, *headers: str, **settings: Any) -> Any:
    """Answer with a body of JSON, or of what the headers say."""
    own = () if any("Content-Type" in header for header in headers) else (JSON,)
    return sent(answer(data, *own, *headers), **settings)


def read(name: str, data: bytes, *headers: str, says: str = "", kept: bytes | None = None) -> Fault:
    """Make the row of a body that can be read, with a note where `says` is one."""
    return Fault(
        name=name,
        scene=body(data, *headers),
        kind=None,
        says=says,
        status=200,
        kept=data if kept is None else kept,
    )


def broken(name: str, data: bytes, says: str, *headers: str) -> Fault:
    """Make the row of JSON that cannot be read."""
    return Fault(
        name=name,
        scene=body(data, *headers),
        kind=ProblemKind.BROKEN_JSON,
        says=says,
        status=200,
        kept=data,
    )


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


GZIP = "Content-Encoding: gzip"

COMPRESSION = Group(
    "Compression and size",
    [
        Fault(
            name="plain text that says it is gzip",
            scene=body(OK, GZIP),
            kind=FailureKind.DECODING,
            says="The answer is not compressed as its Content-Encoding says, or it is damaged",
            status=200,
            kept=OK,
        ),
        Fault(
            name="gzip that breaks off",
            scene=body(gzip.compress(b'"' + bytes(range(33, 127)) * 3, mtime=0)[:60], GZIP),
            kind=FailureKind.DECODING,
            says="The compressed answer ended early",
            status=200,
            kept=49,
        ),
        Fault(
            name="gzip with a wrong checksum",
            scene=body(gzip.compress(OK, mtime=0)[:-8] + b"12345678", GZIP),
            kind=FailureKind.DECODING,
            says="The answer is not compressed as its Content-Encoding says, or it is damaged",
            status=200,
            kept=33,
        ),
        Fault(
            name="a gzip bomb",
            scene=body(_bomb(), GZIP, max_body=SMALL),
            kind=FailureKind.TOO_LARGE,
            says="The answer is larger than 1 MiB; reading stopped there",
            status=200,
            kept=SMALL,
        ),
        Fault(
            name="a gzip bomb within gzip",
            scene=body(_bomb(2), "Content-Encoding: gzip, gzip", max_body=SMALL),
            kind=FailureKind.TOO_LARGE,
            says="The answer is larger than 1 MiB; reading stopped there",
            status=200,
            kept=SMALL,
        ),
        Fault(
            name="2,000 times gzip",
            scene=body(OK, f"Content-Encoding: {', '.join(['gzip'] * 2000)}"),
            kind=FailureKind.DECODING,
            says="The answer says that it is compressed 2,000 times over",
            status=200,
            kept=OK,
        ),
        read(
            "gzip and deflate, one over the other",
            zlib.compress(gzip.compress(OK, mtime=0)),
            "Content-Encoding: gzip, deflate",
            kept=OK,
        ),
        read(
            "gzip in two members",
            gzip.compress(OK[:5], mtime=0) + gzip.compress(OK[5:], mtime=0),
            GZIP,
            kept=OK,
        ),
        read("deflate without its frame", _raw_deflate(OK), "Content-Encoding: deflate", kept=OK),
        read(
            "gzip with something behind its end",
            gzip.compress(OK, mtime=0) + b"more",
            GZIP,
            says="4 bytes came behind the end that the answer gives itself; they were not read.",
            kept=OK,
        ),
        Fault(
            name="brotli, which was not asked for",
            scene=body(b"\x0b\x06\x80text\x03", "Content-Encoding: br", "Content-Type: text/plain"),
            kind=None,
            says="The body is compressed with br, which was not asked for; it is kept as it came.",
            status=200,
            kept=b"\x0b\x06\x80text\x03",
        ),
        Fault(
            name="more than is kept",
            scene=body(b"x" * (2 * SMALL), max_body=SMALL),
            kind=FailureKind.TOO_LARGE,
            says="The answer is larger than 1 MiB; reading stopped there",
            status=200,
            kept=SMALL,
        ),
        Fault(
            name="an answer without end",
            scene=wire(
                spoken(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", *[b"y" * 65536] * 99
                ),
                max_body=SMALL,
            ),
            kind=FailureKind.TOO_LARGE,
            says="The answer is larger than 1 MiB; reading stopped there",
            status=200,
            kept=SMALL,
        ),
    ],
)

CHARACTERS = Group(
    "Characters and types",
    [
        read(
            "no charset, and Latin-1",
            LATIN,
            says="names no charset, which means UTF-8, but byte 10 is none of it",
        ),
        read(
            "Latin-1 that says it is UTF-8",
            LATIN,
            "Content-Type: application/json; charset=UTF-8",
            says="The answer says UTF-8, but byte 10 is none of it",
        ),
        read("Latin-1 that says so", LATIN, "Content-Type: application/json; charset=iso-8859-1"),
        read(
            "an unknown charset",
            OK,
            "Content-Type: application/json; charset=utf-9",
            says="The charset utf-9 is not known here; the body was read as UTF-8.",
        ),
        read(
            "a charset that is none",
            OK,
            "Content-Type: application/json; charset=idna",
            says="The charset idna is not known here",
        ),
        read(
            "UTF-16 that says so",
            OK.decode().encode("utf-16"),
            "Content-Type: application/json; charset=utf-16",
        ),
        read(
            "a byte order mark",
            b"\xef\xbb\xbf" + OK,
            says="The body begins with a byte order mark, which JSON does not have.",
        ),
        read(
            "bytes that are no UTF-8",
            b'{"_id": "\xff\xfe\x80"}',
            says="but byte 9 is none of it; such bytes show as \N{REPLACEMENT CHARACTER}. "
            "It may be Latin-1.",
        ),
        read("half a character in an escape", b'{"_id": "a\\ud800"}'),
        read("NUL characters in the body", b"ON\0LINE\0", "Content-Type: text/plain"),
        read(
            "no Content-Type",
            OK,
            "X-Nothing: Content-Type",
            says="The answer has a body but no Content-Type.",
        ),
        read(
            "JSON that says it is HTML",
            OK,
            HTML,
            says="The body is JSON, but its Content-Type says text/html.",
        ),
        read("plain text", b"ONLINE", "Content-Type: text/plain"),
        read("an empty body that says it is JSON", b""),
        Fault(
            name="the login page of a gateway",
            scene=body(LOGIN, HTML),
            kind=ProblemKind.PAGE,
            says="Sign in – Gateway",
            status=200,
            kept=LOGIN,
        ),
        Fault(
            name="another program's page for a create",
            scene=body(PLAIN_PAGE, HTML),
            kind=ProblemKind.PAGE,
            says="It works!",
            status=200,
            kept=PLAIN_PAGE,
        ),
        Fault(
            name="a firewall's plain Forbidden with 200",
            scene=body(b"Forbidden\n", "Content-Type: text/plain"),
            kind=ProblemKind.ERROR_INSIDE,
            says="Forbidden",
            status=200,
            kept=b"Forbidden\n",
        ),
        Fault(
            name="a gateway's page with 502",
            scene=sent(
                answer(
                    b"<html><title>502 Bad Gateway</title></html>", HTML, status="502 Bad Gateway"
                )
            ),
            kind=ProblemKind.HTTP,
            says="502 Bad Gateway",
            status=502,
            kept=b"<html><title>502 Bad Gateway</title></html>",
        ),
        Fault(
            name="401 to whatever is sent",
            scene=sent(answer(b"", 'WWW-Authenticate: Basic realm="GMS"', status="401 No")),
            kind=ProblemKind.HTTP,
            says="No",
            status=401,
        ),
    ],
)

DATA = Group(
    "JSON",
    [
        broken("something behind the JSON", OK + b" and more", "Extra data at line 1, column 15"),
        broken(
            "JSON that breaks off",
            b'{"_id": "a1", ',
            "Expecting property name enclosed in double quotes at line 1, column 15",
        ),
        broken(
            "JSON without quotes", b"{_id: a1}", "Expecting property name enclosed in double quotes"
        ),
        broken(
            "10,000 lists, one in another",
            b"[" * 10_000 + b"]" * 10_000,
            "nested too deeply to be read",
        ),
        broken(
            "10,000 objects, one in another",
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
            "nested too deeply to be read",
        ),
        broken(
            "a number of 5,000 digits",
            b'{"_id": ' + b"7" * 5000 + b"}",
            "it holds a number of more than 4,300 digits",
        ),
        read(
            "900 lists, one in another", b'{"_id": "a", "dialog": ' + b"[" * 900 + b"]" * 900 + b"}"
        ),
        read(
            "a number of 40 digits",
            b'{"_id": ' + b"7" * 40 + b"}",
            says="The number 77777777777777777777… is larger than most programs can hold exactly.",
        ),
        read(
            "a number beyond all measure",
            b'{"_id": "a", "status": 1e999}',
            says="The number 1e999 is larger",
        ),
        read("NaN", b'{"_id": "a", "_expiration_time": NaN}', says="NaN is no JSON"),
        read(
            "a key that occurs twice",
            b'{"_id": "a", "_id": "b"}',
            says="The JSON has “_id” more than once in one object; the last one counts here.",
        ),
        read("one line of 3 MB", json.dumps({"_id": "a", "text": "x" * 3_000_000}).encode()),
    ],
)
