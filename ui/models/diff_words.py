"""What a difference is called, and what the models of differences tell their views of it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gms_console.comparison import Change, DiffNode

CHANGE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The Change of a row, as its text."""

OWN_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a row is a difference itself, and not only for what is within it."""

SIGNS = {
    Change.SAME: "",
    Change.ADDED: "+",
    Change.REMOVED: "−",
    Change.CHANGED: "≠",
    Change.MOVED: "⇄",
    Change.IGNORED: "○",
}
"""What stands before a row, so that colour is not all that tells."""

WORDS = {
    Change.SAME: "the same",
    Change.ADDED: "only on the right",
    Change.REMOVED: "only on the left",
    Change.CHANGED: "differs",
    Change.MOVED: "moved",
    Change.IGNORED: "ignored",
}
"""What a Change is called in tooltips and for who cannot see it."""

_LONGEST = 2000
"""Characters of a value that a tooltip shows."""


def key_text(node: DiffNode) -> str:
    """Name a value: its key or index; the outermost one is the answer."""
    return node.label or ("(answer)" if not node.path else '""')


def change_text(node: DiffNode) -> str:
    """Say how a value relates to the other side."""
    if node.change is Change.MOVED and node.moved_from is not None:
        return f"moved here from [{node.moved_from}]"
    return WORDS[node.change]


def cell_text(node: DiffNode, column: int) -> str:
    """Give what stands in the columns key, left and right."""
    if column == 0:
        sign, key = SIGNS[node.change], key_text(node)
        if node.moved_from is not None:
            key = f"{key} (was {node.moved_from})"
        return f"{sign} {key}" if sign else key
    value = node.left if column == 1 else node.right
    return "" if value is None else value


def key_tip(node: DiffNode) -> str:
    """Say where a value is, and how it relates to the other side."""
    where = f"{node.path}\n" if node.path else ""
    return f"{where}{change_text(node).capitalize()}"


def value_tip(text: str) -> str:
    """Give as much of a value as a tooltip shows."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
