"""The keys of a storage as a table."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from gms_console.sizes import size_text
from gms_console.storing.reading import StoredKey

from .headed_table import HeadedTable, Index


class StoredKeyModel(HeadedTable):
    """Keys in the order of the answer, each with type, size and the beginning of its value."""

    heads = ("Key", "Type", "Size", "Value")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[StoredKey, ...] = ()

    def show_keys(self, keys: tuple[StoredKey, ...]) -> None:
        """Show other keys."""
        self.beginResetModel()
        self._keys = keys
        self.endResetModel()

    def key(self, row: int) -> StoredKey | None:
        """Give the key of a row; None for no row."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def row_of(self, name: str) -> int:
        """Give the row of a key, or -1."""
        return next((row for row, one in enumerate(self._keys) if one.key == name), -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the keys."""
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give a text of the table."""
        one = self.key(index.row())
        if one is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (one.key, one.kind, size_text(one.size), one.preview)[index.column()]
