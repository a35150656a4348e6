"""Shows a page that was fetched as static text; showing it loads nothing and follows nothing."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser

from gms_console.safe_html import breakable, safe_html

from ..common import named

_STYLE = "h1, h2 { font-size: large } h3, h4, h5, h6 { font-size: medium } ul, ol { margin: 4px }"
"""A page's headlines are for a larger screen."""

_UNKNOWN = QTextDocument.ResourceType.UnknownResource


class PageBrowser(QTextBrowser):
    """A page without scripts, styles and pictures. `link_chosen` names a link's address."""

    link_chosen = Signal(str)

    def __init__(self, text: str, *, is_html: bool) -> None:
        super().__init__()
        named(self, "phonePage", "Page")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setMinimumHeight(150)
        self.anchorClicked.connect(lambda url: self.link_chosen.emit(url.toString()))
        self.document().setDefaultStyleSheet(_STYLE)
        if is_html:
            self.setHtml(safe_html(text))
        else:
            self.setPlainText(breakable(text))

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Load nothing, whatever the page names."""
        del name
        return "" if kind == QTextDocument.ResourceType.StyleSheetResource.value else None

    def doSetSource(  # noqa: N802 - Qt's name
        self,
        name: QUrl | str,
        type: QTextDocument.ResourceType = _UNKNOWN,  # noqa: A002 - Qt's name
    ) -> None:
        """Go nowhere: the text is all there is."""
        del name, type
