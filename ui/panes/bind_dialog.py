"""The dialog that says which kind an execution name of one's site is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton, QWidget

from gms_console.wire.request import execution_name

from ..console import Console
from ..icons import family_icon, icon
from ..tips import plain_tip
from .common import address_text, label, named, set_label
from .field_dialog import lay_out_fields

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind

_HELP = (
    "Each site names its services itself. Say which kind a name is of, and the console knows "
    "its keys, requests and states. Nothing is sent by this, and nothing changes in GMS."
)


class BindDialog(QDialog):
    """Takes a name and a kind; it stays open, with the reason, until the binding is kept."""

    def __init__(self, console: Console, name: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self._open = True
        self.setObjectName("bindDialog")
        self.setWindowTitle("Bind a name to a kind")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.name_edit = named(QLineEdit(name), "bindNameEdit", "Execution name")
        self.name_edit.setPlaceholderText("such as callme")
        self.kind_combo = named(QComboBox(), "bindKindCombo", "Kind")
        self.kind_combo.setMaxVisibleItems(16)
        self.outcome_label = named(label(""), "bindOutcomeLabel", "What comes of it")
        self.outcome_label.setWordWrap(True)
        self._fill(kind)
        self.bind_button = named(QPushButton("&Bind"), "bindOkButton", "Bind")
        fields = (
            ("Execution &name", self.name_edit),
            ("&Kind", self.kind_combo),
            ("", self.outcome_label),
        )
        lay_out_fields(self, _HELP, fields, self.bind_button)
        self.name_edit.textChanged.connect(self._show_outcome)
        self.kind_combo.currentIndexChanged.connect(self._show_outcome)
        self._show_outcome()
        (self.name_edit if not name else self.kind_combo).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, chosen: str) -> None:
        desk = self._console.services
        for family in desk.catalogue.families if desk.catalogue is not None else ():
            for kind in family.kinds:
                text = f"{kind.title} ({kind.name})" if kind.title else kind.name
                picture = icon(family_icon(family.icon))
                self.kind_combo.addItem(picture, f"{family.family}: {text}", kind)
                tip = f"{kind.meaning}\n({kind.provenance.value})"
                place = self.kind_combo.count() - 1
                self.kind_combo.setItemData(place, plain_tip(tip), Qt.ItemDataRole.ToolTipRole)
        wanted = chosen or self._kind_now()
        self.kind_combo.setCurrentIndex(
            next((n for n in range(self.kind_combo.count()) if self._kind(n).name == wanted), 0)
        )

    def _kind_now(self) -> str:
        """Give the kind that the name is of already; a callback where it is of none."""
        kind = self._console.services.kind_of(self.name_edit.text().strip())
        return kind.name if kind is not None else "callback"

    def _kind(self, place: int) -> ServiceKind:
        kind: ServiceKind = self.kind_combo.itemData(place)
        return kind

    @property
    def name(self) -> str:
        """The execution name as it is bound."""
        return execution_name(self.name_edit.text().strip())

    def _show_outcome(self) -> None:
        """Say what comes of the binding, or what is missing for it."""
        self.bind_button.setEnabled(False)
        if self.kind_combo.currentIndex() < 0:
            set_label(self.outcome_label, "The catalogue is not loaded yet.", "warning")
        elif not self.name:
            text = "Type the execution name: the part after service. in the options of GMS."
            set_label(self.outcome_label, text, "muted")
        else:
            kind = self._kind(self.kind_combo.currentIndex())
            text = f"{kind.method} {address_text(kind.service_text(self.name))}"
            set_label(self.outcome_label, f"{text}{self._replaced(kind)}", "muted")
            self.bind_button.setEnabled(True)

    def _replaced(self, kind: ServiceKind) -> str:
        desk = self._console.services
        before = desk.kind_of(self.name) if desk.is_bound(self.name) else None
        if before is None or before.name == kind.name:
            return ""
        return f"\nIt was bound to {before.title or before.name} until now."

    def accept(self) -> None:
        """Keep the binding; the dialog closes when that is done."""
        if not self.bind_button.isEnabled():
            return
        kind = self._kind(self.kind_combo.currentIndex())
        self.bind_button.setEnabled(False)
        self._console.services.own.bind(self.name, kind.name, self._on_end)

    def done(self, result: int) -> None:
        """Close; what comes of a binding that is still being kept is told elsewhere."""
        self._open = False
        super().done(result)

    def _on_end(self, reason: str) -> None:
        """Close when the binding is kept, else show why it is not."""
        if not self._open:
            if reason:
                self._console.services.own.refused.emit("The name was not bound", reason)
        elif reason:
            set_label(self.outcome_label, reason, "error")
            self.bind_button.setEnabled(True)
        else:
            super().accept()
