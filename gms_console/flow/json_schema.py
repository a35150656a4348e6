"""The JSON schema of flow files, which editors complete and check by.

`python -m gms_console.flow.json_schema > docs/flow.schema.json` writes it anew.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from gms_console.flow.keys import FLOW_KEYS, ROW_KEYS, STEP_KEYS
from gms_console.flow.types import FORMAT_VERSION, Operator, StepKind
from gms_console.wire.body import BodyKind

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
_DURATION: Schema = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)? ?(ms|s|m)?\s*$"},
        {"type": "number", "exclusiveMinimum": 0},
    ]
}
_NAMED_TEXTS: Schema = {"type": "object", "additionalProperties": _VALUE}

_FLOW_WORDS = {
    "gms": "The version of the format.",
    "name": "What people call the flow; else it goes by the name of its file.",
    "env": "The environment that it is for; --env wins.",
    "vars": "Variables and their values, for {{name}} in texts; --var and data rows win.",
    "steps": "What is done, in order.",
}
_STEP_WORDS = {
    "create": "Creates an instance of this service (execution name).",
    "request": "Sends this service-specific request to an instance.",
    "poll": "Repeats this service-specific request until a state is reached.",
    "follow": "Chooses what has this label on the phone's screen.",
    "wait": "Waits for a time such as 2s.",
    "as": "The name that later steps call the instance by.",
    "on": "The name of an instance, or its id; without it, the one that was created last.",
    "method": "The HTTP method; POST unless it is given.",
    "encoding": "How rows are sent; auto is multipart when a row is a file, else urlencoded.",
    "form": "The rows that are sent, in order; a mapping does where no row says more.",
    "every": "The time from the start of one attempt to that of the next; 1s unless given.",
    "until": "What is waited for: a check of the answer, or a list of which any will do.",
    "fail_on": "What ends the poll in vain: a check of the answer, or a list of which any will do.",
    "within": "How long the poll may take; 60s unless it is given.",
    "tolerate": "Transport errors or answers of 5xx in a row that are borne; 3 unless given.",
    "expect": "Checks of the answer.",
    "capture": "Variables for later steps, each with the JMESPath of its value in the answer.",
    "keep_going": "Whether the steps after it are carried out even when it fails.",
    "always": "Whether it is carried out even after a step has failed, to clean up.",
    "note": "A caption for people.",
}
_ROW_WORDS = {
    "key": "The name of the row; those that begin with _ are parameters of the service.",
    "value": "The text that is sent.",
    "file": "The file that is sent, relative to the flow's folder.",
    "type": "The Content-Type of the row, such as image/png (multipart only).",
    "filename": "The file name that is sent in the place of the file's own.",
    "enabled": "Whether the row is sent; it is unless this says no.",
    "note": "A remark that is not sent.",
}
_OPERATOR_WORDS = {
    Operator.EQUALS: 'The value is this; 5 is "5".',
    Operator.IN: "The value is one of these.",
    Operator.MATCHES: "This regular expression is found in the value.",
    Operator.EXISTS: "Whether there is a value.",
    Operator.CONTAINS: "This is part of the text, an entry of the list, or a key of the object.",
    Operator.LESS_THAN: "The value is less than this number, or earlier than this time.",
    Operator.GREATER_THAN: "The value is more than this number, or later than this time.",
}


def schema() -> Schema:
    """Give the schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "GMS Console flow",
        "description": "A flow of GMS Console; docs/flows.md tells all about it.",
        "type": "object",
        "properties": _described(_FLOW_WORDS, FLOW_KEYS, _flow_properties()),
        "required": ["gms", "steps"],
        "additionalProperties": False,
        "$defs": {
            "text": {"description": "A text; a number is taken as it is written.", **_TEXT},
            "duration": {"description": "Such as 500ms, 1.5s or 2m; a number is s.", **_DURATION},
            "row": _row(),
            "form": _form(),
            "path": {"type": "string", "minLength": 1},
            "valueCheck": _value_check(),
            "conditions": _one_or_list("#/$defs/valueCheck", least=1),
            "check": _check(),
            "checks": _one_or_list("#/$defs/check", least=0),
            "step": {"oneOf": [{"$ref": f"#/$defs/{kind.value}"} for kind in StepKind]},
            **{kind.value: _step(kind) for kind in StepKind},
        },
    }


