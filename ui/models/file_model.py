"""The attachments of a Form: its file rows alone, with what is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QFileSystemWatcher,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImageReader, QPixmap

from gms_console.model.form import Row
from gms_console.wire.encode import file_message, row_content_type

from ..theme import colours
from ..tips import plain_tip
from .form_model import FormModel

Index = QModelIndex | QPersistentModelIndex
THUMBNAIL = 28
_LARGEST_PICTURE = 64 * 1024 * 1024


class FileColumn(IntEnum):
    """The columns of the file table."""

    FILE = 0
    KEY = 1
    SENT_AS = 2
    TYPE = 3
    SIZE = 4


_TITLES = ("File", "Key", "Name as sent", "Type", "Size")


class FileModel(QAbstractTableModel):
    """The file rows of a FormModel. A file that goes away turns its row red at once.

    `files_changed` comes after every look at the disk.
    """

    files_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form_model: FormModel | None = None
        self._path_of: Callable[[Path], Path] = Path
        self._places: list[int] = []
        self._missing: dict[int, str] = {}
        self._found: list[tuple[int, int] | None] = []
        self._thumbnails: dict[tuple[Path, int], QPixmap | None] = {}
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.refresh)
        self._watcher.directoryChanged.connect(self.refresh)

    def set_form_model(self, model: FormModel) -> None:
        """Show the file rows of another Form."""
        if self._form_model is not None:
            self._form_model.form_changed.disconnect(self.refresh)
        self._form_model = model
        model.form_changed.connect(self.refresh)
        self.refresh()

    def use_paths(self, path_of: Callable[[Path], Path]) -> None:
        """Look on the disk for what `path_of` gives for a row's file, as for one with variables."""
        self._path_of = path_of
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Read again which rows are files and how each one stands on the disk."""
        rows = self._form_model.form.rows if self._form_model is not None else ()
        files = {
            place: self._path_of(row.file) for place, row in enumerate(rows) if row.file is not None
        }
        places = list(files)
        missing = {
            place: message for place, file in files.items() if (message := file_message(file))
        }
        found = [_condition(file) for file in files.values()]
        if places == self._places:
            # A cell may be edited right now: a reset would throw away what is being typed.
            self._missing = missing
            if found != self._found:
                self.dataChanged.emit(
                    self.index(0, 0), self.index(len(places) - 1, len(FileColumn) - 1)
                )
        else:
            self.beginResetModel()
            self._places, self._missing = places, missing
            self.endResetModel()
        self._found = found
        self.files_changed.emit()
        self._watch([str(file) for file in files.values()])

    def _watch(self, files: list[str]) -> None:
        wanted = {f for f in files if Path(f).is_file()} | {
            str(folder) for f in files if (folder := Path(f).absolute().parent).is_dir()
        }
        watched = set(self._watcher.files()) | set(self._watcher.directories())
        if gone := list(watched - wanted):
            self._watcher.removePaths(gone)
        if new := list(wanted - watched):
            self._watcher.addPaths(new)

    @property
    def missing(self) -> dict[int, str]:
        """The rows (of the Form) whose file cannot be sent now, with the reason."""
        return self._missing

    def form_place(self, row: int) -> int:
        """Give the place in the Form of a row of this table."""
        return self._places[row]

    def form_row(self, row: int) -> Row:
        """Give the Form's row that a row of this table shows."""
        if self._form_model is None:
            raise IndexError(row)
        return self._form_model.form.rows[self._places[row]]

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of attachments."""
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(FileColumn)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Give a column's title."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() in {FileColumn.KEY, FileColumn.SENT_AS, FileColumn.TYPE}:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Give what a cell shows."""
        if not index.isValid():
            return None
        row, place = self.form_row(index.row()), self._places[index.row()]
        column = FileColumn(index.column())
        problem = self._missing.get(place)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return self._text(row, column, problem)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(problem or str(row.file))
        if role == Qt.ItemDataRole.DecorationRole and column is FileColumn.FILE and not problem:
            return self._thumbnail(row)
        if problem and role == Qt.ItemDataRole.BackgroundRole:
            return QColor(colours().error_soft)
        if problem and role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colours().error)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is FileColumn.SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802, ANN401
        """Take an edit into the Form."""
        if role != Qt.ItemDataRole.EditRole or self._form_model is None:
            return False
        place, text = self._places[index.row()], str(value)
        match FileColumn(index.column()):
            case FileColumn.KEY:
                self._form_model.change_row(place, "change key", key=text)
            case FileColumn.SENT_AS:
                file = self.form_row(index.row()).file
                own = file is not None and text == file.name
                self._form_model.change_row(
                    place, "change name as sent", filename=None if own else text
                )
            case FileColumn.TYPE:
                self._form_model.change_row(place, "change content type", content_type=text or None)
            case _:
                return False
        return True

    def _text(self, row: Row, column: FileColumn, problem: str | None) -> str:
        match column:
            case FileColumn.FILE:
                name = row.file.name if row.file is not None else ""
                return f"⚠ {name}: not there" if problem else name
            case FileColumn.KEY:
                return row.key
            case FileColumn.SENT_AS:
                return row.sent_filename
            case FileColumn.TYPE:
                return row_content_type(row) or ""
            case FileColumn.SIZE:
                return "" if problem or row.file is None else _size(self._path_of(row.file))

    def _thumbnail(self, row: Row) -> QPixmap | None:
        """Make a small picture of a picture; None for anything else."""
        if row.file is None or not (row_content_type(row) or "").startswith("image/"):
            return None
        try:
            file = self._path_of(row.file)
            found = file.stat()
        except OSError:
            return None
        key = (file, found.st_mtime_ns)
        if key not in self._thumbnails:
            self._thumbnails[key] = _scaled(file) if found.st_size < _LARGEST_PICTURE else None
        return self._thumbnails[key]


def _condition(file: Path | None) -> tuple[int, int] | None:
    """Give a file's size and time of change; None where it is not there."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_size, found.st_mtime_ns)


def _size(file: Path) -> str:
    """Give the size of a file; empty when it has just gone, which a refresh will say."""
    try:
        return f"{file.stat().st_size:,} B"
    except OSError:
        return ""


def _scaled(file: Path) -> QPixmap | None:
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        box = QSize(THUMBNAIL, THUMBNAIL)
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)
