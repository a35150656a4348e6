"""HAR 1.2, as browsers and proxies save what they saw."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from gms_console.importing.address import told
from gms_console.importing.bodies import file_row, read_body, utf8
from gms_console.importing.calls import Call, Notes, Reading
from gms_console.importing.marks import cleaned
from gms_console.importing.tree import Tree
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind

_POSTED_HEADERS = re.compile(r"\A(?:Content-(?:Type|Length): [^\r\n]*\r\n)+\r\n", re.IGNORECASE)


def read_har(data: Any) -> Reading:  # noqa: ANN401 - JSON
    """Read all requests, in the order of their times. Raises UnreadableImportError."""
    reading = Reading(sums_up=True)
    entries = Tree(data).member("log").member("entries").items()
    found = [_Entry(entry, number, reading.notes) for number, entry in enumerate(entries, start=1)]
    sent = [(one.call(), one.leads_to) for one in found if not one.is_preflight]
    preflights = len(found) - len(sent)
    if preflights:
        reading.notes.add(f"{_counted(preflights, 'question')} of the browser (OPTIONS) left out")
    if all(call.started is not None for call, _ in sent):
        sent.sort(key=lambda one: one[0].started or 0.0)
    reading.calls += _without_redirected(sent, reading.notes)
    return reading


def _without_redirected(sent: list[tuple[Call, str]], notes: Notes) -> Iterator[Call]:
    """Leave out what redirects within one origin led to: a flow follows them by itself.

    Each request comes with the address that its answer led to; it gets the last answer.
    """
    waiting: dict[str, int] = {}
    calls: list[Call | None] = []
    for place, (call, leads_to) in enumerate(sent):
        first = waiting.pop(call.url, None)
        begun = None if first is None else calls[first]
        if first is None or begun is None:
            first = place
            calls.append(call)
        else:
            notes.add(
                f"{call.where}: {call.method} {told(call.url)} is left out: the answer to "
                f"{begun.where} led there, and is followed anyway"
            )
            calls[first] = replace(begun, answer=call.answer)
            calls.append(None)
        if leads_to:
            waiting[leads_to] = first
    return (call for call in calls if call is not None)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the log."""

    entry: Tree
    number: int
    notes: Notes

    @property
    def where(self) -> str:
        return f"request {self.number}"

    @property
    def _request(self) -> Tree:
        return self.entry.member("request")

    @property
    def is_preflight(self) -> bool:
        return self._request.member("method").text().upper() == "OPTIONS"

    @property
    def leads_to(self) -> str:
        """The address on the same origin that the answer led to; empty for none."""
        response = self.entry.optional("response")
        status = response.optional("status").text_or("")
        place = response.optional("redirectURL").text_or("")
        if not place or not status.startswith("3"):
            return ""
        url = self._request.member("url").text()
        try:
            there = urljoin(url, place)
            same = urlsplit(there)[:2] == urlsplit(url)[:2]
        except ValueError:
            return ""
        return cleaned(there) if same else ""

    def call(self) -> Call:
        """Make the Call of it."""
        headers = tuple(self._headers())
        form, kind = self._body({name.lower(): value for name, value in headers})
        return Call(
            where=self.where,
            url=cleaned(self._request.member("url").text()),
            method=self._request.member("method").text(),
            form=form,
            kind=kind,
            headers=headers,
            answer=self._answer(),
            started=_seconds(self.entry.optional("startedDateTime").text_or("")),
        )

    def _headers(self) -> Iterator[tuple[str, str]]:
        for header in self._request.optional("headers").items_or_none():
            yield header.member("name").text(), header.optional("value").text_or("")
        cookies = [one.member("name").text() for one in
                   self._request.optional("cookies").items_or_none()]  # fmt: skip
        if cookies:
            yield "Cookie", "; ".join(f"{name}=" for name in cookies)

    def _body(self, headers: dict[str, str]) -> tuple[Form, BodyKind]:
        post = self._request.optional("postData")
        if post.is_missing:
            return Form(), BodyKind.NONE
        text = cleaned(self._posted(post))
        content_type = post.optional("mimeType").text_or("") or headers.get("content-type", "")
        if "boundary" not in content_type and "boundary" in headers.get("content-type", ""):
            content_type = headers["content-type"]
        params = post.optional("params").items_or_none()
        multipart = content_type.lower().startswith("multipart/")
        # A text is what was sent; parameters are how somebody read it. But a text in which the
        # bytes of files went lost may miss the boundary.
        if params and (not text or (multipart and not _has_boundary(text, content_type))):
            return self._from_params(params, multipart=multipart)
        return read_body(text, content_type, self.where, self.notes)

    def _posted(self, post: Tree) -> str:
        """Give the text of a body, without what some tools do to it.

        Proxies write bytes in base64, as HAR has it for answers, and Firefox puts the headers of
        a form's body before it.
        """
        text = post.optional("text").text_or("")
        coding = post.optional("encoding").text_or("") or post.optional("_encoding").text_or("")
        if coding == "base64":
            try:
                text = b64decode(text, validate=True).decode("utf-8", "surrogateescape")
            except (Error, ValueError):
                self.notes.add(f"{self.where}: the body is no base64, as it says; it has no rows")
                return ""
        return _POSTED_HEADERS.sub("", text)

    def _from_params(self, params: list[Tree], *, multipart: bool) -> tuple[Form, BodyKind]:
        rows = [
            row for param in params if (row := self._row(param, multipart=multipart)) is not None
        ]
        kind = BodyKind.MULTIPART if multipart else BodyKind.URLENCODED
        return Form(tuple(rows)), kind

    def _row(self, param: Tree, *, multipart: bool) -> Row | None:
        key = utf8(cleaned(param.member("name").text()), self.where, self.notes)
        if not key:
            self.notes.add(f"{self.where}: a value has no name, and no row can hold it")
            return None
        content_type = param.optional("contentType").text_or("") or None
        filename = param.optional("fileName").text_or("")
        if filename:
            return file_row(key, cleaned(filename), content_type, self.where, self.notes)
        value = utf8(cleaned(param.optional("value").text_or("")), self.where, self.notes)
        return Row(key=key, value=value, content_type=content_type if multipart else None)

    def _answer(self) -> Any:  # noqa: ANN401 - JSON
        content = self.entry.optional("response").optional("content")
        text = content.optional("text").text_or("")
        if content.optional("encoding").text_or("") == "base64":
            try:
                text = b64decode(text).decode("utf-8", "replace")
            except (Error, ValueError):
                return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None


def _has_boundary(text: str, content_type: str) -> bool:
    found = re.search(r'boundary="?([^";\s]+)', content_type)
    return found is not None and f"--{found[1]}" in text


def _seconds(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
