"""The command of curl, carried out by bash: GMS gets what the console sent."""

import asyncio
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gms_console.curl import curl_command
from gms_console.curl_body import LONGEST_WORD
from gms_console.model.environment import Environment
from gms_console.model.exchange import Exchange, HeaderList
from gms_console.model.form import Form, Row
from gms_console.redaction import is_credential_name
from gms_console.shell_text import quoted
from gms_console.wire.body import BodyKind
from gms_console.wire.request import PreparedRequest, prepare_create
from tests.engine.helpers import environment, exchange_with, file_with, send
from tests.engine.strategies import (
    Typed,
    file_rows,
    keys,
    rows_in,
    text_rows,
    texts,
    typed_text_rows,
)
from tests.support.wire_server import WireRequest, WireServer

_CURL, _BASH = shutil.which("curl"), shutil.which("bash")
pytestmark = pytest.mark.skipif(not (_CURL and _BASH), reason="curl and bash are needed")

_MADE_BY_CURL = {"host", "connection", "content-length", "expect"}
_BOUNDARY = re.compile(rb"boundary=(\S+)")


def run(command: str, folder: Path, *, locale: str = "C.UTF-8") -> None:
    """Carry a command out in bash, without the settings of the person who runs the tests."""
    own = {"PATH": "/usr/bin:/bin", "CURL_HOME": str(folder), "HOME": str(folder)}
    script = folder / "request.sh"
    script.write_bytes(command.encode("utf-8", "surrogateescape"))
    done = subprocess.run(
        [_BASH or "", "--norc", script],
        env={**own, "LC_ALL": locale, "no_proxy": "*"},
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def without_boundary(request: WireRequest) -> bytes:
    found = _BOUNDARY.search(request.head)
    return request.body if found is None else request.body.replace(found[1], b"BOUNDARY")


def headers_of(request: WireRequest) -> list[tuple[str, str]]:
    """The headers in order, but for those that are curl's own business."""
    return sorted(
        (name, re.sub("boundary=.*", "boundary", value))
        for name, value in request.headers
        if name.lower() not in _MADE_BY_CURL
    )


async def sent_twice(
    wire: WireServer, place: Environment, prepared: PreparedRequest, folder: Path, locale: str
) -> tuple[str, Exchange, WireRequest, WireRequest]:
    """Send with the console and then with curl; give what came of it."""
    before = len(wire.requests)
    exchange = await send(place, prepared)
    command = curl_command(exchange)
    await asyncio.to_thread(run, command, folder, locale=locale)
    first, second = wire.requests[before:]
    return command, exchange, first, second


async def same(
    wire: WireServer,
    form: Form | None,
    folder: Path,
    kind: BodyKind = BodyKind.AUTO,
    *,
    method: str = "POST",
    headers: HeaderList = (),
    locale: str = "C.UTF-8",
) -> str:
    """Check that curl sends what the console sent; give the command."""
    place = environment(wire, headers=headers)
    prepared = prepare_create(place, "request-interaction", form, kind=kind, method=method)
    command, _, first, second = await sent_twice(wire, place, prepared, folder, locale)
    assert (second.method, second.target) == (first.method, first.target)
    assert without_boundary(second) == without_boundary(first)
    assert headers_of(second) == headers_of(first)
    return command


FORM = Form.of(("_phone_number", "6504669999"), ("name", "O'Neil & Söhne"), ("a", "1"), ("a", "2"))


@pytest.mark.parametrize("kind", [BodyKind.URLENCODED, BodyKind.MULTIPART, BodyKind.JSON])
async def test_the_rows_of_a_create_in_every_encoding(
    wire: WireServer, tmp_path: Path, kind: BodyKind
) -> None:
    form = Form(FORM.rows[:3]) if kind is BodyKind.JSON else FORM
    command = await same(wire, form, tmp_path, kind)
    assert command.startswith(f"curl {wire.base_url}/genesys/1/service/request-interaction")
    assert not command.startswith("#")


async def test_a_row_a_line_in_the_order_of_the_form(wire: WireServer, tmp_path: Path) -> None:
    command = await same(wire, FORM, tmp_path, BodyKind.MULTIPART)
    lines = [line.strip(" \\") for line in command.splitlines() if "--form" in line]
    assert lines == [
        "--form-string _phone_number=6504669999",
        "--form-string 'name=O'\\''Neil & Söhne'",
        "--form-string a=1",
        "--form-string a=2",
    ]


async def test_pictures_with_names_and_types_of_their_own(wire: WireServer, tmp_path: Path) -> None:
    picture = file_with(tmp_path / 'with "quotes", a;b', "My\\Pic.png", b"\x89PNG\r\n\0\xff")
    form = Form(
        (
            Row(key="first", value="1"),
            Row(key="FileKey", file=picture),
            Row(key="other", file=picture, filename='a";type=x.gif', content_type="image/x-own"),
            Row(key="note", value="@home; <b>", content_type="text/plain; charset=utf-8"),
            Row(key="last", value="@/etc/passwd"),
        )
    )
    command = await same(wire, form, tmp_path)
    assert ";type=image/png" in command


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_rows_in_the_address(wire: WireServer, tmp_path: Path, method: str) -> None:
    form = Form.of(("day", "a b&c"), ("list[]", "{1,2}"), ("x", "ü"))
    await same(wire, form, tmp_path, method=method)


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
async def test_a_request_without_rows(wire: WireServer, tmp_path: Path, method: str) -> None:
    await same(wire, None, tmp_path, method=method)


async def test_a_body_by_get_as_it_was_chosen_by_hand(wire: WireServer, tmp_path: Path) -> None:
    await same(wire, FORM, tmp_path, BodyKind.URLENCODED, method="GET")


async def test_a_head_asks_for_no_body(wire: WireServer, tmp_path: Path) -> None:
    await same(wire, None, tmp_path, method="HEAD")


async def test_headers_of_the_environment_in_order_with_duplicates(
    wire: WireServer, tmp_path: Path
) -> None:
    headers = (
        ("gms_user", "O'Neil"),
        ("X-Two", "1"),
        ("X-Two", "2"),
        ("X-Latin", "caf\xe9"),
        ("Accept", "application/json"),
        ("X-Empty", ""),
        ("Host", "gms.example"),
    )
    command = await same(wire, FORM, tmp_path, headers=headers)
    at = [command.index(part) for part in ("gms_user", "X-Two: 1", "X-Two: 2", "caf")]
    assert at == sorted(at)
    assert wire.requests[-1].values("host") == ["gms.example"]


async def test_a_large_body_is_not_asked_about_and_goes_through_a_pipe(
    wire: WireServer, tmp_path: Path
) -> None:
    form = Form.of(("text", "it's a long story. " * (LONGEST_WORD // 2)))
    command = await same(wire, form, tmp_path, BodyKind.URLENCODED)
    assert "printf %s" in command
    assert "Expect:" in command
    assert "expect" not in {name.lower() for name, _ in wire.requests[-1].headers}


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
async def test_line_ends_and_what_cannot_be_seen(
    wire: WireServer, tmp_path: Path, locale: str
) -> None:
    value = "one\r\ntwo\t\x1b[31m $HOME `id` !! \\n \u202e\u2028\ufeff😀 'x' \"y\""
    form = Form.of(("text", value), ("a\nb", "1"), ("zero", "a\0b\\0000"), ("k=v", "=1"))
    for kind in (BodyKind.URLENCODED, BodyKind.MULTIPART, BodyKind.JSON):
        command = await same(wire, form, tmp_path, kind, locale=locale)
        assert "\u202e" not in command
        assert "\x1b" not in command


# A shell and a curl for each example: few examples, of many rows.
_SETTINGS = settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@_SETTINGS
@given(st.lists(text_rows, max_size=12), st.sampled_from([BodyKind.URLENCODED, BodyKind.MULTIPART]))
def test_whatever_is_typed(
    wire: WireServer, tmp_path: Path, typed: list[Typed], kind: BodyKind
) -> None:
    form = Form(rows_in(tmp_path, typed))
    asyncio.run(same(wire, _without_credentials(form), tmp_path, kind))


@_SETTINGS
@given(st.lists(st.one_of(typed_text_rows, file_rows), min_size=1, max_size=8))
def test_whatever_is_attached(wire: WireServer, tmp_path: Path, typed: list[Typed]) -> None:
    # Beside a file curl sends no such row, and the command says so.
    rows = (
        replace(
            row,
            key=re.sub("[=\0]", "-", row.key),
            value=row.value.replace("\0", "-"),
            filename=row.filename and row.filename.replace("\0", "-"),
        )
        for row in rows_in(tmp_path, typed)
    )
    form = _without_credentials(Form(tuple(rows)))
    asyncio.run(same(wire, form, tmp_path, BodyKind.MULTIPART))


def _without_credentials(form: Form) -> Form:
    return Form(tuple(row for row in form if not is_credential_name(row.key)))


@_SETTINGS
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20) | keys | texts, min_size=1))
def test_bash_reads_a_word_back_as_it_was(words: list[str]) -> None:
    wanted = [word.replace("\0", "").encode() for word in words]
    for locale in ("C", "C.UTF-8"):
        done = subprocess.run(
            [_BASH or "", "-c", f"printf '%s\\0' {' '.join(map(quoted, words))}"],
            env={"LC_ALL": locale},
            capture_output=True,
            check=True,
        )
        assert done.stdout.split(b"\0")[:-1] == wanted


# --- what a command does not carry ----------------------------------------------------


async def test_credentials_are_masked_and_named_wherever_they_stand(
    wire: WireServer, tmp_path: Path
) -> None:
    form = Form.of(("_phone_number", "650"), ("password", "s3cr3t"), ("again", "is s3cr3t too"))
    headers = (
        ("Authorization", "Basic Z21zOmd1ZXNz"),
        ("X-Api-Key", "k3y"),
        ("Cookie", "JSESSIONID=abcdef.node1; lang=en"),
    )
    for kind in (BodyKind.URLENCODED, BodyKind.MULTIPART, BodyKind.JSON):
        prepared = prepare_create(environment(wire, headers=headers), "s", form, kind=kind)
        command = curl_command(await send(environment(wire), prepared))
        assert command.splitlines()[0] == (
            "# Fill in where *** stands: password, again, Authorization, X-Api-Key, Cookie"
        )
        assert "--header 'Authorization: Basic ***'" in command
        assert "lang=en" in command
        for secret in ("s3cr3t", "Z21zOmd1ZXNz", "k3y", "abcdef", "node1", "guess"):
            assert secret not in command
    assert 'password": "***' in command


async def test_a_credential_in_the_address_is_masked(wire: WireServer) -> None:
    form = Form.of(("pin", "12"), ("token", "a b&c"), ("day", "1"))
    prepared = prepare_create(environment(wire), "s", form, method="GET")
    command = curl_command(await send(environment(wire), prepared))
    assert "?pin=***&token=***&day=1'" in command
    assert command.startswith("# Fill in where *** stands: pin, token\n")


async def test_what_is_filled_in_is_what_was_sent(wire: WireServer, tmp_path: Path) -> None:
    form = Form.of(("_phone_number", "6*0"), ("password", "s3cr3t"))
    exchange = await send(environment(wire), prepare_create(environment(wire), "s", form))
    await asyncio.to_thread(run, curl_command(exchange).replace("***", "s3cr3t"), tmp_path)
    first, second = wire.requests
    assert second.body == first.body


async def test_a_file_that_is_gone_or_changed_is_named(wire: WireServer, tmp_path: Path) -> None:
    file = file_with(tmp_path, "My\nPic.png", b"12345")
    form = Form((Row(key="a", value="1"), Row(key="FileKey", file=file)))
    exchange = await send(environment(wire), prepare_create(environment(wire), "s", form))
    file.write_bytes(b"123")
    size = exchange.request.body_size
    assert f"# {size:,} bytes were sent, and {size - 2:,} would be now" in curl_command(exchange)
    file.unlink()
    comment, first, *_ = curl_command(exchange).splitlines()
    assert comment == f"# This file is no longer there: {tmp_path}/My\\nPic.png"
    assert first.startswith("curl ")


async def test_a_row_that_curl_cannot_send_beside_a_file_is_named(
    wire: WireServer, tmp_path: Path
) -> None:
    file = file_with(tmp_path, "a.png", b"1")
    form = Form((Row(key="k=v", value="1"), Row(key="FileKey", file=file)))
    exchange = await send(environment(wire), prepare_create(environment(wire), "s", form))
    assert curl_command(exchange).startswith(
        "# Left out, as curl cannot send it beside a file: k=v\n"
    )


async def test_a_body_whose_rows_are_not_kept_is_taken_as_it_was_shown(
    wire: WireServer, tmp_path: Path
) -> None:
    exchange = await send(environment(wire), prepare_create(environment(wire), "s", FORM))
    request = exchange.request
    for form in (None, Form(FORM.rows[:1])):
        kept = replace(exchange, request=replace(request, form=form))
        await asyncio.to_thread(run, curl_command(kept), tmp_path)
        assert wire.requests[-1].body == wire.requests[0].body
    cut = replace(request, form=None, body_preview=request.body_preview[:5])
    command = curl_command(replace(exchange, request=cut))
    assert command.startswith(f"# The body of {request.body_size} bytes is not kept whole")


def test_http2_has_no_headers_that_are_its_request_line() -> None:
    place = Environment.parse("https://gms.example/genesys")
    prepared = prepare_create(place, "s")
    pseudo = ((":method", "POST"), (":path", "/genesys/1/service/s"), ("accept", "*/*"))
    command = curl_command(_exchange_of(prepared, "HTTP/2", pseudo))
    assert "--http2" in command
    assert ":method" not in command
    assert "--http1.1" in curl_command(_exchange_of(prepared, "HTTP/1.1", prepared.headers))


def _exchange_of(prepared: PreparedRequest, version: str, headers: HeaderList) -> Exchange:
    exchange = exchange_with(b"{}")
    request = replace(
        exchange.request, url=prepared.url, http_version=version, headers=headers, form=Form()
    )
    return replace(exchange, request=request)


async def test_a_path_with_dots_and_brackets_stays_as_it_is(
    wire: WireServer, tmp_path: Path
) -> None:
    exchange = await send(environment(wire), prepare_create(environment(wire), "s"))
    url = wire.url("/a/../b/[1]{x,y}/\u00e9")
    odd = replace(exchange, request=replace(exchange.request, url=url))
    await asyncio.to_thread(run, curl_command(odd), tmp_path)
    assert wire.requests[-1].target == "/a/../b/[1]{x,y}/%C3%A9"
