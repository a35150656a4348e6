"""A Flow as a batch file for cmd: its requests alone, as cmd cannot read an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gms_console.exporting.curl_options import (
    IN_FOLDER,
    Option,
    OptionPiece,
    address,
    common_options,
    step_options,
)
from gms_console.exporting.script import Script, ScriptStep, in_order, is_absolute
from gms_console.exporting.texts import Ref, RefKind, Text
from gms_console.exporting.types import Exported
from gms_console.flow.types import StepKind
from gms_console.shell_text import batch_quoted, in_comment, in_remark

_MARK = "\ue000{}\ue001"
_MARKS = re.compile("\ue000(.*?)\ue001")


def cmd_script(script: Script) -> Exported:
    """Write the batch file; checks, captures and stop rules are left out, and listed."""
    return _BatchFile(script).exported()


class _BatchFile:
    def __init__(self, script: Script) -> None:
        self._script = script
        self._left_out = list(script.left_out)
        self._to_set: dict[str, str] = {}
        for one in script.needed:
            self._to_set[_name(one.name)] = one.what

    def exported(self) -> Exported:
        steps = ["\r\n".join(self._step(step)) for step in self._script.steps]
        self._left_out = list(in_order(self._left_out))
        settings = list(self._settings("\n".join(steps)))
        head = list(self._head())
        parts = ["\r\n".join(head), "\r\n".join(settings), *steps, "endlocal\r\nexit /b 0"]
        text = "\r\n\r\n".join(parts) + "\r\n"
        return Exported(re.sub("\r*\n", "\r\n", text), tuple(self._left_out))

    def _head(self) -> Iterator[str]:
        script = self._script
        yield "@echo off"
        yield _rem(f"{script.title}: made by GMS Console from {script.source}.")
        yield _rem("Needs curl, which Windows brings along. Requests alone: cmd reads no answers.")
        if self._left_out:
            yield _rem("Not carried over:")
            yield from (_rem(f"  {one}") for one in self._left_out)
        yield "setlocal DisableDelayedExpansion"
        yield "chcp 65001 >nul"

    def _settings(self, steps: str) -> Iterator[str]:
        base = self._script.base_url
        if base:
            yield f'if not defined BASE set "BASE={_set_value(base)}"'
        else:
            said = in_remark("Set BASE first, such as http://host:8080/genesys.")
            yield f"if not defined BASE (echo {said}& exit /b 2)"
        yield f'set "GMS_SERVICES=%BASE%{_set_value(self._script.services)}"'
        folder = self._script.folder
        place = folder if is_absolute(folder) else f"%~dp0{folder}".replace("/", "\\")
        yield f'set "folder={_set_value(place).replace("%%~dp0", "%~dp0")}"'
        yield 'if defined GMS_FOLDER set "folder=%GMS_FOLDER%"'
        for variable in self._script.variables:
            values = self._piece_values(variable.value)
            yield f'if not defined {_name(variable.name)} set "{_name(variable.name)}={values}"'
        values = "".join(self._piece_values(one.value) for one in self._script.variables)
        for name, what in self._to_set.items():
            if f"%{name}%" not in steps + values:
                continue  # what wants it is left out
            said = in_remark(f"Set {name} first: {what}.")
            said = said.replace("(", "").replace(")", "")
            yield f"if not defined {name} (echo {said}& exit /b 2)"

    def _piece_values(self, text: Text) -> str:
        return "".join(
            _set_value(piece) if isinstance(piece, str) else f"%{self._variable(piece)}%"
            for piece in text
        )

    # --- steps ---------------------------------------------------------------------------

    def _step(self, step: ScriptStep) -> Iterator[str]:
        yield _rem(f"{step.number}. {step.title}")
        if step.note:
            yield _rem(step.note)
        if step.left_out:
            yield _rem(f"Left out. {step.left_out}")
            return
        if step.kind is StepKind.WAIT:
            seconds = max(1, round(step.seconds))
            if seconds != step.seconds:
                self._left_out.append(
                    f"Step {step.number}, {step.title}: it waits {seconds} s, as cmd counts whole "
                    "seconds."
                )
            yield f"timeout /t {seconds} /nobreak >nul"
            return
        made = step_options(step)
        for one in (*made.left_out, *self._not_done(step)):
            self._left_out.append(one)
            yield _rem(f"Left out. {one}")
        query = ("?", *made.query) if made.query else ()
        start = "%BASE%" if step.from_base else "%GMS_SERVICES%"
        url = f'^"{start}{self._word((*address(step), *query), bare=True)}^"'
        common = list(common_options(self._script))
        words = [f"curl --fail-with-body {url}", *map(self._option, [*common, *made.options])]
        yield " ^\r\n  ".join(words)
        yield "" if step.keep_going else "if errorlevel 1 exit /b 1"
        yield "echo."

    def _not_done(self, step: ScriptStep) -> Iterator[str]:
        start = f"Step {step.number}, {step.title}"
        later = self._script.steps[step.number :]
        if step.kind is StepKind.CREATE and any(
            one.instance == step.instance and not one.left_out for one in later
        ):
            yield f"{start}: the id is to be set by hand for the steps on it."
        if step.kind is StepKind.POLL:
            yield f"{start}: it is sent once, as its stop rule needs the answer."
        if step.expect:
            count = len(step.expect)
            yield f"{start}: its {'check' if count == 1 else f'{count} checks'}."
        if step.capture:
            yield f"{start}: the captures {', '.join(name for name, _ in step.capture)}."
        if step.always:
            yield f"{start}: it does not run after a failure."

    def _option(self, option: Option) -> str:
        return option.name if option.value is None else f"{option.name} {self._word(option.value)}"

    def _word(self, pieces: Iterable[OptionPiece], *, bare: bool = False) -> str:
        """Write pieces as one word; places stand between percent signs."""
        marked = []
        for piece in pieces:
            if isinstance(piece, str):
                marked.append(_MARK.format("folder") + "\\" if piece == IN_FOLDER else piece)
            else:
                ref = piece if isinstance(piece, Ref) else piece.ref
                marked.append(_MARK.format(self._variable(ref)))
        text = "".join(marked)
        # A place may hold blanks, so there are always quotes around it.
        if _MARKS.search(text):
            text += " "
        written = batch_quoted(text)
        if _MARKS.search(text):
            written = written[:-3] + written[-2:]
        if bare:
            written = written.removeprefix('^"').removesuffix('^"')
        return _MARKS.sub(r"%\1%", written)

    def _variable(self, ref: Ref) -> str:
        if ref.kind in {RefKind.SECRET, RefKind.SYSTEM}:
            return _name(ref.name)
        name = _name(ref.name or ref.kind.value)
        if ref.kind is RefKind.INSTANCE:
            name = f"id_{name}"
            self._to_set.setdefault(name, f"the id of {ref.name}")
        elif ref.kind is not RefKind.VARIABLE:
            self._to_set.setdefault(name, f"a value for {ref.kind.value}")
        elif ref.name not in {one.name for one in self._script.variables}:
            self._to_set.setdefault(name, "captured from an answer")
        return name


def _name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "value"


def _rem(text: str) -> str:
    return f"REM {in_remark(text)}"


def _set_value(text: str) -> str:
    """Write a text within the quotes of SET, which cannot hold every text."""
    return in_comment(text).replace("%", "%%").replace('"', "")
