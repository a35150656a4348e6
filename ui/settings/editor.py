"""The SettingsEditor: one environment while it is edited, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gms_console.environments.folder import Stored, duplicate, load_folder
from gms_console.environments.profile import Profile
from gms_console.environments.profile_file import ProfileChangedError, ProfileError
from gms_console.environments.resolve import resolve
from gms_console.environments.secrets import SecretStoreError
from gms_console.model.environment import Environment

from .check import Checked, Others, check, named_secrets, secrets_of
from .text import SecretFacts, SettingsText, new_profile, text_of

if TYPE_CHECKING:
    from ..console import Console
    from ..environments.desk import EnvironmentDesk


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong; `conflict`: the file is another one now, and a person has to choose."""

    text: str = ""
    conflict: bool = False


class SettingsEditor(QObject):
    """Holds the fields of one environment, checks them, and saves file and secrets.

    `shown` comes when all fields are other ones, `changed` when something was typed or saved,
    `facts_changed` when more is known of secrets, `trouble_changed` when saving went wrong or
    no longer is, and `saved` with the file's path.
    """

    shown = Signal()
    changed = Signal()
    facts_changed = Signal()
    trouble_changed = Signal()
    saved = Signal(str)

    def __init__(self, desk: EnvironmentDesk, console: Console, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._console = console
        self._tasks = console.session.tasks
        self._ended = False
        self._refused = False
        self.stored: Stored | None = None
        self.open = False
        self.before: SettingsText | None = None
        self.text = SettingsText()
        self.checked = Checked(None)
        self.facts = SecretFacts()
        self.trouble = Trouble()
        self.saving = False
        self._awaited: Path | None = None
        self._showing = object()
        desk.changed.connect(self._on_desk)

    # --- what is edited ----------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something would be lost by closing."""
        return self.open and self.text != self.before

    @property
    def folder(self) -> Path:
        """The folder that paths are relative to."""
        return self.stored.file.parent if self.stored is not None else self._desk.folder

    @property
    def can_save(self) -> bool:
        """Whether there is something to save that may be saved."""
        able = self.checked.profile is not None and not self._refused
        return self.dirty and able and not self.saving

    def show(self, name: str) -> None:
        """Edit an environment of the folder; what was typed into another is dropped."""
        stored = self._desk.stored(name)
        self._begin(stored, None if stored is None else stored.profile)

    def show_new(self) -> None:
        """Edit a new environment; nothing is written before it is saved."""
        names = frozenset(one.profile.name for one in self._desk.profiles)
        self._begin(None, new_profile(names))
        self.before = None
        self.changed.emit()

    def duplicate(self) -> None:
        """Copy the file with its comments under a free name, and edit the copy."""
        if self.stored is not None:
            self._start(self._duplicate(self.stored), "duplicate the environment")

    async def _duplicate(self, stored: Stored) -> None:
        try:
            copy = await asyncio.to_thread(duplicate, self._desk.folder, stored)
        except (ProfileError, OSError) as error:
            self._set_trouble(Trouble(f"Not duplicated. {error}"))
            return
        self._awaited = copy.file
        self._desk.reload()

    def _begin(self, stored: Stored | None, profile: Profile | None) -> None:
        self._showing = object()
        self.stored = stored
        self.open = profile is not None
        self.text = text_of(profile) if profile is not None else SettingsText()
        self.before = self.text if self.open else None
        self._refused = False
        self._set_trouble(Trouble())
        self._check()
        self.facts = replace(
            self.facts, asked=False, known=frozenset(), shared=self._others.secrets
        )
        self.shown.emit()
        self.changed.emit()
        if profile is not None:
            self.ask_facts()

    def refuse(self) -> None:
        """Hear that the fields cannot show what the file has; saving would lose some of it."""
        self._refused = True
        text = f"{self.text.name} has characters that no field can show; edit its file by hand."
        self._set_trouble(Trouble(text))

    def edit(self, text: SettingsText) -> None:
        """Take the fields as they are typed now."""
        if text == self.text:
            return
        self.text = text
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        self.checked = check(self.text, self._others) if self.open else Checked(None)

    @property
    def _others(self) -> Others:
        mine = self.stored.file if self.stored is not None else None
        return Others.of(one.profile for one in self._desk.profiles if one.file != mine)

    # --- files -------------------------------------------------------------------------------

    def save(self, *, overwrite: bool = False) -> None:
        """Write the file and keep the secrets; `overwrite`: whatever the file has become."""
        if not self.can_save or self.checked.profile is None:
            return
        self.saving = True
        self._set_trouble(Trouble())
        self.changed.emit()
        typed = self._showing, self.text
        work = self._save(self.checked, self.stored, typed, overwrite=overwrite)
        # It belongs to the desk: closing the dialog must not leave half of it undone.
        self._tasks.start(work, name="save the environment", owner=self._desk)

    async def _save(
        self,
        checked: Checked,
        old: Stored | None,
        typed: tuple[object, SettingsText],
        *,
        overwrite: bool,
    ) -> None:
        showing, text = typed
        try:
            stored = await self._write(checked, old, overwrite=overwrite)
        finally:
            self.saving = False
            if not self._ended:
                self.changed.emit()
        if stored is None or self.trouble.text or self._ended or self._showing is not showing:
            return
        if self.text == text:
            self._begin(stored, stored.profile)
        else:
            self._keep_typed(stored)
        self.saved.emit(str(stored.file))

    def _keep_typed(self, stored: Stored) -> None:
        """Go on with what was typed while the file was being written."""
        self.stored, self.before = stored, text_of(stored.profile)
        self._check()
        self.changed.emit()

    async def _write(
        self, checked: Checked, old: Stored | None, *, overwrite: bool
    ) -> Stored | None:
        """Write the file, then keep the secrets; give what was written."""
        profile = checked.profile
        if profile is None:
            return None
        if checked.values or checked.forgotten:
            keeper = await self._desk.open_keeper()
            if keeper.locked:
                self._set_trouble(Trouble("Not saved: unlock the encrypted file of secrets first."))
                return None
        try:
            if overwrite and old is not None:
                old = await self._present(old)
            stored = await self._desk.save(profile, old)
        except ProfileChangedError as error:
            self._set_trouble(Trouble(f"Not saved. {error}", conflict=old is not None))
            return None
        except (ProfileError, OSError) as error:
            self._set_trouble(Trouble(f"Not saved. {error}"))
            return None
        await self._keep(checked)
        return stored

    async def _keep(self, checked: Checked) -> None:
        """Keep the secrets that were typed, and drop those that are not wanted any more."""
        try:
            if checked.values:
                await self._desk.tell(dict(checked.values), keep=True)
            if checked.forgotten:
                await self._desk.forget(checked.forgotten)
        except SecretStoreError as error:
            self._set_trouble(Trouble(f"The file is saved, its secrets are not. {error}"))

    async def _present(self, old: Stored) -> Stored | None:
        """Give the file as it is now, to be written over."""
        found = await asyncio.to_thread(load_folder, self._desk.folder)
        return next((one for one in found.profiles if one.file == old.file), None)

    def delete(self) -> None:
        """Delete the file, and what only it needed of secrets."""
        if self.stored is None:
            return
        others = self._others.secrets
        names = [name for name in named_secrets(self.stored.profile) if name not in others]
        work = self._delete(self.stored.profile.name, names, self._showing)
        # As a save: its secrets are to go with the file, also when the dialog is closed at once.
        self._tasks.start(work, name="delete the environment", owner=self._desk)

    async def _delete(self, name: str, secrets: list[str], showing: object) -> None:
        try:
            await self._desk.delete(name)
        except (ProfileError, OSError) as error:
            self._set_trouble(Trouble(f"Not deleted. {error}"))
            return
        if self._showing is showing and not self._ended:
            self._begin(None, None)
        try:
            await self._desk.forget(secrets)
        except SecretStoreError as error:
            self._set_trouble(Trouble(f"{name} is deleted, its secrets are still kept. {error}"))

    def _on_desk(self) -> None:
        """Follow the files: one that changed below an edit is a conflict, told at once."""
        awaited = next((one for one in self._desk.profiles if one.file == self._awaited), None)
        if awaited is not None:
            self._awaited = None
            self._begin(awaited, awaited.profile)
            return
        if self.saving or self.stored is None:
            self._check()
            self.changed.emit()
            return
        now = next((one for one in self._desk.profiles if one.file == self.stored.file), None)
        if now == self.stored:
            return
        if not self.dirty and now is not None:
            self._begin(now, now.profile)
        elif not self.dirty:
            self._begin(None, None)
        else:
            what = "has changed" if now is not None else "is gone"
            text = f"{self.stored.file.name} {what} on disk since you began to edit it."
            self._set_trouble(Trouble(text, conflict=True))

    def reload(self) -> None:
        """Drop what was typed and show the file as it is."""
        file = self.stored.file if self.stored is not None else None
        now = next((one for one in self._desk.profiles if one.file == file), None)
        self._begin(now, now.profile if now is not None else None)

    def _set_trouble(self, trouble: Trouble) -> None:
        if self._ended:
            # Nobody looks at the dialog any more.
            if trouble.text:
                self._console.message.emit(trouble.text)
        elif trouble != self.trouble:
            self.trouble = trouble
            self.trouble_changed.emit()

    # --- secrets -----------------------------------------------------------------------------

    def ask_facts(self) -> None:
        """Find out where secrets are kept, and which of this environment's are known."""
        self._start(self._ask_facts(self.stored), "look for secrets")

    async def _ask_facts(self, stored: Stored | None) -> None:
        keeper = await self._desk.open_keeper()
        names = [one.name for one in secrets_of(self.text) if one.name]
        known: frozenset[str] = frozenset()
        try:
            known = frozenset(await asyncio.to_thread(keeper.values, names))
        except SecretStoreError as error:
            self._set_trouble(Trouble(f"The secrets could not be read. {error}"))
        if stored is self.stored:
            self.facts = SecretFacts(
                label=keeper.label,
                keeps=keeper.keeps,
                locked=keeper.locked,
                asked=True,
                known=known,
                shared=self._others.secrets,
            )
            self.facts_changed.emit()

    async def value(self, name: str) -> str | None:
        """Give a stored secret that a person wants to see."""
        keeper = await self._desk.open_keeper()
        try:
            return (await asyncio.to_thread(keeper.values, [name])).get(name)
        except SecretStoreError as error:
            self._set_trouble(Trouble(f"The secret could not be read. {error}"))
            return None

    async def environment(self, node: str) -> Environment:
        """Give the environment as it is edited, with the secrets that are typed or kept.

        Raises MissingSecretsError, HeaderError, SecretStoreError, and ValueError when the fields
        are no profile.
        """
        checked = self.checked
        if checked.profile is None:
            raise ValueError("Some fields are wrong.")
        keeper = await self._desk.open_keeper()
        wanted = [name for name in checked.profile.secret_names if name not in checked.values]
        kept = await asyncio.to_thread(keeper.values, wanted)
        return resolve(checked.profile, {**kept, **checked.values}, node=node, folder=self.folder)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(work, name=name, owner=self)

    def end(self) -> None:
        """Stop what is under way, but not a save."""
        self._ended = True
        self._desk.changed.disconnect(self._on_desk)
        self._tasks.cancel(self)
