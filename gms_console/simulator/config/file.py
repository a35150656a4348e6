"""Reading the configuration file: YAML, one mapping a section, one line an option."""

import json
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gms_console.simulator.config.checks import Lines, warnings_of
from gms_console.simulator.config.sections import Sections
from gms_console.simulator.files.nodes import NodeReader, YamlFileError, compose

_INTEGER = "tag:yaml.org,2002:int"
_NULL = "tag:yaml.org,2002:null"
_VALUE = "a text, a number, true, false, a list or a mapping"


class ConfigFileError(YamlFileError):
    """A configuration that does not parse: file, line and column (from 1), found and expected."""


@dataclass(frozen=True)
class Configuration:
    """What a file says: its sections, and remarks on what will have no effect."""

    sections: Sections
    warnings: tuple[str, ...] = ()


def read_config(path: Path) -> Configuration:
    """Read a configuration file.

    Raises ConfigFileError for a file that is wrong anywhere; OSError for one that cannot be
    read. Sections and options that are unknown are kept: GMS accepts them too.
    """
    root = compose(path, ConfigFileError)
    if root is None:
        raise ConfigFileError(path, (1, 1), "an empty file", "sections such as server")
    reader = NodeReader(path, ConfigFileError)
    named = reader.named(root, "sections such as server", "section")
    sections = {name: _options(reader, node) for name, node in named.items()}
    found = Sections(sections)
    return Configuration(found, warnings_of(found, sections, _lines(root)))


def _lines(root: Node) -> Lines:
    """Return the line of each section and option of a file that has been read."""
    lines: dict[tuple[str, str], int] = {}
    for section, options in root.value:
        lines[section.value, ""] = section.start_mark.line + 1
        for option, _ in options.value if isinstance(options, MappingNode) else ():
            lines[section.value, option.value] = option.start_mark.line + 1
    return lines


def _options(reader: NodeReader, node: Node) -> dict[str, str]:
    if _is_nothing(node):
        return {}
    named = reader.named(node, "the options of a section, one a line", "option")
    return {name: _text(reader, value) for name, value in named.items()}


def _text(reader: NodeReader, node: Node) -> str:
    """Return a value as the text that GMS would hold: a list with commas, a mapping as JSON."""
    match node:
        case ScalarNode():
            return "" if _is_nothing(node) else str(node.value)
        case SequenceNode():
            return ",".join(_scalar(reader, item) for item in node.value)
        case MappingNode():
            return json.dumps(_mapping(reader, node), separators=(",", ":"))
        case _:
            raise reader.refuse(node, _VALUE)


def _mapping(reader: NodeReader, node: Node) -> dict[str, object]:
    """Return a mapping whose numbers are numbers, such as the hours of a capacity."""
    found: dict[str, object] = {}
    for name, value in reader.named(node, "a mapping", "entry").items():
        if isinstance(value, MappingNode):
            found[name] = _mapping(reader, value)
        else:
            text = _scalar(reader, value)
            is_number = value.tag == _INTEGER and text.isascii() and text.isdigit()
            found[name] = int(text) if is_number and len(text) < 16 else text
    return found


def _scalar(reader: NodeReader, node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise reader.refuse(node, "a text or a number")
    return "" if _is_nothing(node) else str(node.value)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == _NULL
