"""Exports evidence: of what, in which formats, what is masked, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.evidence.rules import Rule

from ...evidence.choice import FORMATS, EvidenceChoice, Scope, stem_of
from ...evidence.desk import EvidenceDesk, Outcome, Preview
from ...evidence.sources import now
from ...tips import plain_tip
from ..common import exact_text, label, named, set_label
from .rules_part import RulesPart

_LOOK_MS = 250
"""How long after an edit the preview is made anew."""

_PICTURES_WARN = (
    "Pictures show what masking cannot reach: numbers and texts on the phone stay readable."
)


class EvidenceDialog(QDialog):
    """Stays open after an export, to open what was written."""

    def __init__(self, desk: EvidenceDesk, scopes: list[Scope], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._scopes = scopes
        self._named_by_hand = False
        self._files: tuple[Path, ...] = ()
        self._file_dialog: QFileDialog | None = None
        self.setObjectName("evidenceDialog")
        self.setWindowTitle("Export evidence")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 700)
        self._soon = QTimer(self, interval=_LOOK_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._show_scope()

    # --- parts -----------------------------------------------------------------------------------

    def _make_parts(self) -> None:
        kept = self._desk.kept
        self.scope_combo = named(QComboBox(), "evidenceScopeCombo", "What is exported")
        for scope in self._scopes:
            self.scope_combo.addItem(scope.text)
        self.title_edit = named(QLineEdit(), "evidenceTitleEdit", "Title of the report")
        self.note_edit = named(QPlainTextEdit(), "evidenceNoteEdit", "Note in the report")
        self.note_edit.setPlaceholderText("What was tested, what was expected, what went wrong")
        self.note_edit.setTabChangesFocus(True)
        self.note_edit.setFixedHeight(58)
        self.format_boxes = {
            kind: named(QCheckBox(name), f"evidence_{kind}_Box", f"Write {name}")
            for kind, (name, _) in FORMATS.items()
        }
        for kind, box in self.format_boxes.items():
            box.setChecked(kind in kept.formats)
        self.rules_part = RulesPart(kept.rules)
        self.screens_box = named(
            QCheckBox("&Pictures of the phone"), "evidenceScreensBox", "Pictures of the phone"
        )
        self.screens_label = named(label("", "muted"), "evidenceScreensLabel", "About the pictures")
        self.screens_label.setWordWrap(True)
        self.file_edit = named(QLineEdit(), "evidenceFileEdit", "File without its suffix")
        self.file_button = named(QPushButton("C&hoose …"), "evidenceFileButton", "Choose a file")
        self.file_button.setAutoDefault(False)
        self.files_label = named(label("", "muted"), "evidenceFilesLabel", "What is written")
        self.files_label.setWordWrap(True)
        self.progress = named(QProgressBar(), "evidenceProgress", "Progress of the export")
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.outcome_label = named(label(""), "evidenceOutcome", "What came of it")
        self.outcome_label.setWordWrap(True)
        self.outcome_label.hide()
        self.open_button = self._button("&Open", "evidenceOpenButton", "Open the report")
        self.folder_button = self._button(
            "Show in &folder", "evidenceFolderButton", "Show the report in its folder"
        )
        self.open_button.hide()
        self.folder_button.hide()
        self.close_button = self._button("Close", "evidenceCloseButton", "Close")
        self.export_button = self._button("&Export", "evidenceExportButton", "Export")
        self.export_button.setProperty("role", "primary")
        self.export_button.setDefault(True)

    @staticmethod
    def _button(text: str, name: str, spoken: str) -> QPushButton:
        button = named(QPushButton(text), name, spoken)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        formats = QHBoxLayout()
        formats.setSpacing(18)
        for box in self.format_boxes.values():
            formats.addWidget(box)
        formats.addStretch(1)
        file = QHBoxLayout()
        file.addWidget(self.file_edit, 1)
        file.addWidget(self.file_button)
        rows: tuple[tuple[str, QWidget | QHBoxLayout, QWidget | None], ...] = (
            ("&What", self.scope_combo, self.scope_combo),
            ("&Title", self.title_edit, self.title_edit),
            ("&Note", self.note_edit, self.note_edit),
            ("Formats", formats, None),
        )
        for place, (text, part, buddy) in enumerate(rows):
            self._add(grid, place, text, part, buddy)
        below = QGridLayout()
        below.setHorizontalSpacing(10)
        self._add(below, 0, "File", file, None)
        below.addWidget(self.files_label, 1, 1)
        pictures = QHBoxLayout()
        pictures.addWidget(self.screens_box)
        pictures.addWidget(self.screens_label, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.folder_button)
        buttons.addWidget(self.progress, 1)
        buttons.addStretch(0)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addLayout(grid)
        column.addWidget(self.rules_part, 1)
        column.addLayout(pictures)
        column.addLayout(below)
        column.addWidget(self.outcome_label)
        column.addLayout(buttons)

    @staticmethod
    def _add(
        grid: QGridLayout,
        place: int,
        text: str,
        part: QWidget | QHBoxLayout,
        buddy: QWidget | None,
    ) -> None:
        name = label(text)
        top = Qt.AlignmentFlag.AlignTop if isinstance(part, QPlainTextEdit) else None
        if buddy is not None:
            name.setTextFormat(Qt.TextFormat.AutoText)
            name.setBuddy(buddy)
        grid.addWidget(name, place, 0, top or Qt.AlignmentFlag.AlignVCenter)
        if isinstance(part, QHBoxLayout):
            grid.addLayout(part, place, 1)
        else:
            grid.addWidget(part, place, 1)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        desk = self._desk
        self.scope_combo.currentIndexChanged.connect(self._show_scope)
        self.rules_part.changed.connect(self._on_rules)
        for box in self.format_boxes.values():
            box.clicked.connect(self._show_files)
        self.file_edit.textChanged.connect(self._show_files)
        self.file_edit.textEdited.connect(self._on_named)
        self.file_button.clicked.connect(self._choose_file)
        self.export_button.clicked.connect(self._export)
        self.close_button.clicked.connect(self._close_or_cancel)
        self.open_button.clicked.connect(lambda: self._open(self._files[0]))
        self.folder_button.clicked.connect(lambda: self._open(self._files[0].parent))
        desk.previewed.connect(self._on_preview)
        desk.progressed.connect(self._on_progress)
        desk.ended.connect(self._on_end)

    # --- what is exported ------------------------------------------------------------------------

    @property
    def scope(self) -> Scope:
        """What is exported."""
        return self._scopes[max(self.scope_combo.currentIndex(), 0)]

    @property
    def choice(self) -> EvidenceChoice:
        """All as it is chosen."""
        return EvidenceChoice(
            scope=self.scope,
            file=self._file,
            formats=tuple(
                kind for kind in self.scope.formats if self.format_boxes[kind].isChecked()
            ),
            title=self.title_edit.text().strip(),
            note=exact_text(self.note_edit).strip(),
            rules=self.rules_part.rules,
            screens=self.screens_box.isEnabled() and self.screens_box.isChecked(),
        )

    @property
    def _file(self) -> Path:
        """The file without the suffix of a format, in case one was typed."""
        file = Path(self.file_edit.text().strip() or "evidence").expanduser()
        if not file.name or file.name == ".." or file.is_dir():
            file /= "evidence"  # a folder, as one begins to type a path
        suffixes = {suffix for _, suffix in FORMATS.values()}
        return file.with_suffix("") if file.suffix in suffixes else file

    def _show_scope(self) -> None:
        scope = self.scope
        self.title_edit.setText(scope.title)
        if not self._named_by_hand:
            name = f"{stem_of(scope.title)}-{now():%Y-%m-%d-%H%M}"
            self.file_edit.setText(str(self._desk.folder / name))
        for kind, box in self.format_boxes.items():
            box.setVisible(kind in scope.formats)
        if not self.choice.formats:
            self.format_boxes["html"].setChecked(True)
        self._show_screens()
        self._show_files()
        self.rules_part.show_looking()
        self._soon.start()

    def _show_screens(self) -> None:
        from ...phone.pictures import screen_count  # noqa: PLC0415 - the phone is loaded with it

        count = screen_count(self._desk.screens_of(self.scope))
        self.screens_box.setEnabled(bool(count))
        if not count:
            set_label(self.screens_label, "No phone has shown anything here.", "muted")
        else:
            screens = f"{count} screen{'' if count == 1 else 's'}. "
            masked = self.rules_part.rules.holds(Rule.PHONES)
            set_label(
                self.screens_label, f"{screens}{_PICTURES_WARN}", "warning" if masked else "muted"
            )

    def _on_rules(self) -> None:
        self._show_screens()
        self._soon.start()

    def _look(self) -> None:
        self.rules_part.show_looking()
        self._desk.look(self.scope, self.rules_part.rules)

    def _on_preview(self, preview: Preview) -> None:
        self.rules_part.show_preview(preview)

    def _on_named(self) -> None:
        self._named_by_hand = True

    def _show_files(self) -> None:
        """Say which files would be written, and which of them are there already."""
        choice = self.choice
        names = [file.name for file in choice.files.values()]
        others = [file for file in choice.files.values() if file not in self._files]
        there = [file.name for file in others if file.is_file()]
        text = f"Writes {' and '.join(names)}." if names else "Choose a format."
        if there:
            text += f" {' and '.join(there)} is replaced."
        trouble = self.scope.trouble
        warned = there or not names or trouble
        set_label(self.files_label, trouble or text, "warning" if warned else "muted")
        possible = bool(names) and not trouble and not self._desk.exporting
        self.export_button.setEnabled(possible)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Export evidence", str(self._file.parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(self._file.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_file)
        self._file_dialog = dialog
        dialog.open()

    def _take_file(self, name: str) -> None:
        self._named_by_hand = True
        self.file_edit.setText(name)

    # --- writing ---------------------------------------------------------------------------------

    def _export(self) -> None:
        choice = self.choice
        self._files = ()
        for part in (self.outcome_label, self.open_button, self.folder_button):
            part.hide()
        self.progress.setRange(0, 0)
        self.progress.show()
        self.export_button.setEnabled(False)
        self.close_button.setText("Cancel")
        self._desk.export(choice)

    def _on_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)

    def _on_end(self, outcome: Outcome) -> None:
        self.progress.hide()
        self.close_button.setText("Close")
        self._files = outcome.files
        text, role = outcome.trouble, "error"
        if outcome.files:
            written = " and ".join(file.name for file in outcome.files)
            text, role = f"✓ {written}: {outcome.text}", "good"
            if outcome.trouble:
                text, role = f"{text}\n{outcome.trouble}", "warning"
        set_label(self.outcome_label, text, role)
        self.outcome_label.setToolTip(plain_tip("\n".join(str(one) for one in outcome.files)))
        self.outcome_label.show()
        for button in (self.open_button, self.folder_button):
            button.setVisible(bool(outcome.files))
        self._show_files()
        if outcome.files:
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, file: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))

    def _close_or_cancel(self) -> None:
        if self._desk.exporting:
            self._desk.cancel()
        else:
            self.reject()

    def done(self, result: int) -> None:
        """Close; an export that is under way ends without a file."""
        self._soon.stop()
        self._desk.stop_looking()
        self._desk.cancel()
        super().done(result)
