"""What the settings do about the place where secrets are kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gms_console.environments.secrets import SecretStoreError

from ...settings.check import named_secrets
from .store_part import StorePart

if TYPE_CHECKING:
    from gms_console.tasks import TaskOwner

    from ...environments.desk import EnvironmentDesk
    from ...settings.editor import SettingsEditor


class StoreDesk(QObject):
    """Changes the store and unlocks it, in a thread, and has the part show what came of it."""

    def __init__(
        self, desk: EnvironmentDesk, editor: SettingsEditor, part: StorePart, tasks: TaskOwner
    ) -> None:
        super().__init__(part)
        self._desk, self._editor, self._part, self._tasks = desk, editor, part, tasks
        part.kind_wanted.connect(self._choose)
        part.unlock_wanted.connect(self._unlock)

    def refresh(self) -> None:
        """Show the keeper, once it is known."""
        if self._editor.facts.asked:
            self._part.show_keeper(self._desk.keeper)

    def _choose(self, kind: str) -> None:
        self._tasks.start(self._chosen(kind), name="choose the store", owner=self._editor)

    def _unlock(self, passphrase: str) -> None:
        self._tasks.start(self._unlocked(passphrase), name="unlock", owner=self._editor)

    async def _chosen(self, kind: str) -> None:
        keeper = await self._desk.open_keeper()
        try:
            await asyncio.to_thread(keeper.choose, kind)
            if not keeper.locked:
                await asyncio.to_thread(keeper.carry, self._names())
        except SecretStoreError as error:
            self._part.show_keeper(keeper)
            self._part.say(str(error))
            return
        self._told()

    async def _unlocked(self, passphrase: str) -> None:
        keeper = await self._desk.open_keeper()
        try:
            await self._desk.unlock(passphrase)
            await asyncio.to_thread(keeper.carry, self._names())
        except SecretStoreError as error:
            self._part.show_keeper(keeper)
            self._part.say(str(error))
            return
        self._told()

    def _names(self) -> list[str]:
        """Name the secrets of all environments: what is known of them moves along."""
        return [name for one in self._desk.profiles for name in named_secrets(one.profile)]

    def _told(self) -> None:
        self._editor.ask_facts()
