"""A Flow as a Postman collection v2.1; its polls and checks run in Postman and newman."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from gms_console.exporting.script import (
    Authorization,
    Operand,
    Rule,
    Script,
    ScriptRow,
    ScriptStep,
    in_order,
)
from gms_console.exporting.simple_paths import simple_path
from gms_console.exporting.texts import Ref, RefKind, Text
from gms_console.exporting.types import Exported
from gms_console.flow.types import HttpCheck, StepKind, TimeCheck
from gms_console.model.connection import ProxyMode
from gms_console.wire.body import BodyKind

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

Json = dict[str, Any]


def postman_collection(script: Script) -> Exported:
    """Write the collection. Waits stand before the next request; follow steps are left out."""
    return _Collection(script).exported()


class _Collection:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._left_out = list(script.left_out)
        sending = [step for step in script.steps if step.segments]
        self._names = {step.number: f"{step.number} {step.title}" for step in sending}
        self._always = [step.number for step in sending if step.always]
        self._moments: set[RefKind] = set()

    def exported(self) -> Exported:
        items: list[Json] = []
        wait = 0.0
        for step in self._script.steps:
            if step.kind is StepKind.WAIT:
                wait += step.seconds
            elif not step.left_out:
                items.append(self._item(step, wait))
                wait = 0.0
        if wait:
            self._left_out.append("The wait at the end: nothing follows it.")
        self._list_settings()
        self._left_out = list(in_order(self._left_out))
        note = f"Made by GMS Console from {self._script.source}."
        if self._left_out:
            note += "\n\nNot carried over:\n" + "\n".join(f"- {one}" for one in self._left_out)
        document = {
            "info": {"name": self._script.title, "description": note, "schema": SCHEMA},
            "item": items,
            "variable": self._variables(),
        }
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        return Exported(text, tuple(self._left_out))

    def _variables(self) -> list[Json]:
        script = self._script
        base = {"key": "base_url", "value": script.base_url}
        if not script.base_url:
            base["description"] = "Set it: where to send, such as http://host:8080/genesys."
        found = [base]
        found += [{"key": one.name, "value": self._text(one.value)} for one in script.variables]
        found += [
            {"key": one.name, "value": "", "description": f"Set it: {one.what}."}
            for one in script.needed
        ]
        return found

    def _list_settings(self) -> None:
        environment = self._script.environment
        if environment is None:
            return
        if environment.tls.certificate is not None or environment.tls.ca_file is not None:
            self._left_out.append("Certificates: Postman has them in its settings.")
        if not environment.verify_tls:
            self._left_out.append("TLS is not checked here: switch that off in Postman too.")
        if environment.proxy.mode is ProxyMode.EXPLICIT:
            self._left_out.append("The proxy: Postman has it in its settings.")

    # --- a request -----------------------------------------------------------------------

    def _item(self, step: ScriptStep, wait: float) -> Json:
        headers = [
            {"key": name, "value": self._text(value)} for name, value in self._script.headers
        ]
        if step.encoding is BodyKind.JSON and step.sent_rows:
            headers.append({"key": "Content-Type", "value": "application/json"})
        request: Json = {"method": step.method, "header": headers, "url": self._url(step)}
        if step.authorization is not None:
            request["auth"] = self._auth(step.authorization)
        if step.rows and not step.in_query:
            request["body"] = self._body(step)
        if step.note:
            request["description"] = step.note
        events = []
        before = self._before(step, wait)
        if before:
            events.append(_event("prerequest", before))
        events.append(_event("test", self._test(step)))
        return {"name": self._names[step.number], "event": events, "request": request}

    def _url(self, step: ScriptStep) -> Json:
        start = "" if step.from_base else self._script.services
        services = [part for part in start.split("/") if part]
        path = [*services, *(self._text(segment) for segment in step.segments)]
        url: Json = {
            "raw": "/".join(["{{base_url}}", *path]),
            "host": ["{{base_url}}"],
            "path": path,
        }
        if step.in_query and step.rows:
            url["query"] = [
                {"key": self._text(row.key), "value": self._text(row.value)}
                | ({} if row.enabled else {"disabled": True})
                for row in step.rows
            ]
            pairs = (
                f"{one['key']}={one['value']}" for one in url["query"] if "disabled" not in one
            )
            url["raw"] += "?" + "&".join(pairs)
        return url

    @staticmethod
    def _auth(own: Authorization) -> Json:
        secret = "{{" + own.secret.name + "}}"
        if own.user is None:
            return {
                "type": "bearer",
                "bearer": [{"key": "token", "value": secret, "type": "string"}],
            }
        pairs = (("username", own.user), ("password", secret))
        basic = [{"key": key, "value": value, "type": "string"} for key, value in pairs]
        return {"type": "basic", "basic": basic}

    def _body(self, step: ScriptStep) -> Json:
        if step.encoding is BodyKind.MULTIPART:
            return {"mode": "formdata", "formdata": [self._part(row) for row in step.rows]}
        if step.encoding is BodyKind.JSON:
            rows = {self._text(row.key): self._text(row.value) for row in step.sent_rows}
            raw = json.dumps(rows, ensure_ascii=False)
            return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}
        return {"mode": "urlencoded", "urlencoded": [self._part(row) for row in step.rows]}

    def _part(self, row: ScriptRow) -> Json:
        part: Json = {"key": self._text(row.key), "type": "text"}
        if row.file is not None:
            part |= {"type": "file", "src": self._text(row.file)}
        else:
            part["value"] = self._text(row.value)
        if row.content_type is not None:
            part["contentType"] = self._text(row.content_type)
        if row.filename is not None and row.enabled:
            name = self._text(row.filename)
            if row.file is not None and not self._text(row.file).replace("\\", "/").endswith(name):
                self._left_out.append(f"The file name {name}: Postman sends that of the file.")
        return part if row.enabled else part | {"disabled": True}

    def _text(self, text: Text) -> str:
        """Write a text with Postman's own places."""
        return "".join(one if isinstance(one, str) else self._place(one) for one in text)

    def _place(self, ref: Ref) -> str:
        match ref.kind:
            case RefKind.INSTANCE:
                return "{{" + _id(ref.name) + "}}"
            case RefKind.NOW:
                name = f"_now_{ref.offset:g}".replace("-", "minus_").replace(".", "_")
                self._moments.add(RefKind.NOW)
                return "{{" + name + "}}"
            case RefKind.UUID | RefKind.COUNTER:
                return "{{_" + ref.kind.value + "}}"
            case _:
                return "{{" + ref.name + "}}"

    # --- scripts -------------------------------------------------------------------------

    def _before(self, step: ScriptStep, wait: float) -> list[str]:
        lines = []
        if wait:
            lines.append(f"setTimeout(() => {{}}, {round(wait * 1000)});")
        texts = [*step.segments, *(t for row in step.sent_rows for t in (row.key, row.value))]
        kinds = {one.kind for text in texts for one in text if isinstance(one, Ref)}
        set_ = "pm.collectionVariables.set"
        if RefKind.UUID in kinds:
            lines.append(f'{set_}("_uuid", pm.variables.replaceIn("{{{{$guid}}}}"));')
        if RefKind.COUNTER in kinds:
            lines.append(f'{set_}("_counter", "{step.number}");')
        offsets = {
            one.offset
            for text in texts
            for one in text
            if isinstance(one, Ref) and one.kind is RefKind.NOW
        }
        for offset in sorted(offsets):
            name = self._place(Ref(RefKind.NOW, offset=offset)).strip("{}")
            time = f"new Date(Date.now() + {round(offset * 1000)}).toISOString()"
            lines.append(f'{set_}("{name}", {time});')
        return lines

    def _test(self, step: ScriptStep) -> list[str]:
        asked = step.asked_errors
        later = [number for number in self._always if number > step.number]
        rules: Json = {
            "number": step.number,
            "asked": None if asked is None else list(asked),
            "created": _id(step.instance) if step.kind is StepKind.CREATE else None,
            "capture": [
                [name, path]
                for name, raw in step.capture
                if (path := self._path(step, raw)) is not None
            ],
            "expect": [one for check in step.expect if (one := self._check(step, check))],
            "keep_going": step.keep_going,
            "always": step.always,
            "clean_up": self._names[later[0]] if later else None,
            "poll": self._poll(step) if step.kind is StepKind.POLL else None,
        }
        program = (files("gms_console.assets") / "export" / "postman.js").read_text("utf-8")
        return program.replace("RULES", json.dumps(rules, ensure_ascii=False), 1).splitlines()

    def _poll(self, step: ScriptStep) -> Json:
        until = self._rules(step, step.until)
        return {
            "text": f"{step.title} reaches what is wanted",
            "every": round(step.every * 1000),
            "within": round(step.within * 1000),
            "tolerate": step.tolerate,
            "until": until,
            "fail_on": self._rules(step, step.fail_on),
        }

    def _rules(self, step: ScriptStep, rules: tuple[Rule, ...]) -> list[list[Any]]:
        return [found for rule in rules if (found := self._rule(step, rule))]

    def _rule(self, step: ScriptStep, rule: Rule) -> list[Any]:
        path = self._path(step, rule.path)
        return [] if path is None else [path, rule.operator.value, self._operand(rule.operand)]

    def _check(self, step: ScriptStep, check: object) -> Json:
        if isinstance(check, HttpCheck):
            return {"text": f"http {list(check.statuses)}", "http": list(check.statuses)}
        if isinstance(check, TimeCheck):
            return {"text": f"time at most {check.max_ms:g} ms", "max_ms": check.max_ms}
        if not isinstance(check, Rule) or not (rule := self._rule(step, check)):
            return {}
        return {"text": f"{check.path} {check.operator.value} {rule[2]}", "rule": rule}

    def _operand(self, value: Operand) -> object:
        if isinstance(value, tuple):
            return self._text(value)
        if isinstance(value, list):
            return [self._operand(one) for one in value]
        if isinstance(value, dict):
            return {key: self._operand(one) for key, one in value.items()}
        return value

    def _path(self, step: ScriptStep, path: str) -> list[str | int] | None:
        steps = simple_path(path)
        if steps is None:
            why = f"Step {step.number}: {path}, as Postman has no JMESPath functions and filters."
            self._left_out.append(why)
        return steps


def _id(instance: str) -> str:
    return f"id of {instance}"


def _event(listen: str, lines: list[str]) -> Json:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}
