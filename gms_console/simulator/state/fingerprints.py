"""Telling whether something has changed, much faster than by writing it down."""

import io
import pickle
from datetime import datetime
from typing import Any

from gms_console.simulator.web.uploads import Upload
from gms_console.simulator.world.staff import Staff


class _Printer(pickle.Pickler):
    """Takes in all values of an object; a file and the staff by being the same one.

    Nothing that it writes is ever read.
    """

    def __init__(self, taken: io.BytesIO) -> None:
        super().__init__(taken, pickle.HIGHEST_PROTOCOL)
        self.uploads: list[Upload] = []
        self.dispatch_table = {
            Upload: self._upload,
            Staff: lambda _: (int, ()),
            # Its zone takes longer to pickle than all the rest.
            datetime: lambda moment: (str, (moment.isoformat(),)),
        }

    def _upload(self, upload: Upload) -> tuple[type[int], tuple[int]]:
        self.uploads.append(upload)
        return int, (id(upload),)


def fingerprint(thing: Any) -> tuple[int, list[Upload]]:  # noqa: ANN401 - whatever lives
    """Return a number that is another one when anything in a thing has changed; never 0.

    It holds within one process. Beside it, the files that belong to the thing.
    """
    taken = io.BytesIO()
    printer = _Printer(taken)
    printer.dump(thing)
    return hash(taken.getvalue()) or 1, printer.uploads
