"""The Workspace: what a person had before them, kept between two starts.

It is a readable JSON file in the user's configuration folder (or in the folder that
`GMS_CONSOLE_HOME` names). Values of rows that look like secrets are not written.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from gms_console.folders import config_folder as config_folder  # noqa: PLC0414 - exported
from gms_console.model.draft import Draft as Draft  # noqa: PLC0414 - exported
from gms_console.model.form_text import FormTextError, form_from_text, form_to_text
from gms_console.redaction import without_secret_rows
from gms_console.whole_file import write_whole
from gms_console.wire.body import BodyKind

FILE_NAME = "workspace.json"
_VERSION = 1

KEPT_INSTANCES = 100
"""Instances that can be reopened; the oldest go first."""

KEPT_DRAFTS = 30
"""Services whose rows are kept beside those of the one that is shown."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_T = TypeVar("_T")


class WorkspaceError(OSError):
    """The workspace could not be read or written; the text names the file and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """The fields of the poll control as a person left them. `every` and `within`: seconds."""

    request: str = "status"
    every: float = 1.0
    until: str = "status=agent-ready"
    within: float = 60.0
    tolerate: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstance:
    """An instance of this start or an earlier one, to be reopened by its id.

    `environment` and `node` are names, and empty for a base URL that was typed.
    """

    id: str
    service: str
    base_url: str
    created: str
    environment: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """All that a start takes over from the last one. An empty `base_url`: the simulator.

    `environment` is the name of the one chosen last, empty for a base URL that was typed. `nodes`
    has the active node by environment. `environments_folder` is where their files are; empty: in
    the configuration folder.
    `others` are the drafts of the services that are not shown, the latest first.
    `favourites` and `recent` are service names; `recent_filters` are JMESPaths for answers.
    `follow_methods` has, by base URL, the method that choices on the phone are sent with.
    `notify`: tell on the desktop of a reached state.
    `history_days` and `history_bytes` bound what the history keeps, 0 for no limit; `private`: it
    keeps nothing.
    `ignore_rules` has, by service, the lines of rules for comparisons, as
    `comparison.IgnoreRules.lines` writes them; a service that has none has the default ones.
    `flows_folder` is where the window lists flows; empty: in the configuration folder.
    `evidence` is how evidence was exported last, as the window writes and reads it.
    `simulator_config` is the configuration that the simulator goes by; empty: the one that comes
    with the console.
    `scheme` is light, dark or empty (as the system); `zoom` is in points of text size.
    """

    base_url: str = ""
    environment: str = ""
    nodes: dict[str, str] = field(default_factory=dict)
    environments_folder: str = ""
    create: Draft = field(default_factory=Draft)
    others: tuple[Draft, ...] = ()
    request: Draft = field(default_factory=lambda: Draft(request="status"))
    poll: PollSettings = field(default_factory=PollSettings)
    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    recent_filters: tuple[str, ...] = ()
    known_instances: tuple[KnownInstance, ...] = ()
    follow_methods: dict[str, str] = field(default_factory=dict)
    ignore_rules: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    flows_folder: str = ""
    simulator_config: str = ""
    notify: bool = True
    history_days: int = 90
    history_bytes: int = 2 * 1024**3
    private: bool = False
    scheme: str = ""
    zoom: int = 0
    geometry: str = ""
    layout: str = ""


def load_workspace(folder: Path) -> Workspace:
    """Read the workspace; a new one where there is no file. Raises WorkspaceError."""
    file = folder / FILE_NAME
    try:
        data = json.loads(file.read_text("utf-8"))
        return _workspace_from(data)
    except FileNotFoundError:
        return Workspace()
    except (ValueError, TypeError, AttributeError, FormTextError) as error:
        raise WorkspaceError(f"{file}: {error}") from None
    except OSError as error:
        raise WorkspaceError(f"{file}: {error.strerror or error}") from None


def _workspace_from(data: dict[str, Any]) -> Workspace:
    if data.get("version") != _VERSION:
        raise ValueError(f"version {data.get('version')!r} is not known here")
    return Workspace(
        base_url=_of(str, data, "base_url"),
        environment=_of(str, data, "environment"),
        nodes=_nodes_from(_of(dict, data, "nodes")),
        environments_folder=_of(str, data, "environments_folder"),
        create=_draft_from(data.get("create", {})),
        others=_drafts_from(_of(list, data, "others")),
        request=_draft_from(data.get("request", {"request": "status"})),
        poll=_poll_from(data.get("poll", {})),
        favourites=_texts(data, "favourites"),
        recent=_texts(data, "recent"),
        recent_filters=_texts(data, "recent_filters"),
        known_instances=_known_from(_of(list, data, "known_instances")),
        follow_methods={
            url: _method(method) for url, method in _of(dict, data, "follow_methods").items()
        },
        ignore_rules=_rules_from(_of(dict, data, "ignore_rules")),
        evidence=_evidence_from(data.get("evidence")),
        flows_folder=_of(str, data, "flows_folder"),
        simulator_config=_of(str, data, "simulator_config"),
        notify=_of(bool, {"notify": True} | data, "notify"),
        history_days=_amount(data, "history_days"),
        history_bytes=_amount(data, "history_bytes"),
        # What cannot be read as a no is a yes: nothing may be kept against a person's will.
        private=data.get("private", False) is not False,
        scheme=_of(str, data, "scheme"),
        zoom=_of(int, data, "zoom"),
        geometry=_of(str, data, "geometry"),
        layout=_of(str, data, "layout"),
    )


def set_aside(folder: Path) -> Path:
    """Move an unreadable workspace out of the way, so that nothing of it is overwritten."""
    file = folder / FILE_NAME
    aside = file.with_suffix(".unreadable.json")
    file.replace(aside)
    return aside


def save_workspace(folder: Path, workspace: Workspace) -> None:
    """Write the workspace whole or not at all. Raises WorkspaceError."""
    data = asdict(replace(workspace, create=Draft(), others=(), request=Draft()))
    data["version"] = _VERSION
    data["create"] = _draft_data(workspace.create)
    data["others"] = [_draft_data(draft) for draft in workspace.others[:KEPT_DRAFTS]]
    data["request"] = _draft_data(workspace.request)
    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        # File names that are no UTF-8 come as half surrogates, which JSON can escape.
        text = _SURROGATE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
        # It has what customers are called, and is nobody else's to read.
        write_whole(file, text.encode(), private=True)
    except OSError as error:
        raise WorkspaceError(f"{file}: {error.strerror or error}") from None


def _draft_data(draft: Draft) -> dict[str, Any]:
    return {
        "service": draft.service,
        "request": draft.request,
        "body_kind": draft.body_kind,
        "method": draft.method,
        "rows": form_to_text(without_secret_rows(draft.form)).split("\n")[:-1],
    }


def _of(kind: type[_T], data: dict[str, Any], name: str) -> _T:
    value = data.get(name, kind())
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}")
    return value


def _amount(data: dict[str, Any], name: str) -> int:
    """Read a bound of the history; one that makes no sense is no reason to lose the rest."""
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return int(getattr(Workspace(), name))


def _poll_from(data: dict[str, Any]) -> PollSettings:
    default = asdict(PollSettings())
    for name, value in data.items():
        wanted = (int, float) if isinstance(default.get(name), float) else type(default.get(name))
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise TypeError(f"poll.{name} is {value!r}")
    return PollSettings(**data)


def _draft_from(data: dict[str, Any]) -> Draft:
    return Draft(
        service=_of(str, data, "service"),
        request=_of(str, data, "request"),
        form=form_from_text("\n".join(data.get("rows", []))),
        body_kind=BodyKind(data.get("body_kind", "auto")).value,
        method=_method(data.get("method", "POST")),
    )


def _method(value: object) -> str:
    """Read a method; one that cannot be sent, as left half typed, is no reason to lose the rest."""
    if not isinstance(value, str):
        raise TypeError(f"method is {value!r}")
    return value.upper() if value.isascii() and value.isalpha() else "POST"


def _drafts_from(data: list[dict[str, Any]]) -> tuple[Draft, ...]:
    return tuple(_draft_from(one) for one in data[:KEPT_DRAFTS])


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    values = _of(list, data, name)
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} is {values!r}")
    return tuple(values)


def _nodes_from(data: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(node, str) for node in data.values()):
        raise TypeError(f"nodes is {data!r}")
    return data


def _rules_from(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {service: _texts(data, service) for service in data}


def _evidence_from(data: object) -> dict[str, Any]:
    """Take what is an object; what is wrong in it masks more, and is no reason to lose the rest."""
    return data if isinstance(data, dict) else {}


def _known_from(data: list[dict[str, Any]]) -> tuple[KnownInstance, ...]:
    return tuple(
        KnownInstance(**{name: _of(str, one, name) for name in KnownInstance.__dataclass_fields__})
        for one in data[:KEPT_INSTANCES]
    )
