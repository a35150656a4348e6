"""From what a reader found to a Flow, and all that it cannot hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from gms_console.catalogue.catalogue import Catalogue
from gms_console.flow.types import Flow, Step, StepKind
from gms_console.importing.address import Address, service_address, told
from gms_console.importing.calls import Call, Pause, PollRule, Reading
from gms_console.importing.drafts import (
    ID_FIELDS,
    Draft,
    Values,
    captured_ids,
    content_of,
    finished_row,
)
from gms_console.importing.headers import tell_headers
from gms_console.importing.marks import names_in, written
from gms_console.importing.polls import with_polls
from gms_console.importing.targets import Made, Targets
from gms_console.importing.types import Imported, UnreadableImportError
from gms_console.model.form import Form
from gms_console.model.reading import text_of
from gms_console.redaction import is_credential_name
from gms_console.variables import name_problem
from gms_console.variables import names_in as names_written

_ID = re.compile(r"(?=.*[0-9])(?=.*-)[0-9A-Za-z._~:-]{16,}")
"""What a flow takes for an id where it expects an instance; any other goes into a variable."""

_KINDS = {
    "pictures": {"png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif"},
    "scripts": {"js", "mjs", "map", "wasm"},
    "style sheets": {"css"},
    "fonts": {"woff", "woff2", "ttf", "otf", "eot"},
    "pages": {"html", "htm"},
}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def converted(reading: Reading, catalogue: Catalogue, name: str = "") -> Imported:
    """Make the Flow. Raises UnreadableImportError when no request goes to a service."""
    return _Converter(reading, catalogue).imported(reading.name or name)


class _Converter:
    def __init__(self, reading: Reading, catalogue: Catalogue) -> None:
        self._reading = reading
        self._notes = reading.notes
        self._targets = Targets(catalogue)
        self._values = Values(_all_names(reading), reading.notes)
        self._drafts: list[Draft] = []
        self._taken: list[Call] = []
        self._elsewhere: list[Call] = []
        self._base_urls: dict[str, None] = {}
        self._version: int | None = None
        self._ids: dict[str, str] = {}
        self._names = _all_names(reading)

    def imported(self, name: str) -> Imported:
        for call in self._reading.calls:
            if isinstance(call, Pause):
                self._drafts.append(Draft(StepKind.WAIT, seconds=call.seconds))
            else:
                self._add(call)
        self._tell_elsewhere()
        if not self._taken:
            raise self._nothing()
        if len(self._base_urls) > 1:
            self._notes.add(
                f"The requests went to {len(self._base_urls)} places, and a flow sends all of them "
                "to the one of its environment"
            )
        tell_headers(self._taken, self._notes)
        drafts = with_polls(self._drafts, self._notes)
        _capture_ids(drafts)
        names = self._instance_names()
        steps = tuple(self._step(draft, names) for draft in drafts)
        flow = Flow(name=name, vars=self._variables(steps), steps=steps)
        self._tell_unknown(flow)
        return Imported(flow=flow, left_out=self._notes.texts, base_urls=tuple(self._base_urls))

    def _nothing(self) -> UnreadableImportError:
        count = sum(isinstance(call, Call) for call in self._reading.calls)
        reasons = "".join(f"\n{text}" for text in self._notes.texts)
        wanted = f"expected an address with /1/service/ in it{reasons}"
        if not count:
            return UnreadableImportError(f"found no request, {wanted}")
        requests = "one request" if count == 1 else f"{count} requests"
        return UnreadableImportError(f"found {requests}, none that a step can be made of; {wanted}")

    # --- requests

    def _add(self, call: Call) -> None:
        address = service_address(call, self._reading.variables, self._notes)
        if address is None:
            self._elsewhere.append(call)
            return
        if not self._is_of_version(call, address):
            return
        if not _TOKEN.fullmatch(call.method):
            self._leave_out(call, f"{call.method!r} is no method")
            return
        form, encoding = content_of(call, address, self._notes)
        target = self._targets.target(call.method.upper(), address.segments, form)
        if isinstance(target, str):
            self._leave_out(call, target)
            return
        self._base_urls.setdefault(address.base_url)
        draft = Draft(
            kind=target.kind,
            name=target.name,
            made=target.made,
            instance_id=target.instance_id,
            method=call.method.upper(),
            encoding=encoding,
            form=self._values.form(form, call.where),
            capture=dict(call.capture),
            expect=call.expect,
            note=call.note,
            call=call,
        )
        if call.poll is not None and target.kind is StepKind.REQUEST:
            _repeat(draft, call.poll)
        self._taken.append(call)
        self._drafts.append(draft)
        self._values.learn(draft, call.answer)
        if target.kind is StepKind.CREATE:
            self._made(draft, call)

    def _made(self, draft: Draft, call: Call) -> None:
        made = Made(draft.name, len(self._targets.made), captured_ids(call))
        answer = call.answer if isinstance(call.answer, dict) else {}
        made.ids |= {found for key in ID_FIELDS if (found := text_of(answer.get(key)))}
        draft.made = made
        self._targets.learn(made)

    def _is_of_version(self, call: Call, address: Address) -> bool:
        if not address.segments[0]:
            return True  # The version stands in the path itself.
        if self._version is None:
            self._version = address.version
            if address.version != 1:
                self._notes.add(
                    f"These are requests to version {address.version} of the API; set it in the "
                    "environment"
                )
        if address.version != self._version:
            self._leave_out(
                call,
                f"it is of version {address.version} of the API, and a flow goes to the one of "
                "its environment",
            )
        return address.version == self._version

    def _leave_out(self, call: Call, why: str) -> None:
        self._notes.add(f"{call.where}: {call.method} {told(call.url)} is left out: {why}")

    def _tell_elsewhere(self) -> None:
        if not self._reading.sums_up:
            for call in self._elsewhere:
                self._leave_out(call, "it is no address of a service, which has /1/service/")
            return
        files, others = Counter[str](), list[Call]()
        for call in self._elsewhere:
            end = told(call.url).rpartition("/")[2].rpartition(".")[2].lower()
            kind = next((kind for kind, ends in _KINDS.items() if end in ends), "")
            if kind:
                files[kind] += 1
            else:
                others.append(call)
        if files:
            kinds = ", ".join(
                f"{count} {kind[:-1] if count == 1 else kind}" for kind, count in files.items()
            )
            self._notes.add(f"Files that the page loaded are left out: {kinds}")
        if others:
            places = list(dict.fromkeys(f"{call.method} {told(call.url)}" for call in others))
            more = f", and {len(places) - 10} more" if len(places) > 10 else ""
            self._notes.add(
                f"Requests to other addresses are left out ({len(others)}): "
                f"{', '.join(places[:10])}{more}"
            )

    # --- steps

    def _instance_names(self) -> Mapping[Made, str]:
        """Name the instances; a single one needs no name."""
        made = self._targets.made
        if len(made) < 2:
            return dict.fromkeys(made, "")
        names: dict[Made, str] = {}
        taken: set[str] = set()
        numbers = Counter[str]()
        for one in made:
            last = one.service.rpartition("/")[2]
            slug = re.sub(r"[^\w-]+", "-", last, flags=re.ASCII).strip("-") or "instance"
            name = ""
            while not name or name in taken:
                numbers[slug] += 1
                name = slug if numbers[slug] == 1 else f"{slug}-{numbers[slug]}"
            taken.add(name)
            names[one] = name
        return names

    def _step(self, draft: Draft, names: Mapping[Made, str]) -> Step:
        instance = ""
        if draft.made is not None:
            instance = names[draft.made]
        elif draft.instance_id:
            instance = self._instance_of(draft.instance_id)
        return Step(
            kind=draft.kind,
            name=written(draft.name),
            instance=instance,
            method=draft.method,
            encoding=draft.encoding,
            form=Form(tuple(finished_row(row) for row in draft.form)),
            every=draft.every,
            until=draft.until,
            within=draft.within,
            seconds=draft.seconds,
            fail_on=draft.fail_on,
            tolerate=draft.tolerate,
            keep_going=draft.call is not None and draft.call.keep_going,
            always=draft.call is not None and draft.call.always,
            expect=draft.expect,
            capture=tuple(draft.capture.items()),
            note=draft.note,
        )

    def _instance_of(self, instance_id: str) -> str:
        """Give an id as `on` has it: itself, or a variable where it looks like a name."""
        if names_in(instance_id) or _ID.fullmatch(instance_id):
            return written(instance_id)
        if instance_id not in self._ids:
            number = len(self._ids) + 1
            while (name := f"instance{number if number > 1 else ''}") in self._names:
                number += 1
            self._names.add(name)
            self._ids[instance_id] = name
        return f"{{{{{self._ids[instance_id]}}}}}"

    # --- variables

    def _variables(self, steps: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
        """Give the variables that steps use, and those that these hold."""
        values = self._reading.variables
        wanted = [name for step in steps for name in _names_of(step)]
        found: dict[str, str] = {}
        for name in wanted:
            if name in found or name not in values:
                continue
            if is_credential_name(name):
                self._values.told.add(name)
                self._notes.add(
                    f"The value of the variable {name} is a credential, and is not written; give "
                    f"it with --var {name}=..."
                )
                continue
            found[name] = written(values[name])
            wanted += names_in(values[name])
        found |= {name: written(instance_id) for instance_id, name in self._ids.items()}
        return tuple((name, value) for name, value in found.items() if not name_problem(name))

    def _tell_unknown(self, flow: Flow) -> None:
        known = {name for name, _ in flow.vars}
        known |= {name for step in flow.steps for name, _ in step.capture} | self._values.told
        missing = [
            name
            for step in flow.steps
            for name in _names_of(step)
            if name not in known and not name.startswith("$")
        ]
        if missing:
            names = ", ".join(dict.fromkeys(missing))
            self._notes.add(
                f"These variables have no value in the flow: {names}; give them with --var, or in "
                "the environment"
            )


def _repeat(draft: Draft, rule: PollRule) -> None:
    draft.kind = StepKind.POLL
    draft.every, draft.within, draft.tolerate = rule.every, rule.within, rule.tolerate
    draft.until, draft.fail_on = rule.until, rule.fail_on


def _capture_ids(drafts: list[Draft]) -> None:
    """Capture the ids that rows have; requests know their instance by its name."""
    used = {name for draft in drafts for row in draft.form for name in names_in(row.value)}
    for draft in drafts:
        if draft.call is not None and draft.call.id_name in used:
            draft.capture.setdefault(draft.call.id_name, ID_FIELDS[0])


def _all_names(reading: Reading) -> set[str]:
    calls = [call for call in reading.calls if isinstance(call, Call)]
    captured = {name for call in calls for name, _ in call.capture}
    return {*reading.variables, *captured, *(call.id_name for call in calls)}


def _names_of(step: Step) -> list[str]:
    texts = [step.name, step.instance]
    for row in step.form:
        if row.enabled:
            texts += [row.key, row.value, str(row.file or ""), row.content_type or ""]
            texts.append(row.filename or "")
    return [name for text in texts for name in names_written(text)]
