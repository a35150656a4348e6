"""From a flow file to a Flow; a wrong one is refused whole, with all that is wrong in it."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import TYPE_CHECKING

from gms_console.flow.types import FORMAT_VERSION, Flow, FlowError, FlowMistake
from gms_console.flow.yaml_words import yaml_words
from gms_console.yaml_text import YamlTextError, read_nodes

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from gms_console.flow.nodes import NodeReader

LARGEST = 4 * 1024**2
"""Bytes of the largest file that is read; large contents belong into files of their own."""


def read_flow(file: Path) -> Flow:
    """Read a flow file. Raises FlowError for a wrong one, OSError for one that cannot be read."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    return flow_of(content, file)


def flow_of(content: bytes, file: Path) -> Flow:
    """Make the Flow of a file's content. Raises FlowError."""
    return parse_flow(decoded(content, str(file)), str(file), file)


def parse_flow(text: str, source: str, file: Path | None = None) -> Flow:
    """Read a Flow from text; `source` is what mistakes call it. Raises FlowError."""
    text = text.removeprefix("\ufeff")
    try:
        root = read_nodes(text)
    except YamlTextError as error:
        line = max(1, error.place.line if error.place is not None else 1)
        column = max(1, error.place.column if error.place is not None else 1)
        mistake = _mistake(line, column, *yaml_words(error.problem))
        raise FlowError(source, (mistake,)) from None
    return flow_from(root, source, file)


def decoded(content: bytes, source: str) -> str:
    """Give the text of a file's content. Raises FlowError for what is too large or no UTF-8."""
    if len(content) > LARGEST:
        limit = f"{LARGEST // 1024**2} MB at most; large contents can be files of form rows"
        raise FlowError(source, (_mistake(1, 1, "a larger file", limit),))
    if content.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        raise FlowError(source, (_mistake(1, 1, "a text in UTF-16", "a text in UTF-8"),))
    try:
        return content.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        found = f"the byte 0x{content[error.start]:02x}"
        raise FlowError(source, (_mistake(line, column, found, "a text in UTF-8"),)) from None


def flow_from(root: Node | None, source: str, file: Path | None = None) -> Flow:
    """Read a Flow from the nodes of its text. Raises FlowError."""
    # What reads the nodes needs YAML loaded, which costs start-up time where no file is read.
    from gms_console.flow.keys import FLOW_KEYS  # noqa: PLC0415
    from gms_console.flow.nodes import NodeReader  # noqa: PLC0415
    from gms_console.flow.steps import StepReader  # noqa: PLC0415

    if root is None:
        raise FlowError(source, (_mistake(1, 1, "nothing", "a flow with gms: 1 and steps"),))
    reader = NodeReader()
    if _is_newer(root, reader):
        raise FlowError(source, reader.mistakes)
    fields = reader.fields(root, FLOW_KEYS, "a mapping with gms, name and steps")
    steps = StepReader(reader)
    flow = Flow(
        name=reader.text(fields["name"].node, "a name", empty=True) if "name" in fields else "",
        env=reader.text(fields["env"].node, "the name of an environment")
        if "env" in fields
        else "",
        vars=steps.variables(fields["vars"].node) if "vars" in fields else (),
        steps=steps.steps(fields["steps"].node) if "steps" in fields else (),
        file=file,
    )
    if fields and "steps" not in fields and not reader.misspelt(root, "steps"):
        reader.wrong(root, "steps with one step at least", "no steps")
    if reader.mistakes:
        raise FlowError(source, reader.mistakes)
    return flow


def _is_newer(root: Node, reader: NodeReader) -> bool:
    """Check the version; of a newer format nothing else can be told."""
    from ruamel.yaml.nodes import MappingNode  # noqa: PLC0415

    if not isinstance(root, MappingNode):
        return False
    version = next((node for key, node in root.value if key.value == "gms"), None)
    if version is None:
        if not reader.misspelt(root, "gms"):
            reader.wrong(root, "gms: 1, the version of the format, as the first key", "no gms")
        return False
    expected = f"{FORMAT_VERSION}, the version of the format"
    number = reader.whole(version, expected, lambda one: one >= 1)
    if number > FORMAT_VERSION:
        reader.wrong(version, f"{expected} that this GMS Console reads; a newer one is needed")
    return number > FORMAT_VERSION


def _mistake(line: int, column: int, found: str, expected: str) -> FlowMistake:
    return FlowMistake(line=line, column=column, found=found, expected=expected)
