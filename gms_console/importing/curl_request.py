"""The options of one command of curl, gathered into the request that curl would send."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from gms_console.importing import curl_options
from gms_console.importing.bodies import URLENCODED, read_body, shortened
from gms_console.importing.calls import Call, Notes
from gms_console.importing.curl_form import form_rows
from gms_console.importing.curl_options import ADVICE, Option
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind

_URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(.*)", re.DOTALL)


@dataclass(slots=True)
class CurlRequest:
    """What the options say so far. `piped` is what the command before it writes into it."""

    line: int
    notes: Notes
    piped: str | None = None
    urls: list[str] = field(default_factory=list)
    _data: list[str] = field(default_factory=list)
    _query: list[str] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _headers: list[tuple[str, str]] = field(default_factory=list)
    _removed: set[str] = field(default_factory=set)
    _method: str = ""
    _flags: set[str] = field(default_factory=set)
    _has_form: bool = False
    _has_data: bool = False
    _is_json: bool = False

    @property
    def where(self) -> str:
        """Its place, for messages."""
        return f"line {self.line}"

    def add(self, option: Option) -> None:
        """Take an option in."""
        name, value = option.name, option.value
        if name in {"data", "data-ascii", "data-raw", "data-binary", "json"}:
            self._is_json |= name == "json"
            self._add_data(value, may_be_file=name != "data-raw", lines=name == "data-binary")
        elif name == "data-urlencode":
            self._add_urlencoded(value)
        elif name in {"form", "form-string"}:
            self._has_form = True
            self._rows += form_rows(value, self.where, self.notes, plain=name == "form-string")
        elif name in {"get", "head"}:
            self._flags.add(name)
        elif name == "request":
            self._method = value
        elif name == "url":
            self.urls.append(value)
        elif name == "url-query":
            self._query.append(_url_query(value, self.where, self.notes))
        elif name == "upload-file":
            self._flags.add(name)
            self.notes.add(f"{self.where}: the body is the file {shortened(value)}; it has no rows")
        elif not self._as_header(name, value):
            self._tell(option)

    def _as_header(self, name: str, value: str) -> bool:
        """Take an option in that makes a header; say whether it does."""
        if name == "header":
            self._add_header(value)
        elif name == "cookie" and "=" not in value:
            self.notes.add(f"{self.where}: cookies of the file {shortened(value)} are not read")
        elif name in {"cookie", "user-agent", "referer"}:
            self._headers.append((name.title(), value))
        elif name in {"user", "oauth2-bearer"}:
            self._headers.append(("Authorization", "***"))
        else:
            return False
        return True

    def _add_header(self, line: str) -> None:
        if line.startswith("@"):
            self.notes.add(f"{self.where}: headers of the file {shortened(line[1:])} are not read")
            return
        name, sign, value = line.partition(":")
        if sign and not value.strip():
            self._removed.add(name.strip().lower())
        elif sign:
            self._headers.append((name.strip(), value.strip()))
        elif line.endswith(";"):
            self._headers.append((line[:-1].strip(), ""))
        else:
            # What stands there may be a credential.
            self.notes.add(f"{self.where}: a header without a colon is none, and is left out")

    def _tell(self, option: Option) -> None:
        if curl_options.is_harmless(option.name):
            return
        advice = ADVICE.get(option.name, "a flow has no place for it")
        value = curl_options.told_value(option.name, option.value)
        told = f"--{option.name} {value}".rstrip()
        self.notes.add(f"{told} is left out: {advice}", option.line)

    # --- bodies

    def _add_data(self, value: str, *, may_be_file: bool, lines: bool) -> None:
        self._has_data = True
        if may_be_file and value.startswith("@"):
            if value == "@-" and self.piped is not None:
                value = self.piped if lines else re.sub("[\r\n]", "", self.piped)
            else:
                self._no_file(value[1:])
                return
        if self._is_json and self._data:
            self._data[-1] += value  # --json does not put & between
        else:
            self._data.append(value)

    def _no_file(self, name: str) -> None:
        source = "standard input" if name == "-" else f"the file {shortened(name)}"
        self.notes.add(f"{self.where}: data of {source} are not read; put their rows in by hand")

    def _add_urlencoded(self, value: str) -> None:
        """Take the five forms in: `text`, `=text`, `name=text`, `@file`, `name@file`."""
        self._has_data = True
        encoded = _urlencoded(value)
        if encoded is None:
            self._no_file(value.partition("@")[2])
        else:
            self._data.append(encoded)

    # --- the request

    def calls(self) -> list[Call]:
        """Give a Call for each URL."""
        if not self.urls:
            self.notes.add(f"{self.where}: curl has no URL here, and nothing to send")
        method, query = self._sent_method(), "&".join(self._query)
        if "get" in self._flags:
            query = "&".join([*self._query, *self._data])
        form, kind = self._content()
        return [
            Call(
                where=self.where,
                url=_with_query(_whole_url(url), query),
                method=method,
                form=form,
                kind=kind,
                headers=tuple(self._headers),
            )
            for url in self.urls
        ]

    def _sent_method(self) -> str:
        if self._method:
            return self._method
        if "head" in self._flags:
            return "HEAD"
        if "get" in self._flags:
            return "GET"
        if "upload-file" in self._flags:
            return "PUT"
        return "POST" if self._has_data or self._has_form else "GET"

    def _content(self) -> tuple[Form, BodyKind]:
        if self._has_form:
            if self._has_data:
                self.notes.add(f"{self.where}: curl takes no data beside -F; they are left out")
            return Form(tuple(self._rows)), BodyKind.MULTIPART
        if "get" in self._flags or not self._data:
            return Form(), BodyKind.NONE
        named = [value for name, value in self._headers if name.lower() == "content-type"]
        default = "application/json" if self._is_json else URLENCODED
        return read_body("&".join(self._data), (named or [default])[-1], self.where, self.notes)


def _urlencoded(value: str) -> str | None:
    """Give what --data-urlencode sends for a value; None for one that is in a file."""
    name, sign, text = value.partition("=")
    if "@" in name:
        return None
    if not sign:
        return _encoded(value)
    return f"{name}={_encoded(text)}" if name else _encoded(text)


def _encoded(text: str) -> str:
    """Encode a text as curl does, but for the marks of variables."""
    return "".join(
        piece if place % 2 else quote(piece.encode("utf-8", "surrogateescape"), safe="")
        for place, piece in enumerate(re.split("(\ufdd0[^\ufdd1]*\ufdd1)", text))
    )


def _url_query(value: str, where: str, notes: Notes) -> str:
    if value.startswith("+"):
        return value[1:]
    encoded = _urlencoded(value)
    if encoded is None:
        notes.add(f"{where}: --url-query of a file is not read")
    return encoded or ""


def _whole_url(url: str) -> str:
    found = _URL.fullmatch(url)
    whole = found is None or found[1] or url.startswith("\ufdd0")
    return url if whole else f"http://{url}"


def _with_query(url: str, query: str) -> str:
    if not query:
        return url
    address, hash_sign, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{hash_sign}{fragment}"
