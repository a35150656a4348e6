"""What tests of imports share: texts as other tools write them, and what a step would send."""

import json
from collections.abc import Mapping
from typing import Any

from gms_console.flow.file import parse_flow
from gms_console.flow.types import Step
from gms_console.importing.importing import import_text
from gms_console.importing.types import Imported
from gms_console.importing.written import imported_text
from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.variables import Scope, expand, expand_form
from gms_console.wire.request import PreparedRequest, prepare_create, prepare_request

BASE = "http://gms.example:8080/genesys"
SERVICE = f"{BASE}/1/service"


def imported(text: str, **options: Any) -> Imported:
    """Import a text, and check that the flow file of it is read back as the same flow."""
    found = import_text(text, **options)
    written = imported_text(found, "a text")
    again = parse_flow(written, "written")
    assert again.steps == found.flow.steps, written
    assert (again.name, again.vars) == (found.flow.name, found.flow.vars)
    return found


def steps_of(text: str, **options: Any) -> tuple[Step, ...]:
    """Import a text; give the steps of its flow."""
    return imported(text, **options).flow.steps


def rows_of(step: Step) -> list[tuple[str, str]]:
    """Keys and values of a step, files as `@` and their place."""
    return [(row.key, f"@{row.file}" if row.file else row.value) for row in step.form]


def prepared(
    step: Step, place: Environment, values: Mapping[str, str] | None = None
) -> PreparedRequest:
    """The request that a step would send, with a boundary that is known."""
    scope = Scope(dict(values or {}))
    form = expand_form(step.form, scope)
    name = expand(step.name, scope)
    if step.kind.value == "create":
        return prepare_create(
            place, name, form, method=step.method, kind=step.encoding, boundary="BOUNDARY"
        )
    operation = Operation(
        kind=OperationKind.REQUEST, instance_id=expand(step.instance, scope), request=name
    )
    return prepare_request(
        place, operation, form, method=step.method, kind=step.encoding, boundary="BOUNDARY"
    )


# --- HAR ------------------------------------------------------------------------------


def har(*entries: dict[str, Any]) -> str:
    """A HAR of these entries, as browsers save one."""
    log = {"version": "1.2", "creator": {"name": "a browser", "version": "1"}, "entries": entries}
    return json.dumps({"log": log})


def entry(
    path: str,
    *,
    method: str = "POST",
    post: dict[str, Any] | None = None,
    answer: object = None,
    at: float = 0.0,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One entry: a path below `/1/service/`, or a whole address; `at` is in seconds."""
    request: dict[str, Any] = {
        "method": method,
        "url": path if "://" in path else f"{SERVICE}/{path}",
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": text} for name, text in (headers or {}).items()],
        "queryString": [],
        "cookies": [],
    }
    if post is not None:
        request["postData"] = post
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "startedDateTime": f"2026-11-27T10:00:{at:06.3f}Z",
        "time": 12.5,
        "request": request,
        "response": {
            "status": 200,
            "content": {"size": len(text), "mimeType": "application/json", "text": text},
        },
    }


def urlencoded(text: str) -> dict[str, Any]:
    """A body as browsers have it in a HAR."""
    return {"mimeType": "application/x-www-form-urlencoded", "text": text}


# --- Postman --------------------------------------------------------------------------

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(*items: dict[str, Any], **more: Any) -> str:
    """A Postman collection of these items."""
    info = {"name": "Callbacks", "schema": SCHEMA}
    return json.dumps({"info": info, "item": items, **more})


def item(name: str, path: str, body: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A request of a collection, below `{{baseUrl}}/1/service/`."""
    method = more.pop("method", "POST")
    event = more.pop("event", [])
    url = {"raw": f"{{{{baseUrl}}}}/1/service/{path}", "host": ["{{baseUrl}}"]}
    request = {"method": method, "header": [], "url": url, **more}
    if body is not None:
        request["body"] = body
    return {"name": name, "event": event, "request": request, "response": []}


def script(*lines: str, listen: str = "test") -> dict[str, Any]:
    """An event of a collection."""
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(lines)}}
