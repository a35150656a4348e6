"""The look of a dialog that asks for a few values: what it is for, its fields, its buttons."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from .common import label


def lay_out_fields(
    dialog: QDialog, purpose: str, fields: Iterable[tuple[str, QWidget]], ok: QPushButton
) -> None:
    """Lay a dialog out; `fields` have their captions, `ok` accepts it."""
    ok.setProperty("role", "primary")
    ok.setDefault(True)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.addButton(ok, QDialogButtonBox.ButtonRole.AcceptRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    help_label = label(purpose, "muted")
    help_label.setWordWrap(True)
    form = QFormLayout()
    form.setVerticalSpacing(10)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for caption, field in fields:
        form.addRow(caption, field)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(18, 16, 18, 14)
    column.setSpacing(14)
    column.addWidget(help_label)
    column.addLayout(form)
    column.addStretch(1)
    column.addWidget(buttons)
