"""Pieces of Python: texts with places, bodies and steps, as exported scripts hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from gms_console.exporting.script import (
    Operand,
    Rule,
    Script,
    ScriptRow,
    ScriptStep,
    head_notes,
    is_absolute,
)
from gms_console.exporting.texts import Ref, RefKind, Text, literal
from gms_console.flow.types import HttpCheck, StepKind, TimeCheck
from gms_console.wire.body import BodyKind

_PLAIN_NAME = re.compile(r"[A-Za-z_][\w .-]*")
_PLAIN_LITERAL = re.compile(r"[^{}\\\"\r\n\t\x00-\x1f\x7f]*")
_IMPORT = re.compile(r"^(?:import|from) [^\n(]*(?:\([^)]*\))?$", re.MULTILINE)
_FUTURE = "from __future__ import annotations"


def text(pieces: Text) -> str:
    """Write a Text as a Python expression: a literal, an f-string, or a sum."""
    plain = literal(pieces)
    if plain is not None:
        return repr_(plain)
    if len(pieces) == 1 and isinstance(pieces[0], Ref):
        return _ref(pieces[0])
    if all(_fits_f_string(piece) for piece in pieces):
        inner = "".join(
            piece if isinstance(piece, str) else "{" + _ref(piece, quote="'") + "}"
            for piece in pieces
        )
        return f'f"{inner}"'
    return " + ".join(repr_(piece) if isinstance(piece, str) else _ref(piece) for piece in pieces)


def repr_(plain: str) -> str:
    """Write a literal in double quotes, as code is formatted."""
    written = repr(plain)
    if written.startswith("'") and '"' not in written and "\\'" not in written:
        return f'"{written[1:-1]}"'
    return written


def _fits_f_string(piece: str | Ref) -> bool:
    if isinstance(piece, str):
        return _PLAIN_LITERAL.fullmatch(piece) is not None
    return not piece.name or _PLAIN_NAME.fullmatch(piece.name) is not None


def _ref(ref: Ref, quote: str = '"') -> str:
    name = f"{quote}{ref.name}{quote}" if _PLAIN_NAME.fullmatch(ref.name) else repr(ref.name)
    return {
        RefKind.VARIABLE: f"v[{name}]",
        RefKind.INSTANCE: f"run.id({name})",
        RefKind.SECRET: ref.name,
        RefKind.SYSTEM: f"system({name})",
        RefKind.UUID: "run.uuid",
        RefKind.NOW: f"run.at({ref.offset:g})" if ref.offset else "run.at()",
        RefKind.COUNTER: "str(run.counter)",
    }[ref.kind]


def operand(value: Operand) -> str:
    """Write the operand of a check."""
    if isinstance(value, tuple):
        return text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(operand, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{repr_(key)}: {operand(one)}" for key, one in value.items()) + "}"
    return repr(value)


def comment(line: str) -> str:
    """Write a text so that it stays in its comment or docstring."""
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in line)
    return shown.replace("\\", "/").replace('"""', "'''")


# --- steps -------------------------------------------------------------------------------------


def step_function(step: ScriptStep) -> Iterator[str]:
    """Write a step as a function."""
    yield f"def step_{step.number}(run: Run) -> None:"
    said = comment(f"{step.title}: {step.note}" if step.note else step.title)
    yield f'    """{said}{" " if said.endswith(chr(34)) else ""}"""'
    for line in _lines(step):
        yield f"    {line}" if line else ""


def _lines(step: ScriptStep) -> Iterator[str]:
    if step.left_out:
        yield f"# Left out. {comment(step.left_out)}"
        yield "run.begin()"
        return
    if step.kind is StepKind.WAIT:
        yield "run.begin()"
        yield f"time.sleep({step.seconds:g})"
        return
    body = list(_body(step))
    if any("v[" in line for line in (*body, text(step.label), _path(step), *_checks(step))):
        yield "v = run.begin()"
    else:
        yield "run.begin()"
    if body:
        yield from body
    yield from _call(step, has_body=bool(body))
    yield from _checks(step)
    for name, path in step.capture:
        yield f"run.capture({repr_(name)}, {repr_(path)})"


