"""The target bar: what the request is for, and the buttons that send and cancel it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gms_console.model.environment import Environment
from gms_console.model.exchange import OperationKind

from ..console import Console
from ..icons import icon
from ..preparing import other_node
from ..theme import colours
from ..tips import plain_tip
from .common import ElidedLabel, label, named, set_look
from .transfer_bar import TransferBar

if TYPE_CHECKING:
    from .node_choice import NodeChoice

_METHODS = ("POST", "GET", "PUT", "DELETE")


class TargetBar(QWidget):
    """Create a service, or send a request to an instance: `POST …/service/{…}`."""

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.method_combo = named(QComboBox(), "methodCombo", "HTTP method")
        self.method_combo.setEditable(True)
        self.method_combo.addItems(_METHODS)
        self.method_combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.method_combo.setMinimumContentsLength(4)
        self.service_edit = named(QLineEdit(), "serviceNameEdit", "Service name")
        self.service_edit.setPlaceholderText("service name")
        self.service_edit.setMinimumWidth(110)
        self.instance_edit = named(QLineEdit(), "requestInstanceEdit", "Instance id")
        self.instance_edit.setPlaceholderText("instance id")
        self.slash = label("/", "muted")
        self.request_edit = named(QLineEdit(), "requestNameEdit", "Request name")
        self.request_edit.setPlaceholderText("request")
        self.request_edit.setMinimumWidth(96)
        self._column = QVBoxLayout(self)
        self._node_choice: NodeChoice | None = None
        self.path_label = ElidedLabel()
        self.send_button = named(QPushButton("Send"), "sendButton", "Send")
        self.send_button.setToolTip("Send (Ctrl+Enter)")
        self.send_button.setProperty("role", "primary")
        self.cancel_button = named(QPushButton("Cancel"), "cancelButton", "Cancel")
        self.cancel_button.setToolTip("Cancel the request, or stop the poll (Esc)")
        self._marked = {
            "service": self.service_edit,
            "instance_id": self.instance_edit,
            "request": self.request_edit,
        }
        self.transfer_bar = TransferBar(console)
        self._lay_out()

        self.method_combo.editTextChanged.connect(self._on_method)
        self.service_edit.textChanged.connect(self._on_service)
        self.instance_edit.textChanged.connect(self._on_instance)
        self.request_edit.textChanged.connect(self._on_request)
        console.target_changed.connect(self.show_target)
        console.live.instance_selected.connect(self.show_target)
        console.live.instance_selected.connect(self._offer_requests)
        console.environment_changed.connect(self._show_path)
        console.services.catalogue_changed.connect(self._offer_names)
        console.busy_changed.connect(self._show_busy)
        self._refusal_label: QLabel | None = None
        self._focus_lent = False
        console.preview_changed.connect(self._mark_fields)
        console.preview_changed.connect(self._show_refusal)
        console.preview_changed.connect(self._show_nodes)
        self.show_target()
        self._show_busy()
        self.refresh_icons()

    def _lay_out(self) -> None:
        column = self._column
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.method_combo)
        row.addWidget(self.path_label, 1)
        row.addWidget(self.service_edit, 3)
        row.addWidget(self.instance_edit, 2)
        row.addWidget(self.slash)
        row.addWidget(self.request_edit, 1)
        row.addWidget(self.send_button)
        row.addWidget(self.cancel_button)
        column.addLayout(row)
        column.addWidget(self.transfer_bar)

    def take_own_name(self) -> None:
        """Select the name in the service, where each site has another, ready to be typed over."""
        self.service_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        text = self.service_edit.text()
        part = self._console.services.own_part(text)
        start = text.rfind(part) if part else text.rfind("/") + 1
        end = start + len(part) if part else len(text)
        # Backwards: what is selected is then seen from its beginning.
        self.service_edit.setSelection(end, start - end)

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the scheme."""
        guarded = bool(self.send_button.property("guarded"))
        ink = colours().warning if guarded else colours().accent_text
        self.send_button.setIcon(icon("lock" if guarded else "send", ink))
        self.cancel_button.setIcon(icon("stop"))
        self._show_path()

    def _on_method(self, text: str) -> None:
        self._console.draft.method = text.strip().upper()

    def _on_service(self, text: str) -> None:
        self._console.drafts[OperationKind.CREATE].service = text.strip()

    def _on_instance(self, text: str) -> None:
        self._console.drafts[OperationKind.REQUEST].instance_id = text.strip()

    def _on_request(self, text: str) -> None:
        draft = self._console.drafts[OperationKind.REQUEST]
        if text.strip() == draft.request:
            return
        draft.request = text.strip()
        known = self._console.services.request_kind
        if known is not None:
            self.method_combo.setEditText(known.method)

    def show_target(self) -> None:
        """Show the fields of the target that is being edited."""
        create = self._console.target is OperationKind.CREATE
        self.service_edit.setVisible(create)
        for widget in (self.instance_edit, self.slash, self.request_edit):
            widget.setVisible(not create)
        drafts = self._console.drafts
        _show_text(self.service_edit, drafts[OperationKind.CREATE].service)
        _show_text(self.instance_edit, drafts[OperationKind.REQUEST].instance_id)
        _show_text(self.request_edit, drafts[OperationKind.REQUEST].request)
        self.method_combo.setEditText(self._console.draft.method)
        self._show_path()

    @property
    def _request_place(self) -> Environment | None:
        """Where the request's instance lives; None while a create is being edited."""
        console = self._console
        return console.request_place if console.target is OperationKind.REQUEST else None

    @property
    def _path(self) -> str:
        environment = self._console.environment
        place = self._request_place
        if place is not None:
            other = other_node(place, self._console.draft.node)
            environment = place.on_node(other) if other else place
        base = "…" if environment is None else environment.base_path
        create = self._console.target is OperationKind.CREATE
        if create and self._console.draft.service.startswith("/"):
            return base
        version = "" if environment is None else f"/{environment.api_version}"
        return f"{base}{version}/service/"

    def _show_path(self) -> None:
        self.path_label.show_text(self._path)

    def _mark_fields(self) -> None:
        """Mark the fields whose variables are not known, each with the reason."""
        reasons = dict(self._console.preview.fields)
        for name, edit in self._marked.items():
            reason = reasons.get(name, "")
            set_look(edit, "invalid", bool(reason))
            edit.setToolTip(plain_tip(reason))
            edit.setAccessibleDescription(reason)

    def _show_refusal(self) -> None:
        """Say at the Send button what the environment's guard would not let out."""
        refusal = self._console.preview.refusal
        if refusal and self._refusal_label is None:
            self._refusal_label = named(label("", "warning"), "guardLabel", "Why nothing is sent")
            self._refusal_label.setWordWrap(True)
            self._column.addWidget(self._refusal_label)
        if self._refusal_label is not None:
            self._refusal_label.setText(refusal)
            self._refusal_label.setVisible(bool(refusal))
        self.send_button.setToolTip(plain_tip(refusal) if refusal else "Send (Ctrl+Enter)")
        if bool(self.send_button.property("guarded")) != bool(refusal):
            set_look(self.send_button, "guarded", bool(refusal))
            self._show_busy()
            self.refresh_icons()

    def _show_nodes(self) -> None:
        """Offer the nodes where an instance could be asked on several; none is made before."""
        place = self._request_place
        wanted = place is not None and len(place.nodes) > 1
        if wanted and self._node_choice is None:
            from .node_choice import NodeChoice  # noqa: PLC0415 - as said

            self._node_choice = NodeChoice(self._console)
            self._column.addWidget(self._node_choice)
        if self._node_choice is not None:
            if wanted and place is not None:
                self._node_choice.show_place(place)
            self._node_choice.setVisible(wanted)
        if self.path_label.text() != self._path:
            self._show_path()

    def _offer_names(self) -> None:
        if self._console.services.catalogue is not None:
            names = [
                kind.service_text() if kind.path.startswith("/") else kind.name
                for kind in self._console.services.catalogue
            ]
            self.service_edit.setCompleter(QCompleter(names, self.service_edit))

    def _offer_requests(self) -> None:
        selected = self._console.live.selected
        if selected is not None:
            names = [one.name for one in self._console.live.requests.offered(selected)]
            self.request_edit.setCompleter(QCompleter(names, self.request_edit))

    def _show_busy(self) -> None:
        sending = self._console.sending
        self._lend_focus(sending=sending)
        self.send_button.setEnabled(not sending)
        guarded = bool(self.send_button.property("guarded"))
        idle = "Read-only" if guarded else "Send"
        self.send_button.setText("Sending …" if sending else idle)
        self.cancel_button.setEnabled(self._console.can_cancel)
        set_look(self.cancel_button, "active", self._console.can_cancel)

    def _lend_focus(self, *, sending: bool) -> None:
        """Have the focus at Cancel while Send is disabled, and back at Send afterwards.

        Qt would give it to what comes next, where the next key does something else.
        """
        if sending and self.send_button.hasFocus():
            self.cancel_button.setEnabled(True)
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus_lent = True
        elif not sending and self._focus_lent:
            self._focus_lent = False
            if self.cancel_button.hasFocus():
                self.send_button.setEnabled(True)
                self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _show_text(edit: QLineEdit, text: str) -> None:
    if edit.text().strip() != text:
        edit.setText(text)
        edit.setCursorPosition(0)
