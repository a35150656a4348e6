"""All actions of the window with their keys: what the menus, F1 and the shortcuts are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action before it is made: its menu, text, keys (the first is shown) and what it does."""

    name: str
    menu: str
    text: str
    keys: tuple[str, ...]
    run: Callable[[], object]


def make_actions(parent: QWidget, specs: tuple[ActionSpec, ...]) -> dict[str, QAction]:
    """Make the actions and give them to `parent`, so that their keys work all over it."""
    made: dict[str, QAction] = {}
    for spec in specs:
        action = QAction(spec.text, parent)
        action.setObjectName(f"{spec.name}Action")
        # The text may come to say more, such as what an undo undoes.
        action.setProperty("label", spec.text)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.triggered.connect(lambda _=False, run=spec.run: run())
        parent.addAction(action)
        made[spec.name] = action
    return made


def keys_text(action: QAction) -> str:
    """Give the keys of an action as a person reads them."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(key.toString(native) for key in action.shortcuts())