def _call(step: ScriptStep, *, has_body: bool) -> Iterator[str]:
    chosen = step.kind is StepKind.FOLLOW
    yield "follow(" if chosen else f"run.{step.kind.value}("
    if chosen:
        yield "    run,"
    yield f"    {repr_(step.instance)},"
    yield f"    {repr_(comment(step.stat_name))},"
    yield f"    {repr_(step.method)},"
    yield f"    {text(step.label) if chosen else _path(step)},"
    if has_body and not step.in_query:
        yield "    body,"
    if step.authorization is not None:
        own = step.authorization
        made = f"bearer({own.secret.name})"
        if own.user is not None:
            made = f"basic({repr_(own.user)}, {own.secret.name})"
        yield f'    headers={{"Authorization": {made}}},'
    if step.kind is StepKind.POLL:
        yield from _poll_options(step)
    elif step.asked_errors != ():
        yield f"    asked={step.asked_errors!r},"
    yield ")"


def _poll_options(step: ScriptStep) -> Iterator[str]:
    yield f"    every={step.every:g},"
    yield f"    within={step.within:g},"
    yield f"    tolerate={step.tolerate},"
    for name, rules in (("until", step.until), ("fail_on", step.fail_on)):
        if rules or name == "until":
            yield f"    {name}=[{', '.join(map(_rule, rules))}],"
    limit = next((one.max_ms for one in step.expect if isinstance(one, TimeCheck)), None)
    if limit is not None:
        yield f"    max_ms={limit:g},"


def _rule(rule: Rule) -> str:
    return f"({repr_(rule.path)}, {repr_(rule.operator.value)}, {operand(rule.operand)})"


def _checks(step: ScriptStep) -> list[str]:
    lines = []
    for check in step.expect:
        if isinstance(check, HttpCheck):
            lines.append(f"run.expect_status({', '.join(map(str, check.statuses))})")
        elif isinstance(check, TimeCheck):
            if step.kind is not StepKind.POLL:
                lines.append(f"run.expect_time({check.max_ms:g})")
        else:
            lines.append(f"run.expect{_rule(check)}")
    return lines


def _path(step: ScriptStep) -> str:
    path = f"url_path({', '.join(map(text, step.segments))})"
    if step.from_base:
        path = f'"/" + {path}'
    return f'{path} + "?" + urlencode(body.rows)' if step.in_query and step.sent_rows else path


def _body(step: ScriptStep) -> Iterator[str]:
    rows = step.sent_rows
    if not rows:
        return
    kind = "query" if step.in_query else step.encoding.value
    yield "body = Body("
    yield f"    {repr_(kind)},"
    yield "    ("
    for row in rows:
        yield f"        ({text(row.key)}, {_value(row, step.encoding)}),"
    yield "    ),"
    yield ")"


def _value(row: ScriptRow, kind: BodyKind) -> str:
    if row.file is not None:
        path = f"FOLDER / {text(row.file)}"
        return f"File({path}, {text(row.content_type or ())}, {text(row.filename or ())})"
    if row.content_type is not None and kind is BodyKind.MULTIPART:
        return f"Typed({text(row.value)}, {text(row.content_type)})"
    return text(row.value)


# --- the whole file ----------------------------------------------------------------------------


def python_file(
    script: Script, parts: tuple[str, ...], head: list[str], settings: list[str]
) -> str:
    """Put a file together: its docstring, imports of all parts, settings, parts, and steps.

    `parts` are files in the assets; the last one begins after the steps.
    """
    if any(step.kind is StepKind.FOLLOW for step in script.steps):
        parts = (*parts[:-1], "phone.py", parts[-1])
    imports: set[str] = set()
    bodies = [_without_imports(_asset(part), imports) for part in parts]
    steps = ["\n".join(step_function(step)) for step in script.steps]
    names = [
        f"    ({repr_(comment(step.listed))}, {repr_(_mode(step))}, step_{step.number}),"
        for step in script.steps
    ]
    listed = "\n".join(["STEPS: list[Step] = [", *names, "]"])
    own = "\n".join([*settings, "", "", *_variables(script)])
    docstring = "\n".join(comment(line) for line in head)
    sections = [*bodies[:-1], own, *steps, listed, bodies[-1]]
    top = f'"""{docstring}\n"""\n\n{_FUTURE}\n\n{_sorted(imports)}'
    return "\n\n\n".join([top.rstrip(), *(section.strip("\n") for section in sections)]) + "\n"