def schema_text() -> str:
    """Give the schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _flow_properties() -> Schema:
    return {
        "gms": {"type": "integer", "const": FORMAT_VERSION},
        "name": _VALUE,
        "env": _TEXT,
        "vars": _NAMED_TEXTS,
        "steps": {"type": "array", "minItems": 1, "items": _ref("step")},
    }


def _step(kind: StepKind) -> Schema:
    text = _ref("text")
    own = _ref("duration") if kind is StepKind.WAIT else text
    properties: Schema = {
        kind.value: own,
        "as": text,
        "on": text,
        "method": text,
        "note": _VALUE,
        "encoding": {"enum": [one.value for one in BodyKind], "default": BodyKind.AUTO.value},
        "form": _ref("form"),
        "every": _ref("duration"),
        "until": _ref("conditions"),
        "fail_on": _ref("conditions"),
        "within": _ref("duration"),
        "tolerate": {"type": "integer", "minimum": 0, "default": 3},
        "expect": _ref("checks"),
        "capture": {"type": "object", "additionalProperties": _ref("path")},
        "keep_going": {"type": "boolean", "default": False},
        "always": {"type": "boolean", "default": False},
    }
    return {
        "description": _STEP_WORDS[kind.value],
        "type": "object",
        "properties": _described(_STEP_WORDS, STEP_KEYS[kind], properties),
        "required": [kind.value, *(["until"] if kind is StepKind.POLL else [])],
        "additionalProperties": False,
    }


def _row() -> Schema:
    properties: Schema = {
        **dict.fromkeys(("key", "value", "type", "filename", "note"), _VALUE),
        "file": _ref("text"),
        "enabled": {"type": "boolean", "default": True},
    }
    return {
        "type": "object",
        "properties": _described(_ROW_WORDS, ROW_KEYS, properties),
        "required": ["key"],
        "not": {"required": ["value", "file"]},
        "additionalProperties": False,
    }


def _form() -> Schema:
    rows = {"type": "array", "items": _ref("row")}
    return {"anyOf": [rows, _NAMED_TEXTS]}


def _value_check() -> Schema:
    ordered = {"type": ["string", "number"]}
    operands: dict[Operator, Schema] = {
        Operator.EQUALS: {"not": {"type": "null"}},
        Operator.IN: {"type": "array", "minItems": 1},
        Operator.MATCHES: {"type": ["string", "number", "boolean"], "minLength": 1},
        Operator.EXISTS: {"type": "boolean"},
        Operator.CONTAINS: {"not": {"type": "null"}},
        Operator.LESS_THAN: ordered,
        Operator.GREATER_THAN: ordered,
    }
    properties = {
        operator.value: {"description": _OPERATOR_WORDS[operator], **operands[operator]}
        for operator in Operator
    }
    path = {"description": "A JMESPath into the JSON answer.", **_ref("path")}
    return {
        "type": "object",
        "properties": {"path": path, **properties},
        "required": ["path"],
        "minProperties": 2,
        "maxProperties": 2,
        "additionalProperties": False,
    }


def _check() -> Schema:
    status = {"type": "integer", "minimum": 100, "maximum": 599}
    http = {
        "description": "The HTTP status is this, or one of these.",
        "anyOf": [status, {"type": "array", "minItems": 1, "items": status}],
    }
    time = {
        "description": "The exchange takes no longer; in ms.",
        "type": "number",
        "exclusiveMinimum": 0,
    }
    return {"oneOf": [_single("http", http), _single("max_ms", time), _ref("valueCheck")]}


def _single(name: str, value: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {name: value},
        "required": [name],
        "additionalProperties": False,
    }


def _one_or_list(reference: str, *, least: int) -> Schema:
    many: Schema = {"type": "array", "items": {"$ref": reference}}
    if least:
        many["minItems"] = least
    return {"anyOf": [{"$ref": reference}, many]}


def _described(words: dict[str, str], keys: tuple[str, ...], properties: Schema) -> Schema:
    return {key: {"description": words[key], **properties[key]} for key in keys}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
