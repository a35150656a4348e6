"""Records the session into a file as it goes on, and says so while it does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gms_console.journey.events import JourneyEvent, Placed
from gms_console.journey.recording import SUFFIX, Head, Recorder, recording_file

from ..sharing import known_secrets
from ..simulator.embedded import SIMULATOR

if TYPE_CHECKING:
    from ..console import Console


class DemoRecorder(QObject):
    """One recording at a time; `changed` comes when it begins and ends, `counted` as it goes on."""

    changed = Signal()
    counted = Signal()
    _failed = Signal(str)

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self._recorder: Recorder | None = None
        self._secrets: tuple[str, ...] = ()
        self._named = ""
        self._ending: set[asyncio.Task[None]] = set()
        self._failed.connect(self._on_trouble)

    @property
    def recording(self) -> bool:
        """Whether it records."""
        return self._recorder is not None

    @property
    def file(self) -> Path | None:
        """What it records into."""
        return self._recorder.file if self._recorder is not None else None

    @property
    def count(self) -> int:
        """How many events were recorded so far."""
        return self._recorder.events if self._recorder is not None else 0

    def start(self, file: Path, *, masked: bool = True) -> str:
        """Begin to record into a file, in the place of one that is there; say why it cannot be."""
        if self._recorder is not None:
            return f"It records already, into {self._recorder.file.name}."
        file = recording_file(file)
        name = file.name.removesuffix(SUFFIX)
        self._named = self._place()
        head = Head(datetime.now(UTC), self._named, name, masked)
        self.learn_secrets()
        try:
            # Signals go from the thread that writes to this one by themselves.
            self._recorder = Recorder(file, head, self._secrets, on_trouble=self._failed.emit)
        except OSError as error:
            return f"{file} cannot be written: {error.strerror or error}"
        self._console.message.emit(
            f"Recording into {file.name}. Secrets are never written"
            f"{'; numbers of customers get pseudonyms' if masked else ''}."
        )
        self.changed.emit()
        return ""

    def _place(self) -> str:
        if self._console.place.on_simulator:
            return SIMULATOR
        environment = self._console.environment
        return environment.title if environment is not None else ""

    def name_place(self) -> None:
        """Write down that another environment is sent to from now on."""
        place = self._place()
        if self._recorder is not None and place and place != self._named:
            self._named = place
            self.add(Placed(place))

    def learn_secrets(self) -> None:
        """Know what must not be written, before it is sent."""
        self._secrets = tuple(dict.fromkeys(known_secrets(self._console)))

    def add(self, event: JourneyEvent) -> None:
        """Write down what happened, if it records."""
        if self._recorder is not None:
            self._recorder.add(event, self._secrets)
            self.counted.emit()

    def stop(self) -> None:
        """End the recording; what happened so far is in its file."""
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        task = self._console.session.tasks.start(
            self._end(recorder), name="end the recording", owner=self
        )
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        self.changed.emit()

    async def _end(self, recorder: Recorder) -> None:
        await asyncio.shield(asyncio.to_thread(recorder.close))
        if not recorder.trouble:
            count = f"{recorder.events} event{'' if recorder.events == 1 else 's'}"
            self._console.message.emit(f"Recorded {count} into {recorder.file}.")

    def _on_trouble(self, text: str) -> None:
        self._console.message.emit(f"The recording ended. {text}")
        self.stop()

    async def close(self) -> None:
        """End the recording, and wait until it is written."""
        self.stop()
        if self._ending:
            await asyncio.wait(set(self._ending))
