"""Makes a Script of a Flow: what a Run would do, before any language is chosen."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from gms_console.exporting.names import Names
from gms_console.exporting.script import (
    Authorization,
    Rule,
    Script,
    ScriptCheck,
    ScriptRow,
    ScriptStep,
)
from gms_console.exporting.texts import Ref, RefKind, Text, joined, literal
from gms_console.exporting.types import ExportError
from gms_console.flow.types import Check, Flow, Step, StepKind, ValueCheck
from gms_console.model.connection import GuardLevel, ProxyMode
from gms_console.model.environment import Environment
from gms_console.model.form import Row
from gms_console.redaction import is_credential_name
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import encode, guess_content_type, resolve_kind
from gms_console.wire.query import BODYLESS, encode_query
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import REQUEST_PATH, execution_name, service_segments

_BY_NAME = frozenset({StepKind.REQUEST, StepKind.POLL, StepKind.WAIT})

RequestPath = Callable[[str, str], str]


def plan_script(
    flow: Flow,
    environment: Environment | None,
    variables: Mapping[str, str],
    request_path: RequestPath | None = None,
    *,
    choices: bool = False,
    beside: Path | None = None,
) -> Script:
    """Resolve names, instances and paths; without `choices` those on the phone are left out.

    `beside` is the folder of the script, the flow's own unless given.
    Raises ExportError for what no Run could do.
    """
    planner = _Planner(flow, environment, variables, request_path, choices=choices)
    planner.beside = (beside or flow.folder).resolve()
    return planner.script()


class _Planner:
    def __init__(
        self,
        flow: Flow,
        environment: Environment | None,
        variables: Mapping[str, str],
        request_path: RequestPath | None,
        *,
        choices: bool,
    ) -> None:
        self._choices = choices
        self._flow = flow
        self._environment = environment
        self._names = Names(flow, environment, variables)
        self._path = request_path or (lambda _service, _request: REQUEST_PATH)
        self._services: dict[str, str] = {}
        self._last = ""
        self._left_out: list[str] = []
        self.beside = flow.folder.resolve()

    def script(self) -> Script:
        environment, flow = self._environment, self._flow
        steps = tuple(self._step(number, step) for number, step in enumerate(flow.steps, start=1))
        headers = tuple(self._headers())
        version = 1 if environment is None else environment.api_version
        if environment is not None:
            self._list_settings(environment)
        return Script(
            title=flow.title,
            source=flow.file.name if flow.file is not None else flow.title,
            base_url="" if environment is None else environment.base_url,
            services=f"/{version}/service",
            folder=self._folder(),
            environment=environment,
            steps=steps,
            headers=headers,
            proxy_password=self._setting_secret("proxy"),
            passphrase=self._setting_secret("key"),
            variables=tuple(self._names.variables.values()),
            needed=tuple(self._names.needed.values()),
            left_out=tuple(self._left_out),
        )

    def _folder(self) -> str:
        """Give the flow's folder as the script sees it from its own."""
        folder = self._flow.folder.resolve()
        try:
            return Path(os.path.relpath(folder, self.beside)).as_posix()
        except ValueError:
            return str(folder)  # on another drive

    def _file(self, file: Path) -> str:
        """Give a file's place; what lies below flow or script is told relative to the flow."""
        folder = self._flow.folder.resolve()
        if file.is_absolute() and any(map(file.is_relative_to, (folder, self.beside))):
            return Path(os.path.relpath(file, folder)).as_posix()
        return str(file)

    # --- the environment -----------------------------------------------------------------

    def _headers(self) -> list[tuple[str, Text]]:
        environment = self._environment
        if environment is None:
            return []
        found: list[tuple[str, Text]] = []
        for name, value in environment.headers:
            if name.lower() in environment.secret_headers or is_credential_name(name):
                variable = f"GMS_HEADER_{name.upper().replace('-', '_')}"
                found.append((name, (self._names.secret(variable, f"the header {name}"),)))
            else:
                found.append((name, (value,) if value else ()))
        return found

    def _setting_secret(self, which: str) -> Ref | None:
        environment = self._environment
        if environment is None:
            return None
        if which == "proxy":
            proxy = environment.proxy
            wanted = proxy.mode is ProxyMode.EXPLICIT and proxy.password
            return self._names.secret("GMS_PROXY_PASSWORD", "of the proxy") if wanted else None
        wanted = environment.tls.certificate is not None and environment.tls.passphrase
        return self._names.secret("GMS_KEY_PASSPHRASE", "of the client's key") if wanted else None

    def _list_settings(self, environment: Environment) -> None:
        if environment.guard is not GuardLevel.OPEN:
            self._left_out.append(
                f"The guard of {environment.title} ({environment.guard.value}) does not stand "
                "before the script: it sends without asking."
            )
        if environment.proxy.mode is ProxyMode.SYSTEM:
            self._left_out.append("The proxy of the system is left to the tool to find.")

    def _authorization(self, service: str) -> Authorization | None:
        environment = self._environment
        if environment is None or any(
            name.lower() == "authorization" for name, _ in environment.headers
        ):
            return None
        own = environment.credentials
        if own.bearer:
            return Authorization(None, self._names.secret("GMS_BEARER_TOKEN", "the bearer token"))
        login = own.login(execution_name(service))
        if login.user is None and login.password is None:
            return None
        mine = dict(own.services).get(execution_name(service)) if service else None
        suffix = ""
        if mine is not None and mine.password is not None:
            suffix = (
                "_" + "".join(c if c.isalnum() else "_" for c in execution_name(service)).upper()
            )
        what = f"the password of {login.user or 'no user'}"
        return Authorization(login.user or "", self._names.secret(f"GMS_PASSWORD{suffix}", what))

    # --- steps ---------------------------------------------------------------------------

    def _step(self, number: int, step: Step) -> ScriptStep:
        start = ScriptStep(
            number=number,
            kind=step.kind,
            title=step.title,
            stat_name=step.name if step.kind in _BY_NAME else f"{step.kind.value} {step.name}",
            note=step.note,
            seconds=step.seconds,
            keep_going=step.keep_going,
            always=step.always,
        )
        if step.kind is StepKind.WAIT:
            return start
        if step.kind is StepKind.FOLLOW and not self._choices:
            why = (
                f"Step {number}, {step.title}: a choice on the phone, which is read from a dialog."
            )
            self._left_out.append(why)
            return replace(start, left_out=why)
        return self._sending(start, step)

    def _sending(self, start: ScriptStep, step: Step) -> ScriptStep:
        names = self._names
        start = self._addressed(start, step)
        method = step.method.upper()
        in_query = method in BODYLESS and step.encoding is BodyKind.AUTO
        self._check_form(start, step, in_query=in_query)
        kind = BodyKind.NONE if in_query else resolve_kind(step.form, step.encoding)
        done = replace(
            start,
            method=method,
            encoding=kind,
            in_query=in_query,
            rows=tuple(self._row(start, row) for row in step.form),
            every=step.every,
            within=step.within,
            tolerate=step.tolerate,
            until=tuple(self._rule(one) for one in step.until),
            fail_on=tuple(self._rule(one) for one in step.fail_on),
            expect=tuple(self._check(one) for one in step.expect),
            capture=step.capture,
        )
        for name, _ in step.capture:
            names.captures(name)
        return done

    def _addressed(self, start: ScriptStep, step: Step) -> ScriptStep:
        names = self._names
        if step.kind is StepKind.CREATE:
            instance = step.instance or f"instance {start.number}"
            self._services[instance] = step.name
            self._last = instance
            segments = tuple(names.text(one) for one in service_segments(step.name))
            auth = self._authorization(step.name)
            start = _at(start, segments)
            return replace(start, instance=instance, authorization=auth)
        instance = step.instance or self._last
        if not instance:
            raise ExportError(f"Step {start.number}, {step.title}: no service was created before.")
        service = self._services.get(instance, "")
        identity: Text = (Ref(RefKind.INSTANCE, instance),)
        given = None
        if instance not in self._services:
            given = identity = names.text(instance)
        known: dict[str, tuple[Text, ...]] = {
            "{service}": tuple(names.text(one) for one in service_segments(service)),
            "{id}": (identity,),
            "{request}": (names.text(step.name),),
        }
        auth = self._authorization(service)
        if step.kind is StepKind.FOLLOW:
            label = names.text(step.name)
            return replace(start, instance=instance, label=label, authorization=auth)
        path = self._path(service, step.name)
        segments = tuple(
            text for part in path.split("/") for text in known.get(part, (joined((part,)),))
        )
        start = _at(start, segments)
        return replace(start, instance=instance, instance_id=given, authorization=auth)

    def _check_form(self, start: ScriptStep, step: Step, *, in_query: bool) -> None:
        try:
            if in_query:
                encode_query(step.form, step.method)
            else:
                encode(step.form, step.encoding)
        except FormRefusedError as error:
            # Files are looked for beside the flow, and may be there only where the script runs.
            left = [str(problem) for problem in error.problems if not problem.missing_file]
            if left:
                raise ExportError(f"Step {start.number}, {step.title}: {'; '.join(left)}") from None

    def _row(self, start: ScriptStep, row: Row) -> ScriptRow:
        names = self._names
        if not row.enabled:
            return self._row_off(row)
        if row.file is None:
            kind = names.text(row.content_type) if row.content_type else None
            value = names.row_value(row.key, row.value)
            return ScriptRow(key=names.text(row.key), value=value, content_type=kind)
        file = names.text(self._file(row.file))
        path = literal(file)
        if path is not None and not (self._flow.folder / path).is_file():
            self._left_out.append(f"Step {start.number}: the file {path} is not there now.")
        name = row.filename if row.filename is not None else Path(str(row.file)).name
        kind_text = row.content_type or guess_content_type(name)
        return ScriptRow(
            key=names.text(row.key),
            file=file,
            content_type=names.text(kind_text),
            filename=names.text(name),
        )

    @staticmethod
    def _row_off(row: Row) -> ScriptRow:
        """Keep a row that is switched off for what can show one; its names are not resolved."""
        file = None if row.file is None else (str(row.file),)
        value = "" if is_credential_name(row.key) else row.value
        return ScriptRow(key=(row.key,), value=(value,), file=file, enabled=False)

    def _rule(self, check: ValueCheck) -> Rule:
        return Rule(check.path, check.operator, self._names.operand(check.operand))

    def _check(self, check: Check) -> ScriptCheck:
        return self._rule(check) if isinstance(check, ValueCheck) else check


def _at(step: ScriptStep, segments: tuple[Text, ...]) -> ScriptStep:
    """Give a step its path: an empty segment in front means that it starts at the base path."""
    from_base = len(segments) > 1 and not segments[0]
    return replace(step, segments=segments[1:] if from_base else segments, from_base=from_base)
