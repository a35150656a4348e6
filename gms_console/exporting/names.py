"""Resolves the names in the texts of a Flow: what is fixed, what is captured, what is secret."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gms_console.exporting.script import Needed, Operand, Variable
from gms_console.exporting.texts import Ref, RefKind, Text, joined, literal, parse, refs
from gms_console.exporting.types import ExportError
from gms_console.flow.types import Flow
from gms_console.model.environment import Environment
from gms_console.model.reading import JsonValue
from gms_console.redaction import is_credential_name, secrets_of

_NOW = re.compile(r"\$now(?:\s*([+-])\s*(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d))?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_ENV = "$env:"
_MOMENT = {RefKind.UUID, RefKind.NOW, RefKind.COUNTER}


class Names:
    """Where the texts of a Flow get their values; it learns captures step by step.

    The order is that of a Run: captures, what was given, the flow's own, the Environment's.
    """

    def __init__(
        self, flow: Flow, environment: Environment | None, given: Mapping[str, str]
    ) -> None:
        own = environment.variables if environment is not None else ()
        self._given = given
        self._values = {**dict(own), **dict(flow.vars), **given}
        self._secrets = secrets_of(environment) if environment is not None else ()
        self._captured: set[str] = set()
        self._open: list[str] = []
        self.variables: dict[str, Variable] = {}
        self.needed: dict[str, Needed] = {}

    def captures(self, name: str) -> None:
        """Learn that a name has a value of an answer from here on."""
        self._captured.add(name)

    def text(self, raw: str) -> Text:
        """Take a text apart. Raises ExportError for what no Run could put in either."""
        return parse(raw, self._find)

    def operand(self, raw: JsonValue) -> Operand:
        """Take the operand of a check apart, however deep its texts lie."""
        if isinstance(raw, str):
            return self.text(raw)
        if isinstance(raw, list):
            return [self.operand(one) for one in raw]
        if isinstance(raw, dict):
            return {key: self.operand(one) for key, one in raw.items()}
        plain: bool | int | float | None = raw
        return plain

    def row_value(self, key: str, raw: str) -> Text:
        """Take a row's value apart; a credential that stands in the flow does not stay literal."""
        text = self.text(raw)
        if is_credential_name(key) and literal(text):
            return (self.secret(f"GMS_{_upper(key)}", f"the value of the row {key}"),)
        return text

    def secret(self, name: str, what: str) -> Ref:
        """Give the place of a credential: an environment variable that is to be set."""
        self.needed.setdefault(name, Needed(name, what, secret=True))
        return Ref(RefKind.SECRET, name)

    def _find(self, name: str) -> Text:
        if name.startswith("$"):
            return (self._built_in(name),)
        if name in self._captured or name in self.variables:
            return (Ref(RefKind.VARIABLE, name),)
        if name not in self._values:
            what = "the flow gives it no value: a data row or --var does"
            self.needed.setdefault(name, Needed(name, what, secret=False))
            return (Ref(RefKind.VARIABLE, name),)
        return self._value(name)

    def _value(self, name: str) -> Text:
        raw = self._values[name]
        if is_credential_name(name) or any(secret in raw for secret in self._secrets):
            return (self.secret(f"GMS_{_upper(name)}", f"the variable {name}"),)
        if name in self._open:
            raise ExportError(f"{{{{{name}}}}} holds itself")
        self._open.append(name)
        # What was given or stands in a file may hold variables itself.
        text = parse(raw, self._find)
        self._open.pop()
        if any(ref.kind in _MOMENT or ref.name in self._captured for ref in refs(text)):
            return text  # it is another one at each step
        self.variables[name] = Variable(name, joined(text), fixed=name in self._given)
        return (Ref(RefKind.VARIABLE, name),)

    def _built_in(self, name: str) -> Ref:
        if name == "$uuid":
            return Ref(RefKind.UUID)
        if name == "$counter":
            return Ref(RefKind.COUNTER)
        if name.startswith(_ENV) and name != _ENV:
            return Ref(RefKind.SYSTEM, name.removeprefix(_ENV).strip())
        match = _NOW.fullmatch(name)
        if match is None:
            raise ExportError(f"{{{{{name}}}}} is not built in")
        sign, number, unit = match.groups()
        seconds = float(number) * _UNITS[unit] if number else 0.0
        return Ref(RefKind.NOW, "", -seconds if sign == "-" else seconds)


def _upper(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"
