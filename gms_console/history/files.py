"""Where large bodies go: beside the database, or into a folder of this start alone."""

from __future__ import annotations

from pathlib import Path

from gms_console.body_files import BodyFile, BodyFiles
from gms_console.history.masking import KnownSecrets
from gms_console.model.exchange import StoredBody
from gms_console.redaction import Masker


class HistoryFiles(BodyFiles):
    """The files of a history, which outlive the start unless nothing is to be kept.

    Where the folder cannot be written, a body goes to that of this start too.
    """

    def __init__(self, folder: Path, known: KnownSecrets, *, passing: bool) -> None:
        """`known`: secrets that must not get into a file besides those that a request has."""
        super().__init__(folder)
        self._known = known
        self.passing = passing
        self._of_this_start = BodyFiles()

    def begin(self, masker: Masker) -> BodyFile:
        """Begin a file; the secrets that `masker` knows do not get into it. Raises OSError."""
        masker = self._known.also(masker)
        if not self.passing:
            try:
                return BodyFile(self.folder(), masker, self._kept_in)
            except OSError:
                pass
        return self._of_this_start.begin(masker)

    def _kept_in(self) -> Path:
        """Give the folder for what came while it was made up that nothing is to be kept."""
        return self._of_this_start.folder() if self.passing else self.folder()

    def forget(self, body: StoredBody) -> None:
        """Delete the file of a body that no Exchange has any more, if it is of this start."""
        if body.path.parent != self._folder:
            self._of_this_start.forget(body)

    def close(self) -> None:
        """Remove the folder of this start."""
        self._of_this_start.close()
