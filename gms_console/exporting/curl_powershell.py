"""A Flow as a script for PowerShell that sends with curl.exe, which Windows brings along."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from gms_console.exporting.curl_options import Option, address, common_options, step_options
from gms_console.exporting.powershell_words import expression, operand, path_literal
from gms_console.exporting.script import (
    Rule,
    Script,
    ScriptStep,
    head_notes,
    in_order,
    is_absolute,
)
from gms_console.exporting.simple_paths import simple_path
from gms_console.exporting.types import Exported
from gms_console.flow.types import HttpCheck, StepKind, TimeCheck
from gms_console.shell_text import in_comment, powershell_literal


def powershell_script(script: Script) -> Exported:
    """Write the script; paths with functions and filters are left out, and listed."""
    return _PowerShellScript(script).exported()


class _PowerShellScript:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._left_out = list(script.left_out)

    def exported(self) -> Exported:
        runtime = (files("gms_console.assets") / "export" / "curl.ps1").read_text(encoding="utf-8")
        steps = ["\n".join(self._step(step)) for step in self._script.steps]
        self._left_out = list(in_order(self._left_out))
        settings = "\n".join(self._settings("\n".join(steps)))
        end = "Remove-Item -Recurse -Force $work\nexit $script:result"
        parts = ["\n".join(self._head()), runtime.rstrip("\n"), settings, *steps, end]
        text = "\n\n".join(parts) + "\n"
        # Windows PowerShell 5 takes a script without a mark for one in the system's own charset.
        return Exported(text if text.isascii() else f"\ufeff{text}", tuple(self._left_out))

    def _head(self) -> Iterator[str]:
        script = self._script
        yield f"# {in_comment(script.title)}: made by GMS Console from {in_comment(script.source)}."
        yield "#"
        yield "# Needs curl.exe and Windows PowerShell 5 or PowerShell 7. Exit codes as those of"
        yield "# gms-console. BASE in the environment sends to another place; files are looked for"
        yield "# beside this script, or in the folder of GMS_FOLDER."
        for line in head_notes(script, self._left_out):
            yield f"# {in_comment(line)}".rstrip()

    def _settings(self, steps: str) -> Iterator[str]:
        script = self._script
        base = powershell_literal(script.base_url) if script.base_url else "(Needed 'BASE')"
        yield f"$base = $(if ($env:BASE) {{ $env:BASE }} else {{ {base} }}).TrimEnd('/')"
        if any(step.from_base for step in script.steps):
            yield "$root = $base"
        yield f"$base += {powershell_literal(script.services)}"
        yield "$here = $(if ($PSScriptRoot) { $PSScriptRoot } else { '.' })"
        folder = powershell_literal(script.folder)
        place = folder if is_absolute(script.folder) else f"$here + '/' + {folder}"
        yield f"$folder = $(if ($env:GMS_FOLDER) {{ $env:GMS_FOLDER }} else {{ {place} }})"
        yield "$v = @{}"
        used = steps + "".join(expression(one.value) for one in script.variables)
        for one in script.needed:
            name = powershell_literal(one.name)
            if not one.secret and f"$v[{name}]" not in used:
                continue  # what wants it is left out
            check = f"Needed {name}"
            yield f"$null = {check}" if one.secret else f"$v[{name}] = {check}"
        for variable in script.variables:
            yield f"$v[{powershell_literal(variable.name)}] = {expression(variable.value)}"
        yield f"$common = @({', '.join(self._options(list(common_options(script))))})"

    def _step(self, step: ScriptStep) -> Iterator[str]:
        mode = "always" if step.always else "keep going" if step.keep_going else ""
        title = powershell_literal(in_comment(step.listed))
        if step.note:
            yield f"# {in_comment(step.note)}"
        yield f"Step {title} '{mode}' {{"
        yield from (f"    {line}" for line in self._lines(step))
        yield "}"

    def _lines(self, step: ScriptStep) -> Iterator[str]:
        if step.left_out:
            yield f"# Left out. {in_comment(step.left_out)}"
            return
        if step.kind is StepKind.WAIT:
            yield f"Start-Sleep -Milliseconds {round(step.seconds * 1000)}"
            return
        made = step_options(step)
        for one in made.left_out:
            yield self._leave_out(one)
        query = ("?", *made.query) if made.query else ()
        url = expression((*address(step), *query))
        yield f"$url = {'$root' if step.from_base else '$base'} + {url}"
        yield "$options = @("
        words = [self._option(option) for option in made.options]
        yield from (f"    {word}{',' if word != words[-1] else ''}" for word in words)
        yield ")"
        instance = powershell_literal(step.instance)
        if step.kind is StepKind.POLL:
            yield from self._poll(step, instance)
        else:
            asked = step.asked_errors
            shown = "$null" if asked is None else f"@({', '.join(map(str, asked))})"
            yield f"Send {instance} $url $options {shown}"
        if step.kind is StepKind.CREATE:
            yield f"$ids[{instance}] = Text (Find @('_id'))"
            for key in ("id", "chatId"):
                yield f"if (-not $ids[{instance}]) {{ $ids[{instance}] = Text (Find @('{key}')) }}"
        yield from self._checks(step)
        for name, path in step.capture:
            steps = self._path(step, path)
            if steps:
                yield f"$v[{powershell_literal(name)}] = Capture {steps}"
            else:
                yield self._leave_out(self._odd(step, path))

    def _poll(self, step: ScriptStep, instance: str) -> Iterator[str]:
        limit = next((one.max_ms for one in step.expect if isinstance(one, TimeCheck)), 0)
        rules = {}
        for name, given in (("until", step.until), ("failOn", step.fail_on)):
            found = []
            for rule in given:
                if path := self._path(step, rule.path):
                    found.append(f"@({path}, '{rule.operator.value}', {operand(rule.operand)})")
                else:
                    yield self._leave_out(self._odd(step, rule.path))
            rules[name] = f"@({', ' if len(found) == 1 else ''}{', '.join(found)})"
        numbers = f"{step.every:g} {step.within:g} {step.tolerate} {limit:g}"
        yield f"Poll {instance} $url $options {numbers} {rules['until']} {rules['failOn']}"

    def _checks(self, step: ScriptStep) -> Iterator[str]:
        for check in step.expect:
            if isinstance(check, HttpCheck):
                yield f"Http @({', '.join(map(str, check.statuses))})"
            elif isinstance(check, TimeCheck):
                if step.kind is not StepKind.POLL:
                    yield f"InTime {check.max_ms:g}"
            elif path := self._path(step, check.path):
                yield self._check(check, path)
            else:
                yield self._leave_out(self._odd(step, check.path))

    @staticmethod
    def _check(rule: Rule, path: str) -> str:
        return f"Check {path} '{rule.operator.value}' {operand(rule.operand)}"

    @staticmethod
    def _path(step: ScriptStep, path: str) -> str:
        del step
        steps = simple_path(path)
        return "" if steps is None else path_literal(steps)

    @staticmethod
    def _odd(step: ScriptStep, path: str) -> str:
        return f"Step {step.number}: {path}, as PowerShell has no JMESPath functions and filters."

    def _leave_out(self, what: str) -> str:
        self._left_out.append(what)
        return f"# Left out. {in_comment(what)}"

    def _options(self, options: list[Option]) -> list[str]:
        return [self._option(option) for option in options]

    @staticmethod
    def _option(option: Option) -> str:
        name = powershell_literal(option.name)
        return name if option.value is None else f"{name}, {expression(option.value)}"
