"""The problem box: what GMS said, what it probably means, where to look and what to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from .common import give_way, label, named
from .phone.parts import Text

if TYPE_CHECKING:
    from gms_console.model.certificate import Certificate
    from gms_console.model.problem import Problem
    from gms_console.problems import Explanation

    from .certificate_box import CertificateBox

_PARTS = (
    ("problemMeansLabel", "Probably", "What it probably means"),
    ("problemLookLabel", "Look at", "Where to look"),
    ("problemTryLabel", "Try", "What to try"),
)


class ProblemBox(QFrame):
    """Shows one Problem with its explanation; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemBox")
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 7, 10, 8)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.said_label = _text("problemLabel", "What GMS said")
        self.said_label.setProperty("role", "error")
        grid.addWidget(self.said_label, 0, 0, 1, 2)
        # A Java class is one long word, which must break rather than push the window wider.
        self.details_label = named(
            Text("", "muted"), "problemDetailsLabel", "Exception, phrase and code"
        )
        grid.addWidget(self.details_label, 1, 0, 1, 2)
        self._parts: list[tuple[QLabel, QLabel]] = []
        for row, (object_name, title, meaning) in enumerate(_PARTS, start=2):
            heading = label(title, "muted")
            text = _text(object_name, meaning)
            heading.setBuddy(text)
            grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1)
            self._parts.append((heading, text))
        self._certificate: CertificateBox | None = None
        self._grid = grid
        self.hide()

    def show_problem(
        self,
        problem: Problem | None,
        explanation: Explanation | None,
        certificate: Certificate | None = None,
    ) -> None:
        """Show a problem, with the certificate that was not trusted, or hide."""
        self._show_certificate(certificate)
        self.setVisible(problem is not None)
        if problem is None:
            return
        self.said_label.setText(problem.said or "The answer does not say why.")
        details = [problem.exception, problem.phrase, problem.code and f"code {problem.code}"]
        shown = [text for text in details if text and text != problem.said]
        self.details_label.say("\n".join(shown), "muted")
        self.details_label.setVisible(bool(shown))
        texts = (
            (explanation.means, explanation.look, explanation.advice)
            if explanation is not None
            else ("", "", "")
        )
        for (heading, text), shown_text in zip(self._parts, texts, strict=True):
            text.setText(shown_text)
            heading.setVisible(bool(shown_text))
            text.setVisible(bool(shown_text))

    def _show_certificate(self, certificate: Certificate | None) -> None:
        if self._certificate is None and certificate is not None:
            from .certificate_box import CertificateBox  # noqa: PLC0415 - hardly ever needed

            self._certificate = CertificateBox(self)
            self._grid.addWidget(self._certificate, self._grid.rowCount(), 0, 1, 2)
        if self._certificate is not None:
            self._certificate.show_certificate(certificate)


def _text(object_name: str, meaning: str) -> QLabel:
    made = named(label(""), object_name, meaning)
    made.setWordWrap(True)
    give_way(made)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made
