"""The texts that options take, read into values.

Each function is the `type` of an option; what it raises, click shows beside the option's name.
"""

from __future__ import annotations

import re
from pathlib import Path

from click import BadParameter

from gms_console.durations import DurationError, read_duration
from gms_console.model.base_url import BaseUrlError
from gms_console.model.environment import Environment, HeaderError, check_header
from gms_console.model.form import Row
from gms_console.model.stop_rule import StopRule, StopRuleError
from gms_console.variables import name_problem

_FILE_PART = re.compile(r";(type|filename)=")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def text_row(text: str) -> Row:
    """Read `KEY=VALUE`; everything after the first `=` is the value.

    An empty key is left to the encoder, which refuses it.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise BadParameter(f"found {text!r}, expected KEY=VALUE such as language=french")
    return Row(key=key, value=value)


def file_row(text: str) -> Row:
    """Read `KEY=PATH[;type=MIME][;filename=NAME]`, in which MIME may hold a `;` of its own.

    Whether the file is there is seen when the row is encoded.
    """
    key, equals, rest = text.partition("=")
    path, *parts = _FILE_PART.split(rest)
    if not equals or not path:
        raise BadParameter(f"found {text!r}, expected KEY=PATH such as photo=./MyPic.png")
    given = list(zip(parts[::2], parts[1::2], strict=True))
    settings = dict(given)
    if len(settings) < len(given):
        raise BadParameter(f"found {text!r}, expected ;type= and ;filename= once at most")
    if settings.get("type") == "":
        raise BadParameter(f"found {text!r}, expected a type such as ;type=image/png")
    return Row(
        key=key,
        file=Path(path),
        content_type=settings.get("type"),
        filename=settings.get("filename"),
    )


def header(text: str) -> tuple[str, str]:
    """Read `K:V`. No message repeats the value, which may be a credential."""
    name, colon, value = text.partition(":")
    value = value.strip(" \t")
    if not colon:
        raise BadParameter("a header has no colon; expected K:V such as X-Trace:7")
    try:
        check_header(name, value)
    except HeaderError as error:
        raise BadParameter(str(error)) from None
    return name, value


def base_url(text: str) -> Environment:
    """Read `http://host:port/base`; without a base path it is `/genesys`."""
    try:
        return Environment.parse(text)
    except BaseUrlError as error:
        raise BadParameter(str(error)) from None


def duration(text: str) -> float:
    """Read `500ms`, `1.5s`, `2m` or a bare number of seconds; more than zero."""
    try:
        return read_duration(text)
    except DurationError as error:
        raise BadParameter(str(error)) from None


def stop_rule(text: str) -> StopRule:
    """Read `PATH=VALUE`: a JMESPath and one value, which may hold commas."""
    if "=" not in text:
        raise BadParameter(f"found {text!r}, expected PATH=VALUE such as status=agent-ready")
    try:
        return StopRule.parse(text, split_values=False)
    except StopRuleError as error:
        raise BadParameter(str(error)) from None


def method(text: str) -> str:
    """Read an HTTP method, in capitals; any token will do, as sites differ."""
    if not _TOKEN.fullmatch(text):
        raise BadParameter(f"{text!r} is not a method such as POST or GET")
    return text.upper()


def variable(text: str) -> tuple[str, str]:
    """Read `K=V`: the name of a variable and its value, which may hold variables."""
    name, equals, value = text.partition("=")
    if not equals:
        raise BadParameter(f"found {text!r}, expected K=V such as phone=6504669999")
    problem = name_problem(name)
    if problem:
        raise BadParameter(f"{name!r} cannot be the name of a variable. {problem}")
    return name, value


def report_target(text: str) -> str:
    """Read the file of a report; `-` is standard output."""
    if not text or text.endswith(("/", "\\")):
        raise BadParameter(f"found {text!r}, expected a file such as report.html, or -")
    return text
