"""What can be taken from the answer: copies for a ticket, and the body in a file."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication

from gms_console.model.exchange import Response
from gms_console.model.reading import charset_of, known_charset, whole_body
from gms_console.sizes import size_text

from ...sharing import masker_of
from .whole_text import MOST_CHARACTERS, WholeText

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

    from gms_console.redaction import Masker

    from ...console import Console

_MOST_COPIED = 16 * 1024 * 1024
"""Bytes of a body that go into the clipboard; programs that paste more stand still."""


class AnswerSharing(QObject):
    """Copies what a view shows, the body or the request as a curl command, and saves the body.

    What is copied has known secrets masked, for it will be handed on; a saved body is exact.
    """

    def __init__(
        self, console: Console, view_text: Callable[[], str | WholeText], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._console = console
        self._view_text = view_text
        self._widget = parent
        self._menu: QMenu | None = None
        self._dialog: QFileDialog | None = None

    # --- copying -----------------------------------------------------------------------------

    def copy_view(self) -> None:
        """Copy the text of the view in front."""
        text = self._view_text()
        if isinstance(text, WholeText):
            self.copy_whole(text, masker_of(self._console))
        else:
            self.hand_on(text, "what this view shows")

    def copy_whole(self, text: WholeText, masker: Masker | None = None) -> None:
        """Copy all of a text of which a view has a part; as it is, where no masker is given."""
        if text.source.size > _MOST_COPIED:
            self._say_too_large(text.source.size)
            return
        work = self._copy_whole(text, masker)
        self._console.session.tasks.start(work, name="copy", owner=self._console)

    async def _copy_whole(self, whole: WholeText, masker: Masker | None) -> None:
        text, copied = await asyncio.to_thread(whole.read, masker)
        if len(text) > MOST_CHARACTERS:
            self._say_too_large(whole.source.size)
            return
        lines = text.count("\n") + 1
        count = "1 line" if lines == 1 else f"{lines:,} lines"
        amount = f" {count}, {len(copied):,} characters."
        self._put(copied, text, "all of what this view shows", amount)

    def _say_too_large(self, size: int) -> None:
        self._console.message.emit(
            f"The body has {size_text(size)}, too much to copy. Save it instead."
        )

    def hand_on(self, text: str, what: str) -> None:
        """Copy a text; `what` says what it is, as in `the header Server`."""
        self._put(masker_of(self._console).mask(text), text, what)

    def _put(self, copied: str, text: str, what: str, more: str = "") -> None:
        QGuiApplication.clipboard().setText(copied)
        and_masked = "" if copied == text else " Secrets in it are masked."
        self._console.message.emit(f"Copied {what}.{more}{and_masked}")

    def copy_curl(self, shell: str = "bash") -> None:
        """Copy the request as a curl command for a shell: bash, cmd or powershell."""
        exchange = self._console.exchange
        if exchange is None:
            self._console.message.emit("There is no request to copy yet.")
            return
        from gms_console.curl import curl_command  # noqa: PLC0415 - not before it is asked for
        from gms_console.shell_text import BASH, CMD, POWERSHELL  # noqa: PLC0415 - as above

        chosen = {"cmd": CMD, "powershell": POWERSHELL}.get(shell, BASH)
        command = curl_command(exchange, chosen)
        what = "the request as a curl command"
        if chosen is not BASH:
            what = f"{what} for {chosen.name}"
        more = " Fill in what stands as *** before it is run." if "***" in command else ""
        self._put(masker_of(self._console).mask(command), command, what, more)

    def copy_body(self) -> None:
        """Copy the whole body of the answer as text."""
        exchange = self._console.exchange
        if exchange is None or exchange.response is None:
            self._console.message.emit("There is no answer yet.")
            return
        response = exchange.response
        if response.size > _MOST_COPIED:
            self._say_too_large(response.size)
            return
        work = self._copy_body(response, masker_of(self._console))
        self._console.session.tasks.start(work, name="copy", owner=self._console)

    async def _copy_body(self, response: Response, masker: Masker) -> None:
        text, copied = await asyncio.to_thread(_texts, response, masker)
        self._put(copied, text, "the body")

    # --- the menu ------------------------------------------------------------------------------

    def open_menu(self, place: QPoint) -> None:
        """Open the list of all that can be copied, at a place of the screen."""
        from PySide6.QtWidgets import QMenu  # noqa: PLC0415 - not before it is asked for

        self._menu = menu = QMenu(self._widget)
        menu.setObjectName("answerCopyMenu")
        menu.addAction("What this &view shows", self.copy_view)
        menu.addAction("The whole &body", self.copy_body)
        menu.addAction("The request as c&url", self.copy_curl)
        menu.addAction("The request as curl for &cmd", lambda: self.copy_curl("cmd"))
        menu.addAction("The request as curl for &PowerShell", lambda: self.copy_curl("powershell"))
        menu.addSeparator()
        comparison = self._console.comparison
        menu.addAction("Re&member for comparison", lambda: comparison.remember(None))
        menu.addAction(
            "Compare with the &remembered one", comparison.compare_with_remembered
        ).setEnabled(comparison.remembered is not None)
        menu.addAction("Compare with the one be&fore", comparison.compare_with_before)
        # Not exec(): a task in the middle of a step could not go on.
        menu.popup(place)

    # --- saving --------------------------------------------------------------------------------

    def ask_where_to_save(self) -> None:
        """Ask for a file to save the whole body to, byte for byte."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not before it is asked for

        exchange, answer = self._console.exchange, self._console.answer
        if exchange is None or exchange.response is None:
            self._console.message.emit("There is no answer to save.")
            return
        dialog = QFileDialog(self._widget, "Save the answer")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"answer.{'json' if answer is not None and answer.is_json else 'txt'}")
        response = exchange.response
        dialog.fileSelected.connect(lambda name: self._save(Path(name), response))
        self._dialog = dialog
        dialog.open()

    def _save(self, file: Path, response: Response) -> None:
        work = self._write(file, response)
        self._console.session.tasks.start(work, name="save", owner=self._console)

    async def _write(self, file: Path, response: Response) -> None:
        if response.stored is None:
            await asyncio.to_thread(file.write_bytes, response.body)
        else:
            await asyncio.to_thread(shutil.copyfile, response.stored.path, file)
        self._console.message.emit(f"Saved {response.size:,} bytes to {file}")


def _texts(response: Response, masker: Masker) -> tuple[str, str]:
    """Give a whole body as text, and with its secrets masked; for a thread. Raises OSError."""
    text = whole_body(response).decode(known_charset(charset_of(response) or "utf-8"), "replace")
    return text, masker.mask(text)
