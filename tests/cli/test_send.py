"""`gms-console send`: what goes over the wire, what is printed, how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from gms_console import __version__
from tests.cli.conftest import Cli
from tests.support.wire_server import (
    UNKNOWN_HOST,
    WireServer,
    body_answer,
    cut_in_body,
    hold,
    json_answer,
    raw_answer,
    refused_port,
    self_signed_certificate,
    text_answer,
)

CREATED = {
    "_id": "39a98e24",
    "_access_number": "8003449999",
    "_access_code": 7684,
    "_expiration_time": "30",
}


def part(boundary: str, disposition: str, body: bytes, content_type: str = "") -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n"
    if content_type:
        head += f"Content-Type: {content_type}\r\n"
    return head.encode() + b"\r\n" + body + b"\r\n"


def test_rows_and_files_keep_their_common_order(
    cli: Cli, server: WireServer, tmp_path: Path
) -> None:
    picture, note = tmp_path / "MyPic.png", tmp_path / "a=b;c.bin"
    picture.write_bytes(b"\x89PNG\r\n\x00--")
    note.write_bytes(b"\xff\xfe")
    ended = cli(
        "send", "request-interaction", "-p", "_phone_number=6504669999",
        "-f", f"FileKey={picture}", "-p", "language=", "--url", server.base_url,
        "-f", f"n={note};filename=x \"1\".txt;type=text/plain;charset=utf-8",
        "-p", "_phone_number=a=b;c", f"-fFileKey={picture};type=image/x-own",
    )  # fmt: skip
    [request] = server.requests
    boundary = request.values("content-type")[0].removeprefix("multipart/form-data; boundary=")
    assert request.body == b"".join(
        [
            part(boundary, 'name="_phone_number"', b"6504669999"),
            part(
                boundary, 'name="FileKey"; filename="MyPic.png"', picture.read_bytes(), "image/png"
            ),
            part(boundary, 'name="language"', b""),
            part(
                boundary,
                'name="n"; filename="x %221%22.txt"',
                b"\xff\xfe",
                "text/plain;charset=utf-8",
            ),
            part(boundary, 'name="_phone_number"', b"a=b;c"),
            part(
                boundary,
                'name="FileKey"; filename="MyPic.png"',
                picture.read_bytes(),
                "image/x-own",
            ),
            f"--{boundary}--\r\n".encode(),
        ]
    )
    assert ended.code == 0


@pytest.mark.parametrize(
    ("encoding", "content_type", "body"),
    [
        ("auto", "application/x-www-form-urlencoded", b"_a=1&b=x+y&_a=%C3%A9"),
        ("urlencoded", "application/x-www-form-urlencoded", b"_a=1&b=x+y&_a=%C3%A9"),
        ("json", "application/json", '{"_a": "é", "b": "x y"}'.encode()),
        ("none", None, b""),
    ],
)
def test_encodings(
    cli: Cli, server: WireServer, encoding: str, content_type: str | None, body: bytes
) -> None:
    rows = {
        "json": ["-p", "_a=é", "-p", "b=x y"],
        "none": [],
    }.get(encoding, ["-p", "_a=1", "-p", "b=x y", "-p", "_a=é"])
    assert cli("send", "s", "--url", server.base_url, "--encoding", encoding, *rows).code == 0
    [request] = server.requests
    assert request.body == body
    assert request.values("content-type") == ([] if content_type is None else [content_type])


def test_base_path_defaults_to_genesys(
    cli: Cli, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GMS_CONSOLE_URL", server.base_url)
    assert cli("send", "my service").code == 0
    assert cli("send", "s", "--url", server.url("/GMS-web/gms")).code == 0
    assert [request.target for request in server.requests] == [
        "/genesys/1/service/my%20service",
        "/GMS-web/gms/1/service/s",
    ]


def test_headers_go_out_as_given(cli: Cli, server: WireServer) -> None:
    given = ["--header", "X-Trace: 7", "--header", "gms_user:é", "--header", "X-Trace:8"]
    assert cli("send", "s", "--url", server.base_url, *given, "--header", "accept: a/b").code == 0
    names = [pair for pair in server.requests[0].headers if pair[0] not in {"Host", "Connection"}]
    assert names == [
        ("User-Agent", f"GMS-Console/{__version__}"),
        ("Accept-Encoding", "gzip, deflate"),
        ("X-Trace", "7"),
        ("gms_user", "é"),
        ("X-Trace", "8"),
        ("accept", "a/b"),
        ("Content-Length", "0"),
    ]


def test_text_output(cli: Cli, server: WireServer) -> None:
    server.script(json_answer(json.dumps(CREATED, indent=1)))
    ended = cli("send", "request-interaction", "--url", server.base_url)
    first, number, code, held, instance, *body = ended.out.splitlines()
    assert first.startswith("HTTP 200 OK: GMS did what was asked (")
    assert number.split() == ["Access", "number", "8003449999"]
    assert code.split() == ["Access", "code", "7684"]
    assert held.split()[:4] == ["Held", "for", "30", "s,"]
    assert instance.split() == ["Id", "39a98e24"]
    assert body == ["", *json.dumps(CREATED, indent=1).splitlines()]
    assert (ended.code, ended.err) == (0, "")


def test_json_output(cli: Cli, server: WireServer) -> None:
    server.script(json_answer(CREATED, headers=[("X-B", "1"), ("X-A", "2"), ("X-B", "3")]))
    ended = cli("send", "s", "--url", server.base_url, "-p", "_a=é", "--format", "json")
    data = ended.json
    assert list(data) == ["request", "response", "answer", "timing", "error"]
    assert {key: data["request"][key] for key in ("method", "url", "body_preview")} == {
        "method": "POST",
        "url": server.url("/genesys/1/service/s"),
        "body_preview": "_a=%C3%A9",
    }
    assert data["request"]["headers"] == [list(pair) for pair in server.requests[0].headers]
    assert data["response"] == {
        "status": 200,
        "reason": "OK",
        "headers": [
            ["Content-Type", "application/json"],
            ["X-B", "1"],
            ["X-A", "2"],
            ["X-B", "3"],
            ["Content-Length", str(len(json.dumps(CREATED)))],
        ],
        "body": json.dumps(CREATED),
        "http_version": "HTTP/1.1",
    }
    access = data["answer"].pop("access")
    assert access.pop("expires").endswith("+00:00")
    assert access == {"number": "8003449999", "code": "7684", "lifetime_s": 30}
    answer: dict[str, object] = {
        "id": "39a98e24",
        "state": None,
        "dialog": None,
        "problem": None,
        "notes": [],
    }
    assert data["answer"] == answer
    assert list(data["timing"]) == ["connect", "tls", "send", "wait", "receive", "total"]
    assert data["timing"]["tls"] is None
    assert data["timing"]["total"] > 0
    assert data["error"] is None
    assert (ended.code, ended.err) == (0, "")


SECRET = "c2VjcmV0"
CREDENTIALS = ("Authorization", "proxy-authorization", "Cookie", "apikey", "X-API-Key")


@pytest.mark.parametrize("output", ["text", "json"])
def test_credentials_are_sent_but_never_printed(cli: Cli, server: WireServer, output: str) -> None:
    server.script(json_answer({}, 401, [("Set-Cookie", f"JSESSIONID={SECRET}")]))
    headers = [item for name in CREDENTIALS for item in ("--header", f"{name}: {SECRET}")]
    ended = cli("send", "s", "--url", server.base_url, "--format", output, *headers)
    assert [server.requests[0].values(name) for name in CREDENTIALS] == [[SECRET]] * 5
    assert SECRET not in ended.out + ended.err
    assert ended.code == 1
    if output == "json":
        assert [pair for pair in ended.json["request"]["headers"] if pair[0] in CREDENTIALS] == [
            [name, "***"] for name in CREDENTIALS
        ]
        assert ["Set-Cookie", "***"] in ended.json["response"]["headers"]


def test_a_dialog_with_what_json_lacks(cli: Cli, server: WireServer) -> None:
    server.script(json_answer('{"dialog": {"a": [NaN, 1e999]}, "status": "\\ud800"}'))
    answer = cli("send", "s", "--url", server.base_url, "--format", "json").json["answer"]
    assert answer["dialog"] == {"a": ["NaN", "Infinity"]}
    assert answer["state"] == "\ud800"


@pytest.mark.parametrize(("depth", "code"), [(500, 0), (200_000, 1)])
def test_a_dialog_of_any_depth(cli: Cli, server: WireServer, depth: int, code: int) -> None:
    text = '{"dialog": ' + "[" * depth + "]" * depth + "}"
    server.script(json_answer(text))
    ended = cli("send", "s", "--url", server.base_url, "--format", "json")
    assert ended.code == code
    assert ended.json["response"]["body"] == text
    # Deeper than can be read, which is a problem and no traceback.
    assert (ended.json["answer"]["problem"] is None) == (code == 0)


def test_a_dialog_that_can_just_be_read(
    cli: Cli, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = json.dumps

    def shallow(data: Any, **options: Any) -> str:
        if data["answer"]["dialog"] is not None:
            raise RecursionError
        return dumps(data, **options)

    server.script(json_answer('{"dialog": [[]], "status": "x"}'))
    monkeypatch.setattr(json, "dumps", shallow)
    data = cli("send", "s", "--url", server.base_url, "--format", "json").json
    assert (data["answer"]["dialog"], data["answer"]["state"]) == (None, "x")
    assert data["response"]["body"] == '{"dialog": [[]], "status": "x"}'


@pytest.mark.parametrize(
    ("answer", "meaning", "error"),
    [
        (
            json_answer({"message": "Not found"}, 404),
            "HTTP 404 Not Found: GMS refused it",
            "GMS said: Not found",
        ),
        (
            text_answer("down\n<pre>", 503),
            "HTTP 503 Service Unavailable: GMS failed on its side",
            "GMS said: down ...",
        ),
        (
            json_answer({"error": "Session is lost."}),
            "HTTP 200 OK: but there is an error in the answer",
            "GMS said: Session is lost.",
        ),
        (
            json_answer('{"_id": '),
            "HTTP 200 OK: but the JSON of the answer is broken",
            "the JSON of the answer is broken: Expecting value at line 1, column 9",
        ),
        (
            body_answer(b"", 302, [("Location", "http://other/")]),
            "HTTP 302 Found: another address is to be asked",
            "GMS said: Found",
        ),
    ],
)
def test_answers_with_an_error_end_with_1(
    cli: Cli, server: WireServer, answer: object, meaning: str, error: str
) -> None:
    server.script(answer)  # type: ignore[arg-type]
    ended = cli("send", "s", "--url", server.base_url)
    assert ended.code == 1
    assert ended.out.startswith(f"{meaning} (")
    said, probably, *look, advice = ended.err.splitlines()
    assert all(line.startswith("Look at: ") for line in look)
    assert len(look) <= 1
    assert said == f"Error: {error}"
    assert probably.startswith("Probably: ")
    assert advice.startswith("Try: ")


def test_problem_in_json(cli: Cli, server: WireServer) -> None:
    server.script(json_answer({"message": "No access number is free"}, 500))
    ended = cli("send", "request-interaction", "--url", server.base_url, "--format", "json")
    problem = ended.json["answer"]["problem"]
    assert (problem["kind"], problem["said"]) == ("http", "No access number is free")
    assert "pool" in problem["means"]
    assert problem["try"]
    assert ended.json["error"] is None
    assert (ended.code, ended.err) == (1, "")


def test_unknown_host_ends_with_3(cli: Cli) -> None:
    ended = cli("send", "s", "--url", f"http://{UNKNOWN_HOST}:8080")
    assert (ended.code, ended.out) == (3, "")
    assert f"Error: No address is known for the name {UNKNOWN_HOST}" in ended.err
    assert "Try: " in ended.err


def test_refused_port_ends_with_3(cli: Cli) -> None:
    with refused_port() as port:
        ended = cli("send", "s", "--url", f"http://127.0.0.1:{port}", "--format", "json")
    assert ended.code == 3
    assert ended.json["response"] is None
    assert ended.json["error"]["kind"] == "connection refused"
    assert ended.json["answer"]["problem"]["kind"] == "transport"
    assert ended.json["request"]["headers"][0][0] == "Host"


def test_timeout_ends_with_3(cli: Cli, server: WireServer) -> None:
    server.script(hold())
    ended = cli("send", "s", "--url", server.base_url, "--timeout", "200ms", "--format", "json")
    assert ended.code == 3
    assert ended.json["error"] == {"kind": "timed out", "message": "No answer within 0.2 s"}


def test_half_an_answer_is_shown_and_ends_with_3(cli: Cli, server: WireServer) -> None:
    server.script(cut_in_body(b'{"_id": "'))
    ended = cli("send", "s", "--url", server.base_url)
    assert ended.code == 3
    assert ended.out.startswith("HTTP 200 OK: the answer is not whole (")
    assert ended.out.endswith('\n\n{"_id": "\n')
    said = "Error: The connection closed inside the answer, after 9 of its 100 bytes\n"
    assert ended.err.startswith(said)


def test_an_unknown_certificate_ends_with_3_unless_insecure(cli: Cli, tmp_path: Path) -> None:
    pair = self_signed_certificate(tmp_path)
    with WireServer(tls=pair) as server:
        ended = cli("send", "s", "--url", server.base_url)
        assert ended.code == 3
        assert "The certificate of 127.0.0.1 is not trusted: it is self-signed" in ended.err
        assert cli("send", "s", "--url", server.base_url, "--insecure").code == 0
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-p", "language"], "'language', expected KEY=VALUE"),
        (["-f", "photo"], "'photo', expected KEY=PATH"),
        (["-f", "photo=;type=a/b"], "expected KEY=PATH"),
        (["-f", "photo=x;type=a/b;type=c/d"], "once at most"),
        (["-f", "photo=x;type="], ";type=image/png"),
        (["-p", "=x"], "Row 1: the key is empty"),
        (["-p", "a=1", "--encoding", "none"], "Row 1 (a): no body carries no rows"),
        (["-p", "a=1", "-p", "a=2", "--encoding", "json"], "Row 2 (a): JSON carries a key once"),
        (["-f", f"a={__file__}", "--encoding", "urlencoded"], "a file needs multipart"),
        (["-p", "a=\udcff"], "surrogate"),
        (["--encoding", "xml"], "'xml'"),
        (["--header", f"Authorization {SECRET}"], "a header has no colon"),
        (["--header", f"Cookie: a\r\nX: {SECRET}"], "Cookie holds a line break"),
        (["--header", f"Cookie: {SECRET}\x00"], "Cookie holds a line break"),
        (["--header", f"Cookie: {SECRET}€"], "Cookie holds a character outside Latin-1"),
        (["--header", f"{SECRET} x: y"], "not the name of a header"),
        (["--header", f": {SECRET}"], "not the name of a header"),
        (["--header", "content-type: text/plain"], "content-type is set by the kind of body"),
        (["--header", "Content-Length: 3"], "Content-Length is set by"),
        (["--header", "Transfer-Encoding: chunked"], "Transfer-Encoding is set by"),
        (["--timeout", "0"], "expected more than 0"),
        (["--timeout", "-1"], "expected a time"),
        (["--timeout", "soon"], "expected a time"),
        (["--timeout", "9" * 400], "a year at most"),
        (["--env", "qa"], "exclude each other"),
        (["too-much"], "unexpected extra argument"),
    ],
)
def test_what_cannot_be_sent_ends_with_2(
    cli: Cli, server: WireServer, arguments: list[str], said: str
) -> None:
    ended = cli("send", "s", "--url", server.base_url, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert SECRET not in ended.err
    assert server.connections == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host", "not http or https"),
        ("http://host:99999", "not a number from 1 to 65535"),
        ("http://me:pw@host", "user name or password"),
        ("", "The base URL is empty"),
        ("http://host/\udcff", "UTF-8 cannot carry"),
        ("http://hö..st/", "not a name that can be looked up"),
        ("http://host/genesys/1/service/x", "http://host/genesys"),
    ],
)
def test_bad_url_ends_with_2(cli: Cli, url: str, said: str) -> None:
    ended = cli("send", "s", "--url", url)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_no_url_says_how_to_give_it(cli: Cli) -> None:
    ended = cli("send", "s")
    assert ended.code == 2
    assert "--url http://localhost:8080/genesys" in ended.err
    assert "GMS_CONSOLE_URL" in ended.err


@pytest.mark.parametrize("service", ["", ".", ".."])
def test_a_service_that_is_no_name_ends_with_2(cli: Cli, server: WireServer, service: str) -> None:
    ended = cli("send", service, "--url", server.base_url)
    assert ended.code == 2
    assert ended.err.startswith("Error: not sent. ")
    assert server.connections == 0


def test_missing_files_end_with_5_and_are_all_named(
    cli: Cli, server: WireServer, tmp_path: Path
) -> None:
    rows = ["-f", f"a={tmp_path / 'no.png'}", "-p", "b=1", "-f", f"c={tmp_path}"]
    ended = cli("send", "s", "--url", server.base_url, *rows)
    assert (ended.code, ended.out) == (5, "")
    assert f"Row 1 (a): No such file or directory: {tmp_path / 'no.png'}" in ended.err
    assert f"Row 3 (c): {tmp_path} is a folder" in ended.err
    assert server.connections == 0


def test_odd_reason_and_status(cli: Cli, server: WireServer) -> None:
    server.script(raw_answer(b"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n"))
    ended = cli("send", "s", "--url", server.base_url)
    assert ended.out.startswith("HTTP 299: GMS did what was asked (")
    assert ended.out.count("\n") == 1
    assert ended.code == 0
