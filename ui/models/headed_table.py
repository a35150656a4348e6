"""What every model of named columns answers to Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

Index = QModelIndex | QPersistentModelIndex


def head_of(
    heads: Sequence[str], section: int, orientation: Qt.Orientation, role: int
) -> str | None:
    """Name a column; None for what else a header asks."""
    if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
        return heads[section]
    return None


class HeadedTable(QAbstractTableModel):
    """A table whose columns have names. Subclasses say what the rows are."""

    heads: tuple[str, ...] = ()

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401
        """Name the columns."""
        return head_of(self.heads, section, orientation, role)
