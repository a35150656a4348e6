"""From a Flow to the text of its file: a new one, or one that is there with only what changed."""

from __future__ import annotations

from gms_console.flow.data import flow_data, lean
from gms_console.flow.emitting import entry, item
from gms_console.flow.file import flow_from, parse_flow
from gms_console.flow.splicing import SplicingError, lean_item, same, spliced
from gms_console.flow.types import Flow, FlowError
from gms_console.yaml_text import YamlTextError, read_nodes


def flow_text(flow: Flow, old: str = "") -> str:
    """Give the text of a flow's file, which ends with a line end.

    Of `old`, the text that is there, comments, blank lines and all that is not changed stay as
    they are; a text that is no flow, or that is written so that only a person can change it (as
    with anchors), is written anew. The value of a row with a file is not kept: it is never sent.
    """
    if not old.strip():
        return _new_text(flow)
    breaks = "\r\n" if "\r\n" in old else "\n"
    text = _changed_text(flow, old.removeprefix("\ufeff").replace("\r\n", "\n"))
    return text.replace("\n", breaks)


def _new_text(flow: Flow) -> str:
    data = lean(flow_data(flow))
    steps = data.pop("steps")
    parts = [entry(key, value, 0) for key, value in data.items()]
    parts.append("steps:" if steps else "steps: []")
    parts += (f"  {item(lean_item(step), 2, block=True)}" for step in steps)
    return "\n".join((*parts, ""))


def _changed_text(flow: Flow, old: str) -> str:
    data = flow_data(flow)
    try:
        root = read_nodes(old)
        before = flow_data(flow_from(root, ""))
    except (YamlTextError, FlowError):
        return _new_text(flow)
    if same(before, data):
        return old
    try:
        text = spliced(old, root, before, data)
    except SplicingError:
        return _new_text(flow)
    if not text.endswith("\n"):
        text += "\n"
    after = _read(text)
    if after is None:
        # A flow that no text can hold is one in the middle of being edited.
        new = _new_text(flow)
        return text if _read(new) is None else new
    return text if same(flow_data(after), data) else _new_text(flow)


def _read(text: str) -> Flow | None:
    try:
        return parse_flow(text, "")
    except FlowError:
        return None
