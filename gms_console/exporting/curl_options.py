"""What curl is told of an Environment and of the rows of a step, in whatever shell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from gms_console.exporting.script import Script, ScriptRow, ScriptStep, is_absolute
from gms_console.exporting.texts import Ref, Text, literal, readable
from gms_console.model.connection import ProxyMode
from gms_console.wire.body import BodyKind

_TYPE = re.compile(r'[^\s/;,"]{1,127}/[^\s/;,"]{1,127}(; ?[^\s;,="]+=[^\s;,"]+)*')


@dataclass(frozen=True, slots=True)
class Coded:
    """A place whose value goes through an encoding: form, path, curl or json."""

    ref: Ref
    coding: str


OptionPiece = str | Ref | Coded


@dataclass(frozen=True, slots=True)
class Option:
    """An option of curl: its name, and the pieces of its value, none for a switch."""

    name: str
    value: tuple[OptionPiece, ...] | None = None


@dataclass(slots=True)
class StepOptions:
    """What curl is told for one step. `query` are pieces that follow the address."""

    options: list[Option] = field(default_factory=list)
    query: list[OptionPiece] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def common_options(script: Script) -> Iterator[Option]:
    """Give what is the same for all requests: time-outs, proxy, TLS and headers."""
    for switch in ("--silent", "--show-error", "--globoff", "--path-as-is", "--compressed"):
        yield Option(switch)
    environment = script.environment
    yield Option("--header", ("Expect:",))
    if environment is None:
        yield from (Option("--connect-timeout", ("15",)), Option("--noproxy", ("*",)))
        return
    seconds = environment.timeout
    connect = environment.connect_timeout or seconds
    yield Option("--connect-timeout", (f"{connect:g}",))
    yield Option("--speed-time", (f"{max(1, round(seconds))}",))
    yield Option("--speed-limit", ("1",))
    if environment.total_timeout is not None:
        yield Option("--max-time", (f"{environment.total_timeout:g}",))
    if environment.scheme == "https":
        yield Option("--http2" if environment.http2 else "--http1.1")
    yield from _tls(script)
    yield from _proxy(script)
    for name, value in script.headers:
        yield Option("--header", (f"{name}: ", *value) if value else (f"{name};",))


def _tls(script: Script) -> Iterator[Option]:
    environment = script.environment
    if environment is None:
        return
    if not environment.verify_tls:
        yield Option("--insecure")
    elif environment.tls.ca_file is not None:
        yield Option("--cacert", (str(environment.tls.ca_file),))
    if environment.tls.certificate is not None:
        yield Option("--cert", (str(environment.tls.certificate),))
    if environment.tls.key is not None:
        yield Option("--key", (str(environment.tls.key),))
    if script.passphrase is not None:
        yield Option("--pass", (script.passphrase,))


def _proxy(script: Script) -> Iterator[Option]:
    environment = script.environment
    if environment is None:
        return
    proxy = environment.proxy
    if proxy.mode is ProxyMode.NONE:
        yield Option("--noproxy", ("*",))
    elif proxy.mode is ProxyMode.EXPLICIT:
        yield Option("--proxy", (proxy.url,))
        if proxy.user or script.proxy_password is not None:
            password = (script.proxy_password,) if script.proxy_password is not None else ()
            yield Option("--proxy-user", (f"{proxy.user}:", *password))


# --- a step ------------------------------------------------------------------------------------


def address(step: ScriptStep) -> tuple[OptionPiece, ...]:
    """Give the pieces of the path after the services, or after the base path."""
    pieces: list[OptionPiece] = []
    for segment in step.segments:
        pieces.append("/")
        pieces += _coded(segment, "path")
    return tuple(pieces)


def step_options(step: ScriptStep) -> StepOptions:
    """Give method, authorization and body of a step."""
    made = StepOptions()
    rows = step.sent_rows
    has_body = bool(rows) and not step.in_query and step.encoding is not BodyKind.NONE
    bodyless = step.method in {"GET", "HEAD", "DELETE"}
    empty = not has_body and not bodyless
    if step.method == "HEAD" and not has_body:
        made.options.append(Option("--head"))
    elif step.method != ("POST" if has_body or empty else "GET"):
        made.options.append(Option("--request", (step.method,)))
    if step.authorization is not None:
        own = step.authorization
        if own.user is None:
            made.options.append(Option("--header", ("Authorization: Bearer ", own.secret)))
        else:
            made.options.append(Option("--user", (f"{own.user}:", own.secret)))
    if has_body:
        _add_body(made, step, rows)
    elif empty:
        # GMS is told so by Content-Length: 0, which curl sends with an empty text only.
        made.options += [Option("--data-raw", ("",)), Option("--header", ("Content-Type:",))]
    elif rows:
        made.query = [*_pairs(rows)]
    return made


def _add_body(made: StepOptions, step: ScriptStep, rows: tuple[ScriptRow, ...]) -> None:
    if step.encoding is BodyKind.MULTIPART:
        for row in rows:
            _add_part(made, step, row)
    elif step.encoding is BodyKind.JSON:
        made.options.append(Option("--header", ("Content-Type: application/json",)))
        made.options.append(Option("--data-raw", tuple(_members(rows))))
    else:
        for row in rows:
            made.options.append(Option("--data-raw", (*_pairs((row,)),)))


def _pairs(rows: tuple[ScriptRow, ...]) -> Iterator[OptionPiece]:
    for place, row in enumerate(rows):
        yield "&" if place else ""
        yield from _coded(row.key, "form")
        yield "="
        yield from _coded(row.value, "form")


def _members(rows: tuple[ScriptRow, ...]) -> Iterator[OptionPiece]:
    yield "{"
    for place, row in enumerate(rows):
        yield ", " if place else ""
        yield from _json(row.key)
        yield ": "
        yield from _json(row.value)
    yield "}"


def _json(text: Text) -> Iterator[OptionPiece]:
    yield '"'
    yield from _coded(text, "json")
    yield '"'


def _add_part(made: StepOptions, step: ScriptStep, row: ScriptRow) -> None:
    kind = literal(row.content_type) if row.content_type is not None else None
    wrong = "=" in readable(tuple(p for p in row.key if isinstance(p, str)))
    unfit = row.content_type is not None and (kind is None or _TYPE.fullmatch(kind) is None)
    if wrong or unfit:
        made.left_out.append(
            f"Step {step.number}: the row {readable(row.key)}, as curl cannot send such a "
            f"{'key' if wrong else 'content type'} in a multipart form."
        )
    elif row.file is not None:
        name = (';filename="', *_coded(row.filename or (), "curl"), '"')
        path = ('=@"', *_path(row.file), '"')
        made.options.append(Option("--form", (*row.key, *path, *name, f";type={kind}")))
    elif kind is not None:
        value = ('="', *_coded(row.value, "curl"), f'";type={kind}')
        made.options.append(Option("--form", (*row.key, *value)))
    else:
        made.options.append(Option("--form-string", (*row.key, "=", *row.value)))


IN_FOLDER = "\0folder\0"
"""Stands before the path of a file that is relative to the flow's folder."""


def _path(file: Text) -> tuple[OptionPiece, ...]:
    first = file[0] if file else ""
    absolute = isinstance(first, str) and is_absolute(first)
    coded = _coded(file, "curl")
    return tuple(coded) if absolute else (IN_FOLDER, *coded)


_LITERAL: dict[str, Callable[[str], str]] = {
    "form": quote_plus,
    "path": lambda text: quote(text, safe=""),
    "curl": lambda text: text.replace("\\", "\\\\").replace('"', '\\"'),
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
}


def _coded(text: Text, coding: str) -> Iterator[OptionPiece]:
    for piece in text:
        yield _LITERAL[coding](piece) if isinstance(piece, str) else Coded(piece, coding)
