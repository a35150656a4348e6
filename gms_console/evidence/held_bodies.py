"""Holds bodies in files until they are written, though who received them forgets them sooner."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gms_console.model.exchange import Exchange


class HeldBodies:
    """A second name for each body's file, in a folder of its own; takes no room on the disk."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def hold(self, exchange: Exchange) -> Exchange:
        """Give an Exchange whose body stays until `release`; as it is where that cannot be."""
        response = exchange.response
        if response is None or response.stored is None:
            return exchange
        try:
            path = self._linked(response.stored.path)
        except OSError:
            return exchange
        stored = replace(response.stored, path=path)
        return replace(exchange, response=replace(response, stored=stored))

    def release(self, exchange: Exchange) -> None:
        """Forget the body of an Exchange that `hold` gave."""
        stored = None if exchange.response is None else exchange.response.stored
        if stored is not None and self._folder is not None and stored.path.parent == self._folder:
            with suppress(OSError):
                stored.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget all."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _linked(self, file: Path) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gms-console-"))
        self._count += 1
        path = self._folder / str(self._count)
        try:
            os.link(file, path)
        except OSError:  # another disk, or one without links
            shutil.copyfile(file, path)
        return path
