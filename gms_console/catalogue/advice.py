"""What the catalogue has to say about a form: hints beside its rows, which never block a send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gms_console.catalogue.kinds import (
    Parameter,
    ParameterType,
    Provenance,
    RequestKind,
    ServiceKind,
)
from gms_console.catalogue.values import format_hint, value_problem
from gms_console.model.form import Form, Row, RowGroup

MANDATORY = "mandatory according to the documentation"
_SOURCES = {
    Provenance.DOCUMENTED: "Documented by Genesys.",
    Provenance.SEEN: "Seen in the field, not in the documentation.",
    Provenance.UNVERIFIED: "Unverified: a suggestion.",
}
_TYPES = {
    ParameterType.PHONE: "Phone number",
    ParameterType.BOOLEAN: "Boolean",
    ParameterType.INTEGER: "Whole number",
    ParameterType.ENUM: "One of the known values",
    ParameterType.TIME: "Time",
    ParameterType.TEXT: "Text",
    ParameterType.JSON: "JSON",
    ParameterType.FILE: "File",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """Hints for the rows by their index in the Form, and those that no row can carry."""

    rows: dict[int, str] = field(default_factory=dict)
    form: tuple[str, ...] = ()


def advise(kind: ServiceKind | None, form: Form, request: RequestKind | None = None) -> Advice:
    """Say what looks odd in a form for a create, or for a request when one is given.

    Rows that are switched off are not looked at; what is unknown is sent all the same.
    """
    target = request if request is not None else kind
    known = {one.name: one for one in target.parameters} if target is not None else {}
    counts = Counter(row.key for _, row in form.enabled())
    rows: dict[int, str] = {}
    for index, row in form.enabled():
        said = list(_row_hints(row, known, counts))
        if said:
            rows[index] = " ".join(said)
    return Advice(rows, tuple(_missing(form, known.values(), counts)))


def describe(parameter: Parameter) -> str:
    """Say all that is known of a parameter, one fact a line, for a tooltip."""
    lines = [parameter.meaning, _type_line(parameter)]
    lines += [f"{one.value}: {one.meaning}" for one in parameter.choices if one.meaning]
    if parameter.default:
        lines.append(f"Default: {parameter.default}{_unit(parameter)}.")
    lines.append(f"{_mandatory(parameter)}." if parameter.mandatory else "Optional.")
    lines.append(_SOURCES[parameter.provenance])
    if parameter.configured_wins:
        lines.append("A value configured for the service in GMS may win over this one.")
    return "\n".join(lines)


def _unit(parameter: Parameter) -> str:
    return f" {parameter.unit}" if parameter.unit else ""


def _type_line(parameter: Parameter) -> str:
    hint = format_hint(parameter)
    name = _TYPES[parameter.type]
    match parameter.type:
        case ParameterType.PHONE | ParameterType.TIME | ParameterType.JSON:
            return f"{name}, such as {hint}."
        case ParameterType.INTEGER if parameter.least is None and parameter.most is None:
            return f"{name} ({parameter.unit})." if parameter.unit else f"{name}."
        case ParameterType.TEXT if hint:
            return f"{name} ({hint})."
        case ParameterType.TEXT | ParameterType.FILE:
            return f"{name}."
        case _:
            return f"{name}: {hint}."


def _mandatory(parameter: Parameter) -> str:
    """Say that a parameter is mandatory, and how much that is known to mean."""
    text = MANDATORY[0].upper() + MANDATORY[1:]
    if parameter.enforced is None:
        return text
    return f"{text}; GMS {'refuses' if parameter.enforced else 'accepts'} a request without it"


def _row_hints(row: Row, known: Mapping[str, Parameter], counts: Counter[str]) -> Iterator[str]:
    parameter = known.get(row.key)
    if parameter is not None:
        yield from _value_hints(row, parameter)
    else:
        yield from _key_hints(row, known)
    if counts[row.key] > 1 and (parameter is not None or row.key.startswith("_")):
        yield f"{row.key} is sent {_times(counts[row.key])}; it is not known which one GMS takes."


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _value_hints(row: Row, parameter: Parameter) -> Iterator[str]:
    is_file = parameter.type is ParameterType.FILE
    if row.is_file != is_file:
        yield f"{row.key} takes {'a file' if is_file else 'a value, not a file'}."
    elif parameter.mandatory and not row.value and not row.is_file:
        yield f"This is empty. {_mandatory(parameter)}."
    elif not row.is_file:
        problem = value_problem(parameter, row.value)
        if problem:
            yield problem


def _key_hints(row: Row, known: Mapping[str, Parameter]) -> Iterator[str]:
    """Say what is odd about a key that is no parameter."""
    is_service = row.group is RowGroup.SERVICE_PARAMETER
    meant = _meant(row.key, known)
    if meant:
        if meant.startswith("_") == is_service:
            effect = "Capital and small letters differ."
        elif is_service:
            effect = "With _ it goes to the service."
        else:
            effect = "Without _ it is user data."
        yield f"Did you mean {meant}? {effect}"
    elif is_service and known:
        yield f"{row.key} is not known for this kind; it is sent all the same."


def _meant(key: str, known: Iterable[str]) -> str:
    """Give the parameter that a key equals but for its underscore and capital letters."""
    plain = key.lstrip("_").casefold()
    near = [name for name in known if plain and name.lstrip("_").casefold() == plain]
    return near[0] if near else ""


def _missing(form: Form, parameters: Iterable[Parameter], counts: Counter[str]) -> Iterator[str]:
    """Name the mandatory parameters that will not be sent."""
    have = {row.key for row in form}
    for one in parameters:
        if one.mandatory and not counts[one.name]:
            state = "is switched off" if one.name in have else "is missing"
            yield f"{one.name} {state}. {_mandatory(one)}."