def answer_program() -> str:
    """Give the Python program with which a shell script reads answers."""
    imports: set[str] = set()
    bodies = [_without_imports(_asset(part), imports) for part in ("reading.py", "answer_main.py")]
    top = f"{_FUTURE}\n\n{_sorted(imports)}"
    return "\n\n\n".join([top.rstrip(), *bodies]) + "\n"


def _mode(step: ScriptStep) -> str:
    if step.always:
        return "always"
    return "keep going" if step.keep_going else ""


def _variables(script: Script) -> Iterator[str]:
    yield "def variables(row: dict[str, str]) -> dict[str, str]:"
    yield '    """Give the variables of a run; those of a data row go before the flow\'s."""'
    yield "    v = Variables(row)"
    for one in script.needed:
        if not one.secret:
            yield f"    if {repr_(one.name)} not in v:  # {comment(one.what)}"
            yield f"        v[{repr_(one.name)}] = needed({repr_(one.name)})"
    for variable in script.variables:
        name = repr_(variable.name)
        if variable.fixed:
            yield f"    v[{name}] = {text(variable.value)}"
        else:
            yield f"    v.setdefault({name}, {text(variable.value)})"
    yield "    return v"


def secrets(script: Script) -> list[str]:
    """Write the credentials, each read from an environment variable."""
    return [
        f"{one.name} = needed({repr_(one.name)})  # {comment(one.what)}"
        for one in script.needed
        if one.secret
    ]


def folder(script: Script) -> str:
    """Write where files are looked for: seen from the script, unless GMS_FOLDER says it."""
    place = "Path(__file__).absolute().parent"
    if script.folder != ".":
        far = is_absolute(script.folder)
        place = repr_(script.folder) if far else f"{place} / {repr_(script.folder)}"
    return f'FOLDER = Path(os.environ.get("GMS_FOLDER") or {place})'


def headers(script: Script) -> str:
    """Write the headers of the Environment."""
    pairs = ", ".join(f"{repr_(name)}: {text(value)}" for name, value in script.headers)
    return f"HEADERS: dict[str, str] = {{{pairs}}}"


def _asset(name: str) -> str:
    return (files("gms_console.assets") / "export" / name).read_text(encoding="utf-8")


def _without_imports(source: str, imports: set[str]) -> str:
    """Take imports and the docstring of a part away; those of other parts are not needed."""
    found = _IMPORT.findall(source)
    imports |= {line for line in found if not line.startswith("from .") and line != _FUTURE}
    rest = _IMPORT.sub("", source)
    return rest[rest.index('"""', 3) + 3 :].strip("\n")


def _sorted(imports: set[str]) -> str:
    """Write imports as a formatter does: the standard library first, names of a module together."""
    names: dict[str, set[str]] = {}
    plain = []
    for line in imports:
        words = line.replace(",", " ").split()
        if words[0] == "import":
            plain.append(line)
        else:
            names.setdefault(words[1], set()).update(words[3:])
    lines = sorted(plain) + [
        f"from {module} import {', '.join(sorted(found))}"
        for module, found in sorted(names.items())
    ]
    other = [
        line for line in lines if line.split()[1].partition(".")[0] in {"httpx", "gevent", "locust"}
    ]
    return "\n".join([*(line for line in lines if line not in other), "", *other])


def head(script: Script, needs: str) -> list[str]:
    """Write what a person reads first: what it is, what it needs, what is left out."""
    first = f"{script.title}: made by GMS Console from {script.source}."
    lines = [first, "", *needs.splitlines()]
    return [*lines, *head_notes(script, script.left_out)]
