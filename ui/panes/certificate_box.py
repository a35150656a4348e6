"""The certificate of a server that is not trusted, for a person to decide on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gms_console.certificate_text import certificate_lines
from gms_console.model.certificate import Certificate

from .common import label, named
from .phone.parts import Text


class CertificateBox(QWidget):
    """Subject, names, issuer, validity and fingerprint, each to be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("certificateBox")
        self.setAccessibleName("Certificate of the server")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 4, 0, 0)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(3)
        self._values: list[QLabel] = []
        self.hide()

    def show_certificate(self, certificate: Certificate | None) -> None:
        """Show one, or hide."""
        self.setVisible(certificate is not None)
        if certificate is None:
            return
        lines = certificate_lines(certificate)
        if not self._values:
            self._values = [self._add(heading) for heading, _ in lines]
        for value, (_, text) in zip(self._values, lines, strict=True):
            # A server chose these words; they are shown as text and nothing else.
            value.setText(text)

    def _add(self, heading: str) -> QLabel:
        # A fingerprint is one long word, which must break rather than push the window wider.
        value = named(Text("", ""), f"certificate{heading.replace(' ', '')}", heading)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        title = label(heading, "muted")
        title.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        title.setBuddy(value)
        self._form.addRow(title, value)
        return value
