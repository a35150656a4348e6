"""A Flow as a script for bash that sends with curl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from gms_console.exporting.bash_words import Identifiers, Piece, Words, written
from gms_console.exporting.curl_options import (
    Option,
    address,
    common_options,
    step_options,
)
from gms_console.exporting.python_code import answer_program
from gms_console.exporting.script import (
    Rule,
    Script,
    ScriptStep,
    head_notes,
    in_order,
    is_absolute,
)
from gms_console.exporting.texts import Ref, RefKind, Text, refs
from gms_console.exporting.types import Exported
from gms_console.flow.types import HttpCheck, StepKind, TimeCheck
from gms_console.shell_text import in_comment, quoted

_EXITS = """Exit codes: 0 all well; 1 a check failed, or GMS answered with an error; 2 it could not
be sent; 3 no connection or no whole answer; 4 a poll ended without the wanted state; 5 a file
is missing; 130 interrupted. BASE in the environment sends to another place; a variable of the flow
is taken from the environment too, where it has a value there. Files are looked for beside this
script, or in the folder of GMS_FOLDER."""


def bash_script(script: Script) -> Exported:
    """Write the script."""
    return _BashScript(script).exported()


class _BashScript:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._identifiers = Identifiers()
        self._words = Words(self._identifiers)
        self._used: set[str] = set()
        self._left_out = list(script.left_out)
        known = {one.name for one in script.variables}
        known |= {one.name for one in script.needed}
        self._unsure = set(script.captured) - known

    def exported(self) -> Exported:
        script = self._script
        steps = ["\n".join(self._step(step)) for step in script.steps]
        runs = [self._run(step) for step in script.steps]
        self._left_out = list(in_order(self._left_out))
        settings = "\n".join(self._settings())
        used = self._used | self._words.used
        sections = _sections()
        parts = [settings, sections["start"]]
        if used & {"answer", "poll"}:
            program = answer_program().rstrip("\n")
            parts.append(f"cat >\"$work/answer.py\" <<'PYTHON'\n{program}\nPYTHON\n")
            parts.append(sections["answer"])
        wanted = ("form_text", "curl_word", "json_text", "moment", "poll", "status")
        parts += [sections[name] for name in wanted if name in used]
        begin = self._begin(used)
        parts += [begin, *steps, self._clean_up(), "\n".join(runs) + "\n"]
        head = "\n".join(self._head(used))
        text = head + "\n\n" + "\n\n".join(part.strip("\n") for part in parts) + "\n"
        return Exported(text, tuple(self._left_out))

    # --- the head ------------------------------------------------------------------------

    def _head(self, used: set[str]) -> Iterator[str]:
        script = self._script
        yield "#!/usr/bin/env bash"
        yield f"# {in_comment(script.title)}: made by GMS Console from {in_comment(script.source)}."
        yield "#"
        python = " and python3" if used & {"answer", "poll", "json_text", "moment"} else ""
        yield f"# Needs bash, curl{python}. Paths with functions and filters also need jmespath."
        yield from (f"# {line}" for line in _EXITS.splitlines())
        for line in head_notes(script, self._left_out):
            yield f"# {in_comment(line)}".rstrip()
        yield "set -euo pipefail"

    def _settings(self) -> Iterator[str]:
        script, words = self._script, self._words
        if script.base_url:
            yield f"BASE=${{BASE:-{quoted(script.base_url)}}}"
        else:
            said = quoted("Set BASE first: where to send, such as http://host:8080/genesys.")
            yield f"[[ -n ${{BASE-}} ]] || {{ echo {said} >&2; exit 2; }}"
        yield "BASE=${BASE%/}"
        yield 'here=$(dirname -- "${BASH_SOURCE[0]-}")'
        yield f'folder=${{GMS_FOLDER:-"{self._folder()}"}}'
        for one in script.needed:
            kind = RefKind.SECRET if one.secret else RefKind.VARIABLE
            name = self._identifiers.of(Ref(kind, one.name))
            said = quoted(f"Set {name} first: {one.what}.")
            yield f"[[ -n ${{{name}+set}} ]] || {{ echo {said} >&2; exit 2; }}"
        for variable in script.variables:
            name = self._identifiers.named(RefKind.VARIABLE, variable.name)
            for ref in refs(variable.value):
                if ref.kind is RefKind.SYSTEM:
                    yield f"{_is_set(ref)} || {{ echo {_unset(ref)} >&2; exit 2; }}"
            value = f"{name}={words.word(variable.value)}"
            yield value if variable.fixed else f"[[ -n ${{{name}+set}} ]] || {value}"
        for name in self._script.captured:
            if name in self._unsure:
                yield f"{self._identifiers.named(RefKind.VARIABLE, name)}=''"
        for instance in script.instances:
            yield f"{self._identifiers.named(RefKind.INSTANCE, instance)}=''"
        yield "common=("
        yield from (f"  {self._option(option)}" for option in common_options(script))
        yield ")"

    def _folder(self) -> str:
        folder = self._script.folder
        if folder == ".":
            return "$here"
        within = re.sub(r'([\\"$`])', r"\\\1", folder)
        return within if is_absolute(folder) else f"$here/{within}"

    def _begin(self, used: set[str]) -> str:
        lines = ["# begin: all rows of a step have the same time, UUID and number."]
        lines += ["begin() {", "  counter=$((counter + 1))"]
        if "moment" in used:
            lines.append("  now=$(python3 -SEc 'import time; print(time.time())')")
            lines.append("  uuid=$(python3 -SEc 'import uuid; print(uuid.uuid4())')")
        return "\n".join([*lines, "}"])

    # --- steps ---------------------------------------------------------------------------

    def _step(self, step: ScriptStep) -> Iterator[str]:
        yield f"# {step.number}. {in_comment(step.title)}"
        if step.note:
            yield f"# {in_comment(step.note)}"
        yield f"step_{step.number}() {{"
        yield from (f"  {line}" for line in self._lines(step))
        yield "}"

    def _lines(self, step: ScriptStep) -> Iterator[str]:
        if step.left_out:
            yield f"# Left out. {in_comment(step.left_out)}"
            yield "begin"
            return
        yield "begin"
        if step.kind is StepKind.WAIT:
            yield f"sleep {step.seconds:g}"
            return
        for ref in self._to_be_known(step):
            if ref.kind is RefKind.SYSTEM:
                yield f"{_is_set(ref)} || fail 2 {_unset(ref)} || return"
                continue
            what = ref.name if ref.kind is RefKind.VARIABLE else f"the id of {ref.name}"
            yield f"known {self._identifiers.of(ref)} {quoted(what)} || return"
        yield from self._sent(step)
        if step.kind is StepKind.CREATE:
            self._used.add("answer")
            name = self._identifiers.named(RefKind.INSTANCE, step.instance)
            yield f"{name}=$(answer id) || {name}=''"
        # All of them are judged, as a run does.
        judged = [line for check in step.expect for line in self._check(check, step)]
        judges = bool(judged) or bool(step.capture)
        if judges:
            yield "local bad=0"
        yield from judged
        for name, path in step.capture:
            self._used.add("answer")
            variable = self._identifiers.named(RefKind.VARIABLE, name)
            yield f"capture {variable} {quoted(path)} || bad=1"
        if judges:
            yield 'return "$bad"'

    def _to_be_known(self, step: ScriptStep) -> list[Ref]:
        texts: list[Text] = [*step.segments]
        for row in step.sent_rows:
            texts += [row.key, row.value, row.file or ()]
        found = dict.fromkeys(ref for text in texts for ref in refs(text))
        return [
            ref
            for ref in found
            if ref.kind in {RefKind.INSTANCE, RefKind.SYSTEM}
            or (ref.kind is RefKind.VARIABLE and ref.name in self._unsure)
        ]

    def _sent(self, step: ScriptStep) -> Iterator[str]:
        made = step_options(step)
        self._left_out += made.left_out
        yield from (f"# Left out. {in_comment(one)}" for one in made.left_out)
        query = ("?", *made.query) if made.query else ()
        words = self._words
        path = words.option((*address(step), *query))
        services = "" if step.from_base else self._script.services
        url = f'"$BASE{services}"{path}'
        instance = self._identifiers.named(RefKind.INSTANCE, step.instance)
        start = f"send {instance} {url}"
        if step.kind is StepKind.POLL:
            self._used |= {"poll", "answer"}
            start = f"poll {self._poll(step)} {instance} {url}"
        lines = [start, *(self._option(option) for option in made.options)]
        yield " \\\n    ".join(lines) + " || return"
        if step.kind is not StepKind.POLL:
            asked = step.asked_errors
            if asked is None:
                return
            self._used.add("answer")
            yield f"good {quoted(str(list(asked)))} || return"

    def _poll(self, step: ScriptStep) -> str:
        limit = next((one.max_ms for one in step.expect if isinstance(one, TimeCheck)), 0)
        rules = written(
            (
                '{"until": [',
                *self._rules(step.until),
                '], "fail_on": [',
                *self._rules(step.fail_on),
                "]}",
            )
        )
        numbers = f"{step.every:g} {step.within:g} {step.tolerate} {round(limit * 1000)}"
        return f"{numbers} \\\n    {rules} \\\n    "

    def _rules(self, rules: tuple[Rule, ...]) -> Iterator[Piece]:
        for place, rule in enumerate(rules):
            yield ", " if place else ""
            yield from self._words.json([(rule.path,), (rule.operator.value,), rule.operand])

    def _check(self, check: object, step: ScriptStep) -> Iterator[str]:
        if isinstance(check, HttpCheck):
            self._used.add("status")
            yield f"http {' '.join(map(str, check.statuses))} || bad=1"
        elif isinstance(check, TimeCheck):
            if step.kind is not StepKind.POLL:
                self._used.add("status")
                yield f"in_time {round(check.max_ms * 1000)} || bad=1"
        elif isinstance(check, Rule):
            self._used.add("answer")
            wanted = written(self._words.json(check.operand))
            yield f"check {quoted(check.path)} {check.operator.value} {wanted} || bad=1"

    def _option(self, option: Option) -> str:
        if option.value is None:
            return option.name
        return f"{option.name} {self._words.option(option.value)}"

    # --- the end -------------------------------------------------------------------------

    def _clean_up(self) -> str:
        lines = [
            "# clean_up: runs the clean-up steps that have not run, whatever ended the script.",
            "clean_up() {",
            "  local code=$?",
            "  trap - EXIT",
            '  [[ -z $poller ]] || { kill "$poller" || true; wait "$poller" || true; } 2>/dev/null',
            "  ((result)) || result=$code",
        ]
        for step in self._script.steps:
            if step.always:
                done = f"[[ $finished == *' step_{step.number} '* ]]"
                lines += [f"  {done} || {self._run(step)}"]
        lines += ['  rm -rf "$work"', '  exit "$result"', "}"]
        return "\n".join([*lines, "trap clean_up EXIT", "trap 'exit 130' INT TERM"])

    def _run(self, step: ScriptStep) -> str:
        keep = " keep" if step.keep_going else " always" if step.always else ""
        return f"run step_{step.number} {quoted(in_comment(step.listed))}{keep}"


def _is_set(ref: Ref) -> str:
    return f"[[ -n ${{{ref.name}+set}} ]]"


def _unset(ref: Ref) -> str:
    return quoted(f"the environment variable {ref.name} is not set")


def _sections() -> dict[str, str]:
    """Read the functions of the script, by the names of their sections."""
    text = (files("gms_console.assets") / "export" / "curl.sh").read_text(encoding="utf-8")
    found = (part.partition("\n") for part in text.split("# --- ")[1:])
    return {name.strip(): body for name, _, body in found}
