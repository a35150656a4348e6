"""Faults of the head and of the framing: what HTTP/1.1 itself says of an answer."""

from gms_console.model.answer import ProblemKind
from gms_console.model.exchange import FailureKind
from tests.faults.fault import (
    SHORT,
    Fault,
    Group,
    answer,
    sent,
    spoken,
    wire,
)
from tests.support.wire_server import cut_in_body, truncated_chunked

JSON = "Content-Type: application/json"
OK = b'{"_id": "a1"}'
BIG = b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 1_048_576 + b"\r\nContent-Length: 2\r\n\r\n{}"
MANY = b"".join(b"A%d: b\r\n" % number for number in range(10_000))
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
FRAME = b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00d"

HEADS = Group(
    "The head of the answer",
    [
        Fault(
            name="a status line without a number",
            scene=sent(b"HTTP/1.1 abc OK\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="The status line of the answer is not one of HTTP: “HTTP/1.1 abc OK”",
        ),
        Fault(
            name="an SSH server on the port",
            scene=sent(b"SSH-2.0-OpenSSH_9.6\r\n"),
            kind=FailureKind.GARBLED,
            says="What came back is not HTTP; it begins with “SSH-2.0-OpenSSH_9.6\\r\\n”: "
            "an SSH server listens on this port",
        ),
        Fault(
            name="a mail server on the port",
            scene=sent(b"220 mail ESMTP\r\n"),
            kind=FailureKind.GARBLED,
            says="“220 mail ESMTP\\r\\n”: a mail or FTP server listens on this port",
        ),
        Fault(
            name="HTTP/2 on a plain port",
            scene=sent(FRAME),
            kind=FailureKind.GARBLED,
            says="this port speaks HTTP/2 without TLS, or no HTTP at all",
        ),
        Fault(
            name="TLS on a port that was asked for http",
            scene=sent(b"\x15\x03\x01\x00\x02\x02\x46"),
            kind=FailureKind.GARBLED,
            says="this port speaks TLS, so the base URL needs https",
        ),
        Fault(
            name="a page without status and headers, as HTTP/0.9 sent it",
            scene=sent(b"<html><body>Welcome</body></html>"),
            kind=FailureKind.GARBLED,
            says="a page came without any status and headers",
        ),
        Fault(
            name="an empty line before the status line",
            scene=sent(b"\r\n" + answer(OK, JSON)),
            kind=FailureKind.GARBLED,
            says="an empty line came before the status line",
        ),
        Fault(
            name="a header of 1 MB",
            scene=sent(BIG),
            kind=FailureKind.TOO_LARGE,
            says="The head of the answer is larger than 100 KiB, so reading stopped; "
            "it begins with “HTTP/1.1 200 OK\\r\\nX-Big: aaa",
        ),
        Fault(
            name="10,000 headers",
            scene=sent(answer(OK, JSON).replace(b"\r\n\r\n", b"\r\n" + MANY + b"\r\n")),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="100,000 headers",
            scene=sent(b"HTTP/1.1 200 OK\r\n" + MANY * 10 + b"\r\n"),
            kind=FailureKind.TOO_LARGE,
            says="The head of the answer is larger than 100 KiB",
        ),
        Fault(
            name="500 cookies",
            scene=sent(answer(OK, JSON, *(f"Set-Cookie: c{n}={'x' * 60}" for n in range(500)))),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="a NUL byte in a header",
            scene=sent(answer(OK, JSON, "X-Agent: a\0b")),
            kind=FailureKind.GARBLED,
            says="The answer's head holds a header with a NUL byte: “X-Agent: a\\x00b”",
        ),
        Fault(
            name="a header in UTF-8",
            scene=sent(answer(OK, JSON, "X-Agent: J\u00c3\u00bcrgen")),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="a header without a colon",
            scene=sent(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="The answer's head holds a line that is no header: “no colon here”",
        ),
        Fault(
            name="a blank before the colon of a header",
            scene=sent(answer(OK, JSON, "X-Agent : a")),
            kind=FailureKind.GARBLED,
            says="The answer's head holds a header with a blank in its name: “X-Agent : a”",
        ),
        Fault(
            name="a credential in a head that cannot be read",
            scene=sent(b"HTTP/1.1 200 OK\r\nSet-Cookie : JSESSIONID=c2VjcmV0\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="a header with a blank in its name: “Set-Cookie : ***”",
        ),
        Fault(
            name="a header folded over two lines",
            scene=sent(answer(OK, JSON, "X-Folded: one", "  two")),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="two Content-Types",
            scene=sent(answer(OK, JSON, "Content-Type: text/html")),
            kind=None,
            says="The answer has 2 Content-Types, “application/json” and “text/html”; "
            "the first one counts here.",
            status=200,
            kept=OK,
        ),
        Fault(
            name="lines that end with LF alone",
            scene=sent(answer(OK, JSON).replace(b"\r\n", b"\n")),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="an answer of HTTP/1.0",
            scene=sent(
                b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + OK, close=True
            ),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="a status that nobody knows",
            scene=sent(answer(b"busy", "Content-Type: text/plain", status="999 Go Away")),
            kind=ProblemKind.HTTP,
            says="busy",
            status=999,
            kept=b"busy",
        ),
        Fault(
            name="a switch to another protocol",
            scene=sent(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="The server switches to another protocol (101), which nobody asked for",
        ),
        Fault(
            name="100 Continue before the answer",
            scene=sent(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(OK, JSON)),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="a flood of interim answers",
            scene=wire(spoken(*[b"HTTP/1.1 102 Processing\r\n\r\n" * 1000] * 40)),
            kind=FailureKind.TOO_LARGE,
            says="128 KiB of interim answers (1xx) or headers came, and no whole head",
        ),
    ],
)

FRAMING = Group(
    "Where the answer ends",
    [
        Fault(
            name="a Content-Length that is too large",
            scene=wire(cut_in_body(b'{"_id": "')),
            kind=FailureKind.CUT,
            says="The connection closed inside the answer, after 9 of its 100 bytes",
            status=200,
            kept=b'{"_id": "',
        ),
        Fault(
            name="a Content-Length that is too large, and the connection stays",
            scene=sent(answer(OK, JSON, length=50), timeout=SHORT),
            kind=FailureKind.TIMEOUT,
            says="The answer stood still for 0.15 s",
            status=200,
            kept=OK,
        ),
        Fault(
            name="a Content-Length that is too small",
            scene=sent(answer(OK + b"  \n", JSON, length=len(OK))),
            kind=None,
            says="3 bytes came behind the end that the answer gives itself; they were not read.",
            status=200,
            kept=OK,
        ),
        Fault(
            name="a second answer behind the first",
            scene=sent(answer(OK, JSON) + answer(b'{"_id": "forged"}', JSON)),
            kind=None,
            says="88 bytes came behind the end that the answer gives itself; they were not read.",
            status=200,
            kept=OK,
        ),
        Fault(
            name="two Content-Lengths that differ",
            scene=sent(answer(OK, JSON, "Content-Length: 5")),
            kind=FailureKind.GARBLED,
            says="The answer has several Content-Lengths that differ",
        ),
        Fault(
            name="a negative Content-Length",
            scene=sent(answer(OK, JSON, length=-1)),
            kind=FailureKind.GARBLED,
            says="The answer's Content-Length is no number of bytes",
        ),
        Fault(
            name="a chunked answer that breaks off",
            scene=wire(truncated_chunked(b'{"_id": ')),
            kind=FailureKind.CUT,
            says="The connection closed inside the answer, before its last chunk",
            status=200,
            kept=b'{"_id": only this',
        ),
        Fault(
            name="a chunk size that is no number",
            scene=sent(CHUNKED + b"2\r\n{}\r\nfour\r\n"),
            kind=FailureKind.GARBLED,
            says="Where the answer's next chunk should say its size stands “four\\r\\n”",
            status=200,
            kept=b"{}",
        ),
        Fault(
            name="a chunk longer than its size",
            scene=sent(CHUNKED + b"2\r\n{}}}\r\n0\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="A chunk of the answer is longer than the size it gave",
            status=200,
            kept=b"{}",
        ),
        Fault(
            name="chunk extensions and a trailer",
            scene=sent(CHUNKED + b"d;name=value\r\n" + OK + b"\r\n0\r\nX-Sum: 1\r\n\r\n"),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="a chunk extension without end",
            scene=sent(CHUNKED + b"2;" + b"x" * 300_000),
            kind=FailureKind.TOO_LARGE,
            says="A chunk's size line, or what follows the last chunk, is longer than 100 KiB",
            status=200,
        ),
        Fault(
            name="Transfer-Encoding: gzip, chunked",
            scene=sent(CHUNKED.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n"),
            kind=FailureKind.GARBLED,
            says="The answer has a Transfer-Encoding other than chunked",
        ),
        Fault(
            name="a Content-Length beside chunks",
            scene=sent(CHUNKED[:-2] + b"Content-Length: 5\r\n\r\nd\r\n" + OK + b"\r\n0\r\n\r\n"),
            kind=None,
            status=200,
            kept=OK,
        ),
        Fault(
            name="204 with a body",
            scene=sent(answer(OK, JSON, status="204 No Content")),
            kind=None,
            says="A 204 has no body, but 13 bytes came behind it; they were not read.",
            status=204,
        ),
        Fault(
            name="304 where nothing was kept",
            scene=sent(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
            kind=ProblemKind.HTTP,
            says="Not Modified",
            status=304,
        ),
    ],
)
