"""The exported Postman collection: its shape, and that newman does with it what a Run does."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.engine.exports import carry_out, flow_in, gms, place, run_flow, script_of, shown, steps
from tests.engine.test_export_httpx import SHORT, STORY
from tests.support.wire_server import WireServer, json_answer

_ROW = {
    "type": "object",
    "required": ["key"],
    "properties": {
        "key": {"type": "string"},
        "value": {"type": "string"},
        "type": {"enum": ["text", "file"]},
        "src": {"type": "string"},
        "contentType": {"type": "string"},
        "disabled": {"type": "boolean"},
    },
    "additionalProperties": False,
}
_AUTH_ROWS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value", "type"],
        "properties": {name: {"type": "string"} for name in ("key", "value", "type")},
    },
}
COLLECTION: dict[str, Any] = {
    "type": "object",
    "required": ["info", "item"],
    "additionalProperties": False,
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {
                "schema": {
                    "const": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
                }
            },
        },
        "variable": {"type": "array", "items": {"type": "object", "required": ["key", "value"]}},
        "item": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "request"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "event": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["listen", "script"],
                            "properties": {
                                "listen": {"enum": ["test", "prerequest"]},
                                "script": {
                                    "type": "object",
                                    "properties": {
                                        "exec": {"type": "array", "items": {"type": "string"}}
                                    },
                                },
                            },
                        },
                    },
                    "request": {
                        "type": "object",
                        "required": ["method", "url"],
                        "additionalProperties": False,
                        "properties": {
                            "method": {"type": "string"},
                            "description": {"type": "string"},
                            "header": {"type": "array", "items": _ROW},
                            "url": {
                                "type": "object",
                                "required": ["raw", "host", "path"],
                                "properties": {
                                    "raw": {"type": "string"},
                                    "host": {"type": "array", "items": {"type": "string"}},
                                    "path": {"type": "array", "items": {"type": "string"}},
                                    "query": {"type": "array", "items": _ROW},
                                },
                            },
                            "auth": {
                                "type": "object",
                                "required": ["type"],
                                "properties": {
                                    "type": {"enum": ["basic", "bearer"]},
                                    "basic": _AUTH_ROWS,
                                    "bearer": _AUTH_ROWS,
                                },
                            },
                            "body": {
                                "type": "object",
                                "required": ["mode"],
                                "properties": {
                                    "mode": {"enum": ["raw", "urlencoded", "formdata"]},
                                    "raw": {"type": "string"},
                                    "urlencoded": {"type": "array", "items": _ROW},
                                    "formdata": {"type": "array", "items": _ROW},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}

_NEWMAN = os.environ.get("NEWMAN") or shutil.which("newman") or ""


def collection(text: str, folder: Path, server: WireServer) -> dict[str, Any]:
    exported = script_of(flow_in(folder, text), "postman", server)
    (folder / "flow.json").write_text(exported.text, encoding="utf-8")
    document: dict[str, Any] = json.loads(exported.text)
    jsonschema.validate(document, COLLECTION)
    return document


def test_rows_in_order_with_files_types_and_rows_that_are_off(
    wire: WireServer, tmp_path: Path
) -> None:
    document = collection(STORY, tmp_path, wire)
    first, poll = document["item"][:2]
    rows = first["request"]["body"]["formdata"]
    assert [row["key"] for row in rows] == [
        "_phone_number",
        "language",
        "greeting",
        "FileKey",
        "typed",
        "note",
        "language",
    ]
    assert rows[0]["value"] == "{{phone}}"
    picture = {"key": "FileKey", "type": "file", "src": "MyPic.png", "contentType": "image/png"}
    assert rows[3] == picture
    assert rows[5]["disabled"] is True
    assert poll["request"]["url"]["path"] == ["1", "service", "{{id of call}}", "status"]
    values = {one["key"]: one["value"] for one in document["variable"]}
    assert values["base_url"] == f"{wire.base_url}/genesys"
    assert values["greeting"] == "hello {{phone}} é"


def test_what_postman_cannot_do_is_listed(wire: WireServer) -> None:
    flow = steps(
        """\
  - create: x
    expect: [{path: "length(list)", equals: 1}]
  - follow: Yes
  - wait: 2s
"""
    )
    exported = script_of(flow, "postman", wire)
    assert [one.partition(":")[0] for one in exported.left_out] == [
        "The wait at the end",
        "Step 1",
        "Step 2, follow Yes",
    ]
    shown_note = json.loads(exported.text)["info"]["description"]
    assert all(one in shown_note for one in exported.left_out)


newman = pytest.mark.skipif(not _NEWMAN, reason="needs newman (npm install newman), or NEWMAN")


@newman
async def test_newman_sends_what_a_run_sends(wire: WireServer, tmp_path: Path) -> None:
    # newman writes type, quoting and encoding of rows by rules of its own.
    text = STORY.replace('form: {number: "{{number}}", "key two"', 'form: {number: "x", "key"')
    text = text.replace("fr'en\\\"ch & \\\\\\\\ $x `y` %PATH% !z", "french")
    collection(text, tmp_path, wire)
    flow = flow_in(tmp_path, text)
    wire.default = gms("waiting", "agent-ready")
    assert (await run_flow(flow, place(wire))).ok
    first = list(wire.requests)
    wire.default = gms("waiting", "agent-ready")
    done = await asyncio.to_thread(carry_out, [_NEWMAN, "run", "flow.json"], tmp_path)
    assert done.returncode == 0, done.stdout
    second = wire.requests[len(first) :]
    names = [(one.method, one.target.partition("?")[0]) for one in first]
    assert [(one.method, one.target.partition("?")[0]) for one in second] == names
    assert shown(second[0])[3].count(b"Content-Disposition") == 6
    assert second[2].body == first[2].body


@newman
@pytest.mark.parametrize(
    ("states", "good"), [(("w", "agent-ready"), True), (("w", "failed"), False), (("w",), False)]
)
def test_how_a_poll_ends_in_newman(
    wire: WireServer, tmp_path: Path, states: tuple[str, ...], good: bool
) -> None:
    collection(SHORT, tmp_path, wire)
    wire.default = gms(*states)
    done = carry_out([_NEWMAN, "run", "flow.json"], tmp_path)
    assert (done.returncode == 0) is good, done.stdout
    names = [one.target.rpartition("/")[2] for one in wire.requests]
    assert names[-1] == "cancel"
    assert ("next" in names) is good


@newman
def test_an_error_ends_it_in_newman(wire: WireServer, tmp_path: Path) -> None:
    collection(SHORT.replace("    always: true\n", ""), tmp_path, wire)
    wire.default = json_answer({"message": "no such service", "exception": "java.lang.X"})
    done = carry_out([_NEWMAN, "run", "flow.json"], tmp_path)
    assert done.returncode == 1
    assert "no such service" in done.stdout
    assert len(wire.requests) == 1
