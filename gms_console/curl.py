"""An Exchange's request as a command line of curl, for bash, cmd or PowerShell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_plus, urlsplit

from gms_console.curl_body import CurlBody, body_of
from gms_console.model.exchange import Exchange, SentRequest
from gms_console.redaction import MASK, Masker, header_secrets, is_credential_name, secret_rows
from gms_console.shell_text import BASH, CMD, POWERSHELL, Shell, in_comment, in_remark

_UNPACKED = {"gzip", "deflate"}
"""Encodings that every curl can undo."""

_EXPECT_FROM = 1_000_000
"""Bytes of a body from which curl would ask before it sends."""

_URL_CHARACTERS = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(slots=True)
class _Command:
    """The command as it grows: words of its options, and comments before it."""

    shell: Shell
    options: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)


def curl_command(exchange: Exchange, shell: Shell = BASH) -> str:
    """Write the request for a shell, so that curl sends the same bytes; each option on a line.

    Credentials are masked, and a comment names those to fill in; a comment also says what cannot
    be carried over, such as a file that is gone. Settings of the environment for TLS and proxy
    are not part of a request. Reads the files' places on the disk, not the files.
    """
    request = exchange.request
    known = header_secrets(request.headers)
    masker = Masker((*known, *(secret_rows(request.form) if request.form is not None else ())))
    body = body_of(request, masker, shell)
    command = _Command(shell, comments=list(body.comments), masked=list(body.masked))
    command.options += _method(request, body, shell)
    command.options += _protocol(request)
    _add_headers(command, request, body, masker)
    command.options += body.options
    url = _masked_url(command, request.url, masker)
    if re.search(r"[\[\]{}]", url):
        command.options.append("--globoff")
    if re.search(r"/\.{1,2}(/|$)", urlsplit(url).path):
        command.options.append("--path-as-is")
    return _written(command, body, shell.quoted(url))


def _written(command: _Command, body: CurlBody, url: str) -> str:
    comments = list(command.comments)
    if command.masked:
        names = ", ".join(dict.fromkeys(in_comment(name) for name in command.masked))
        comments.insert(0, f"Fill in where {MASK} stands: {names}")
    shell = command.shell
    lines = "".join(f"{shell.comment}{_comment(text, shell)}\n" for text in comments)
    if shell is POWERSHELL and any('"' in option for option in command.options):
        # Later ones would escape quotes within words once more.
        lines += "$PSNativeCommandArgumentPassing = 'Legacy'\n"
    start = f"{body.before} | \\\n" if body.before else ""
    return f"{lines}{start}{shell.continued.join([f'{shell.curl} {url}', *command.options])}\n"


def _comment(text: str, shell: Shell) -> str:
    return in_remark(text) if shell is CMD else text


def _method(request: SentRequest, body: CurlBody, shell: Shell) -> Iterator[str]:
    if request.method == "HEAD" and not body.options:
        yield "--head"
    elif request.method != ("POST" if body.options else "GET"):
        yield f"--request {shell.quoted(request.method)}"


def _protocol(request: SentRequest) -> Iterator[str]:
    if request.http_version == "HTTP/2":
        yield "--http2"
    elif request.url.lower().startswith("https:"):
        yield "--http1.1"


def _add_headers(command: _Command, request: SentRequest, body: CurlBody, masker: Masker) -> None:
    names = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if _curl_makes(request, name, value, body):
            continue
        if name.lower() == "accept-encoding" and set(re.split(r"[,\s]+", value)) <= _UNPACKED:
            command.options.append("--compressed")
        shown = _shown_value(name, value, masker)
        if MASK in shown:
            command.masked.append(name)
        line = f"{name}: {shown}" if shown else f"{name};"
        command.options.append(f"--header {command.shell.quoted(_line(line, command.shell))}")
    command.options += (
        f"--header {command.shell.quoted(name)}" for name in _unwanted(request, names, body)
    )


def _line(line: str, shell: Shell) -> str | bytes:
    """Give a header as a word: as bytes in bash; as text where words are text."""
    return line.encode("latin-1", "replace") if shell is BASH else line


def _curl_makes(request: SentRequest, name: str, value: str, body: CurlBody) -> bool:
    """Whether curl sends this header by itself, or one that does the same."""
    if name.startswith(":"):
        return True  # the request line of HTTP/2
    match name.lower():
        case "host":
            return value.lower() == urlsplit(request.url).netloc.lower()
        case "connection":
            return value.lower() == "keep-alive"
        case "accept":
            return value == "*/*"
        case "content-type":
            return body.makes_type(value)
        case other:
            return other in {"content-length", "transfer-encoding"}


def _unwanted(request: SentRequest, names: set[str], body: CurlBody) -> Iterator[str]:
    """Switch off what curl would add by itself."""
    for name in ("User-Agent", "Accept"):
        if name.lower() not in names:
            yield f"{name}:"
    if body.options and "content-type" not in names:
        yield "Content-Type:"
    if request.body_size >= _EXPECT_FROM:
        yield "Expect:"


def _shown_value(name: str, value: str, masker: Masker) -> str:
    if name.lower() == "cookie":
        pairs = (pair.strip().partition("=") for pair in value.split(";"))
        value = "; ".join(
            f"{key}{sign}{MASK if sign and is_credential_name(key) else text}"
            for key, sign, text in pairs
        )
    elif is_credential_name(name) and MASK not in value:
        scheme, blank, _ = value.partition(" ")
        value = f"{scheme} {MASK}" if blank and scheme in {"Basic", "Bearer"} else MASK
    return masker.mask(value)


def _masked_url(command: _Command, url: str, masker: Masker) -> str:
    """Write the URL in ASCII, as it goes out, with credentials in its query masked."""
    address, mark, query = quote(url, safe=_URL_CHARACTERS, errors="surrogateescape").partition("?")
    pairs = []
    for pair in query.split("&"):
        key, sign, value = pair.partition("=")
        if value and is_credential_name(unquote_plus(key)):
            command.masked.append(unquote_plus(key))
            value = MASK
        pairs.append(f"{key}{sign}{value}")
    return masker.mask(f"{address}{mark}{'&'.join(pairs)}")
