"""The Draft: a request as a person typed it, before variables are put in."""

from __future__ import annotations

from dataclasses import dataclass, field

from gms_console.model.form import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A request as it is being edited: what it is for, its rows and its body kind."""

    service: str = ""
    request: str = ""
    form: Form = field(default_factory=Form)
    body_kind: str = "auto"
    method: str = "POST"
