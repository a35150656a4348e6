"""Postman collections, version 2.1 (and 2.0, which differs in what a flow has no place for)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from gms_console.importing.bodies import (
    URLENCODED,
    other_type,
    percent_decoded,
    read_body,
    shortened,
    utf8,
)
from gms_console.importing.calls import Call, Notes, Pause, Reading
from gms_console.importing.marks import cleaned, variable, with_variables
from gms_console.importing.own_names import built_in
from gms_console.importing.own_rules import OwnRules, own_rules
from gms_console.importing.postman_scripts import Scripts, read_script
from gms_console.importing.tree import Tree
from gms_console.importing.types import UnreadableImportError
from gms_console.model.form import Form, Row
from gms_console.redaction import is_credential_name
from gms_console.wire.body import BodyKind

_OURS = {
    "$guid": "$uuid",
    "$randomUUID": "$uuid",
    "$isoTimestamp": "$now",
}
_PATH_VARIABLE = re.compile(r"(?<=/):([A-Za-z_][\w-]*)")
_OWN_TITLE = re.compile(r"\d+ (create|request|poll) ")
_PAUSE = re.compile(
    r"setTimeout\(\s*(?:\(\)\s*=>|function\s*\(\))\s*\{\s*\}\s*,\s*(\d{1,8})\s*\)\s*;?"
)
_OWN_NOTE = "Made by GMS Console from "
_OWN_NAME = re.compile("\ufdd0_(uuid|counter|now)(?:_([\\w+]+))?\ufdd1")
_OWN_MOMENT = re.compile(
    r'(?m)^pm\.collectionVariables\.set\("_(?:uuid|counter|now_[\w+]+)", .*\);$'
)
_DEEPEST = 50
_CLOUD = "postman-cloud:"


def read_postman(data: Any) -> Reading:  # noqa: ANN401 - JSON
    """Read all requests of a collection, folder by folder. Raises UnreadableImportError."""
    root = Tree(data)
    info = root.member("info")
    schema = info.optional("schema").text_or("")
    if schema and "/v2." not in schema:
        raise UnreadableImportError(
            f"$.info.schema: found {shortened(schema)}, expected a collection of version 2.1"
        )
    reader = _Collection()
    reader.reading.name = info.optional("name").text_or("")
    reader.is_own = str(info.optional("description").value).startswith(_OWN_NOTE)
    reader.variables(root)
    reader.common(root, "The collection")
    reader.items(root.member("item"), "", 0)
    return reader.reading


@dataclass(slots=True)
class _Collection:
    """A collection as it is gone through."""

    reading: Reading = field(default_factory=Reading)
    is_own: bool = False
    _values: dict[str, str] = field(default_factory=dict)

    @property
    def _notes(self) -> Notes:
        return self.reading.notes

    def variables(self, root: Tree) -> None:
        for one in root.optional("variable").items_or_none():
            name = one.optional("key").text_or("") or one.optional("id").text_or("")
            if not name or one.optional("disabled").value is True:
                continue
            value = self._text(one.optional("value").text_or(""))
            if self.is_own and not value and _is_to_be_set(one):
                continue  # without a value it is told as one
            if one.optional("type").text_or("") == "secret" or is_credential_name(name):
                self._notes.add(
                    f"The value of the variable {name} is a secret, and is not written; give it "
                    f"with --var {name}=..."
                )
                continue
            self._values[name] = value
        self.reading.variables = self._values

    def common(self, tree: Tree, what: str) -> None:
        """Note what a collection or folder sets for the requests in it."""
        self._auth(tree, what)
        for script in _scripts(tree):
            if _code(script.text):
                self._notes.add(f"{what}: its {script.kind} script is left out")

    def _auth(self, tree: Tree, what: str) -> None:
        kind = tree.optional("auth")
        name = "" if kind.is_missing else kind.optional("type").text_or("")
        if name and name != "noauth":
            self._notes.add(
                f"{what}: its {name} authentication is left out, and its values are not written; "
                "set the credentials in the environment"
            )

    def items(self, tree: Tree, folder: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise UnreadableImportError(f"{tree.path}: found more than {_DEEPEST} folders deep")
        for item in tree.items():
            name = item.optional("name").text_or("")
            title = f"{folder} / {name}" if folder and name else name or folder
            if not item.optional("item").is_missing:
                self.common(item, f"Folder {shortened(title)}")
                self.items(item.member("item"), title, depth + 1)
            elif not item.optional("request").is_missing:
                where = shortened(title) if title else item.path
                self.reading.calls.append(self._call(item, title, where))
            else:
                raise UnreadableImportError(
                    f"{item.path}: found neither 'request' nor 'item', expected one of them"
                )

    def _call(self, item: Tree, title: str, where: str) -> Call:
        request = item.member("request")
        if request.is_text:
            return Call(where=where, url=self._text(request.text()), method="GET", note=title)
        self._auth(request, where)
        url, query = self._url(request.optional("url"), where)
        headers = tuple(self._headers(request))
        form, kind = self._body(request.optional("body"), dict(headers), where)
        own, scripts = self._item_scripts(item, where)
        return Call(
            where=where,
            url=url,
            method=request.optional("method").text_or("GET"),
            form=form,
            kind=kind,
            query=query,
            headers=headers,
            note="" if own.is_there and _OWN_TITLE.match(title) else title,
            expect=own.expect or scripts.expect,
            capture=own.capture or scripts.capture,
            id_name=own.id_name,
            poll=own.poll,
            keep_going=own.keep_going,
            always=own.always,
        )

    def _item_scripts(self, item: Tree, where: str) -> tuple[OwnRules, Scripts]:
        """Read the scripts of a request; a pause before it becomes one of its own."""
        own, scripts = OwnRules(), Scripts()
        for script in _scripts(item):
            code = _code(script.text)
            if self.is_own and script.kind != "test":
                code = _OWN_MOMENT.sub("", code).strip()
            pause = _PAUSE.fullmatch(code)
            if script.kind == "test" and (found := own_rules(script.text)) is not None:
                own = found
            elif script.kind == "test":
                scripts = read_script(script.text, where, self._notes)
            elif pause is not None:
                self.reading.calls.append(Pause(int(pause[1]) / 1000))
            elif code:
                self._notes.add(f"{where}: its {script.kind} script is left out")
        return own, scripts

    def _headers(self, request: Tree) -> Iterator[tuple[str, str]]:
        header = request.optional("header")
        if header.is_text:
            for line in header.text().splitlines():
                name, sign, value = line.partition(":")
                if sign:
                    yield name.strip().lower(), value.strip()
            return
        for one in header.items_or_none():
            if one.optional("disabled").value is not True:
                yield one.optional("key").text_or(""), one.optional("value").text_or("")

    # --- addresses

    def _url(self, url: Tree, where: str) -> tuple[str, Form | None]:
        """Give the address, and its rows where they are listed."""
        if url.is_missing or url.is_text:
            return self._text(url.text_or("")), None
        raw = url.optional("raw").text_or("") or _built(url)
        address, sign, rest = raw.partition("?")
        values = {
            one.optional("key").text_or(""): one.optional("value").text_or("")
            for one in url.optional("variable").items_or_none()
        }
        address = _PATH_VARIABLE.sub(lambda one: values.get(one[1]) or f"{{{{{one[1]}}}}}", address)
        params = url.optional("query").items_or_none()
        if not params:
            return self._text(f"{address}{sign}{rest}"), None
        rows = [row for one in params if (row := self._parameter(one, where)) is not None]
        return self._text(address), Form(tuple(rows))

    def _parameter(self, one: Tree, where: str) -> Row | None:
        key = percent_decoded(self._text(one.optional("key").text_or("")), where, self._notes)
        value = percent_decoded(self._text(one.optional("value").text_or("")), where, self._notes)
        return self._row(one, key, where, value=value)

    # --- bodies

    def _body(self, body: Tree, headers: dict[str, str], where: str) -> tuple[Form, BodyKind]:
        mode = "" if body.is_missing else body.optional("mode").text_or("")
        if not mode or body.optional("disabled").value is True:
            return Form(), BodyKind.NONE
        if mode == "urlencoded":
            return self._urlencoded(body.optional("urlencoded"), where), BodyKind.URLENCODED
        if mode == "formdata":
            rows = (
                row
                for one in body.optional("formdata").items_or_none()
                for row in self._part(one, where)
            )
            return Form(tuple(rows)), BodyKind.MULTIPART
        if mode == "raw":
            return self._raw(body, headers, where)
        self._notes.add(f"{where}: a body of the mode {mode} is left out; a flow sends rows")
        return Form(), BodyKind.NONE

    def _urlencoded(self, rows: Tree, where: str) -> Form:
        if rows.is_text:
            return self._pasted(rows.text(), where)
        found = (self._text_row(one, where) for one in rows.items_or_none())
        return Form(tuple(row for row in found if row is not None))

    def _pasted(self, text: str, where: str) -> Form:
        form, _ = read_body(self._text(text), URLENCODED, where, self._notes)
        return form

    def _raw(self, body: Tree, headers: dict[str, str], where: str) -> tuple[Form, BodyKind]:
        language = body.optional("options").optional("raw").optional("language").text_or("")
        named = next((text for name, text in headers.items() if name.lower() == "content-type"), "")
        content_type = named or {"json": "application/json"}.get(language, "text/plain")
        text = self._text(body.optional("raw").text_or(""))
        return read_body(text, content_type, where, self._notes)

    def _text_row(self, one: Tree, where: str) -> Row | None:
        value = utf8(self._text(one.optional("value").text_or("")), where, self._notes)
        key = utf8(self._text(one.optional("key").text_or("")), where, self._notes)
        return self._row(one, key, where, value=value)

    def _part(self, one: Tree, where: str) -> Iterator[Row]:
        content_type = one.optional("contentType").text_or("") or None
        if one.optional("type").text_or("text") != "file":
            row = self._text_row(one, where)
            if row is not None:
                yield Row(**{**_fields(row), "content_type": content_type})
            return
        src = one.optional("src")
        key = self._text(one.optional("key").text_or(""))
        paths = [src.text()] if src.is_text else [each.text() for each in src.items_or_none()]
        if not any(paths):
            self._notes.add(f"{where}: no file is chosen for {shortened(key)}; it is left out")
        for path in filter(None, paths):
            place = path.rpartition("/")[2] if path.startswith(_CLOUD) else path
            if place != path:
                self._notes.add(
                    f"{where}: the file of {shortened(key)} lies with Postman; put it beside the "
                    "flow, and its name into the row"
                )
            file = utf8(self._text(place).replace("\0", ""), where, self._notes)
            sent = self._text(one.optional("fileName").text_or("")) or _base(file)
            row = self._row(one, key, where)
            if row is not None:
                own = {"file": Path(file), "content_type": other_type(content_type, sent)}
                own["filename"] = None if sent == Path(file).name else sent
                yield Row(**{**_fields(row), **own})

    def _row(self, one: Tree, key: str, where: str, *, value: str = "") -> Row | None:
        if not key:
            if value:
                self._notes.add(f"{where}: a value has no name, and no row can hold it")
            return None
        note = one.optional("description")
        text = note.text_or("") if not isinstance(note.value, dict) else _content(note)
        enabled = one.optional("disabled").value is not True
        return Row(key=key, value=value, enabled=enabled, note=text)

    def _text(self, text: str) -> str:
        """Mark the variables of a text, those built in by the names that they have here."""
        text = with_variables(cleaned(text))
        for theirs, ours in _OURS.items():
            text = text.replace(variable(theirs), variable(ours))
        if self.is_own:
            text = _OWN_NAME.sub(lambda found: variable(built_in(found[1], found[2])), text)
        for found in re.findall("\ufdd0(\\$[A-Za-z]\\w*)\ufdd1", text):
            if found not in {*_OURS.values(), "$counter"}:
                self._notes.add(
                    f"Postman makes {{{{{found}}}}} by itself, and a flow does not know it; write "
                    "another value"
                )
        return text


def _is_to_be_set(one: Tree) -> bool:
    return str(one.optional("description").value).startswith("Set it: ")


def _fields(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "value": row.value,
        "enabled": row.enabled,
        "note": row.note,
    }


def _content(note: Tree) -> str:
    return note.optional("content").text_or("")


def _base(path: str) -> str:
    return (PureWindowsPath if "\\" in path else PurePosixPath)(path).name


def _built(url: Tree) -> str:
    """Put an address together from its parts."""
    host, path = url.optional("host"), url.optional("path")
    name = (
        host.text_or("") if host.is_text else ".".join(one.text() for one in host.items_or_none())
    )
    port, protocol = url.optional("port").text_or(""), url.optional("protocol").text_or("")
    steps = (
        [path.text()]
        if path.is_text
        else [
            one.text() if not isinstance(one.value, dict) else one.optional("value").text_or("")
            for one in path.items_or_none()
        ]
    )
    start = f"{protocol}://{name}" if protocol else name
    return f"{start}{f':{port}' if port else ''}/{'/'.join(steps).lstrip('/')}"


@dataclass(frozen=True, slots=True)
class _Script:
    kind: str
    text: str


def _scripts(tree: Tree) -> Iterator[_Script]:
    for event in tree.optional("event").items_or_none():
        kind = {"test": "test", "prerequest": "pre-request"}.get(
            event.optional("listen").text_or("")
        )
        code = event.optional("script").optional("exec")
        if kind is None or event.optional("disabled").value is True:
            continue
        lines = [code.text()] if code.is_text else [one.text() for one in code.items_or_none()]
        yield _Script(kind, "\n".join(lines))


def _code(text: str) -> str:
    """Give a script without comments and blanks."""
    return re.sub(r"(?m)^\s*//.*$", "", text).strip()
