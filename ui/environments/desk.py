"""The EnvironmentDesk: the environments in files, the one in use, its node and its secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gms_console.model.environment import Environment

from ..file_watch import FileWatch
from .place import Connection

if TYPE_CHECKING:
    from gms_console.environments.folder import Stored
    from gms_console.environments.keeper import SecretKeeper
    from gms_console.environments.profile import Profile
    from gms_console.environments.profile_file import ProfileError

    from ..console import Console

FOLDER_NAME = "environments"
"""Where the files are below the configuration folder, unless another folder was chosen."""


class EnvironmentDesk(QObject):
    """Reads and writes environments in a thread, and makes the chosen one the Console's.

    `chosen` is the name of the environment in use, empty for a base URL that was typed and for
    the simulator; `node` is its node. An environment may be chosen before all its secrets are
    known: `missing` names those, and whoever sends asks for them first. `changed` comes when
    environments, the choice or what is known of secrets is another; `mistakes` are files that
    could not be read.
    """

    changed = Signal()
    mistakes_changed = Signal()

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        workspace = console.workspace
        self.profiles: tuple[Stored, ...] = ()
        self.mistakes: tuple[ProfileError, ...] = ()
        self.loaded = False
        self.chosen = "" if console.on_simulator else workspace.environment
        self.nodes = dict(workspace.nodes)
        self.folder_setting = workspace.environments_folder
        self.config_folder: Path | None = None
        self._keeper: SecretKeeper | None = None
        self._values: dict[str, str] = {}
        self._trouble: dict[str, str] = {}
        self._secret_names: dict[str, tuple[str, ...]] = {}
        self._changes = asyncio.Lock()
        self._watch = FileWatch(self)
        self._watch.changed.connect(self.reload)

    # --- what there is -----------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Give the folder of the files; it may not exist yet."""
        if self.folder_setting:
            return Path(self.folder_setting).expanduser()
        return self._home() / FOLDER_NAME

    @property
    def keeper(self) -> SecretKeeper:
        """Give what knows the secrets; it is opened when it is first asked for."""
        if self._keeper is None:
            self._keeper = _module("keeper").open_keeper(self._home())
        return self._keeper

    @property
    def secrets_label(self) -> str:
        """Say where secrets live, or nothing while none was asked for."""
        return self._keeper.label if self._keeper is not None else ""

    @property
    def node(self) -> str:
        """Give the node that is sent to; empty for a base URL that was typed."""
        environment = self._console.environment
        return environment.node if environment is not None else ""

    def stored(self, name: str) -> Stored | None:
        """Give an environment by its name, with its file."""
        return next((one for one in self.profiles if one.profile.name == name), None)

    def trouble(self, environment: Environment) -> str:
        """Say why an environment cannot be used with its secrets; empty when it can."""
        name = environment.name
        if name and self.stored(name) is None and self.missing(environment):
            # Its instances still have what was read of it, and no values for its secrets.
            return self._absent(name)
        return self._trouble.get(name, "")

    def missing(self, environment: Environment | None) -> tuple[str, ...]:
        """Name the secrets of an environment whose values are not known.

        One whose file is gone needs what it needed last.
        """
        names = self._secret_names.get(environment.name, ()) if environment is not None else ()
        return tuple(name for name in names if name not in self._values)

    def _home(self) -> Path:
        """Give the configuration folder; one for this start alone where nothing is kept."""
        return self.config_folder or self._console.services.own.place()

    # --- choosing ----------------------------------------------------------------------------

    def choose(self, name: str, node: str = "", then: Callable[[], None] | None = None) -> None:
        """Send to an environment from now on, at its node of last time unless one is named.

        Asks first what becomes of polls that would be left behind; `then` follows the switch.
        """
        stored = self.stored(name)
        if stored is None:
            self._console.message.emit(self._absent(name))
            return
        try:
            environment = self._resolved(stored, node)
        except ValueError as error:
            self._console.message.emit(f"{name} cannot be used. {error}")
            return
        self._console.switching.to(environment, lambda: self._enter(environment, then))

    def choose_node(self, node: str) -> None:
        """Send to another node of the environment from now on; its instances stay on theirs."""
        environment = self._console.environment
        if environment is None or node == environment.node:
            return
        self._console.use_environment(environment.on_node(node))
        self._console.message.emit(f"Sending to {node} of {environment.name} from now on.")

    def _enter(self, environment: Environment, then: Callable[[], None] | None) -> None:
        self._console.use_environment(environment)
        self._console.message.emit(f"Sending to {environment.title} from now on.")
        if self.missing(environment):
            self._start(self.fetch(self.missing(environment)), "read secrets")
        if then is not None:
            then()

    def await_chosen(self) -> None:
        """Say that the environment of last time is being read; `load` begins with it."""
        self._console.place.be_nowhere(f"The environment {self.chosen} is still being read.")
        self._console.place.show_connection(Connection(f"Reading {self.chosen} …", "busy"))

    def took(self, environment: Environment) -> None:
        """Hear from the Console which environment it has."""
        self.chosen = environment.name
        if environment.name and environment.node:
            self.nodes[environment.name] = environment.node
        self.changed.emit()

    def leave(self) -> None:
        """Hear from the Console that a base URL is used that was typed, or the simulator's."""
        self.chosen = ""
        self.changed.emit()

    def resolved(self, name: str, node: str = "") -> Environment:
        """Make an Environment of a file, at its node of last time unless one is named.

        Its secrets may not be known yet: see `missing`. Raises ValueError with the reason why it
        cannot be used.
        """
        stored = self.stored(name)
        if stored is None:
            raise ValueError(self._absent(name))
        return self._resolved(stored, node)

    def _resolved(self, stored: Stored, node: str = "") -> Environment:
        """Make the Environment; a secret that is not known is empty, and is asked for by a send.

        Raises HeaderError.
        """
        profile = stored.profile
        values = {name: self._values.get(name, "") for name in profile.secret_names}
        environment: Environment = _module("resolve").resolve(
            profile,
            values,
            node=node or self.nodes.get(profile.name, ""),
            folder=stored.file.parent,
        )
        return environment

    def _absent(self, name: str) -> str:
        broken = next((one for one in self.mistakes if name in {one.name, one.file.stem}), None)
        if broken is not None:
            return f"{name} cannot be read. {broken}"
        return f"There is no environment {name} in {self.folder}."

    # --- files -------------------------------------------------------------------------------

    async def load(self) -> None:
        """Read the files, and begin with the environment that was chosen last."""
        await self._load()

    def reload(self) -> None:
        """Read the files anew, as when they may have changed on disk."""
        if self.loaded:
            self._start(self._load(), "read the environments")

    def close(self) -> None:
        """Look at no file any more: the window is closing."""
        self._watch.end()

    def set_folder(self, folder: Path | None) -> None:
        """Have the environments in another folder, such as a Git checkout; None: the usual one."""
        self.folder_setting = "" if folder is None else str(folder)
        self._start(self._load(), "read the environments")

    async def save(self, profile: Profile, old: Stored | None = None) -> Stored:
        """Write an environment, in the place of `old` if given, and go by it from now on.

        Raises ProfileError, and ProfileChangedError when the file is not the one that was read.
        """
        async with self._changes:
            folder = _module("folder")
            stored: Stored = await asyncio.to_thread(folder.save, self.folder, profile, old)
            if old is not None and old.profile.name != profile.name:
                self._follow_rename(old.profile.name, profile.name)
            await self._read()
            await self._refetch()
        return stored

    async def delete(self, name: str) -> None:
        """Delete an environment's file. Raises ProfileError and ProfileChangedError."""
        async with self._changes:
            stored = self.stored(name)
            if stored is not None:
                await asyncio.to_thread(_module("folder").delete, stored)
            await self._read()

    async def _load(self) -> None:
        async with self._changes:
            await self._read()

    async def _read(self) -> None:
        if self.config_folder is None and not self.folder_setting and not self.loaded:
            # Nothing is kept between two starts, so there is nothing to read.
            self.loaded = True
            return
        folder = self.folder
        if not self.loaded and not self.chosen and await asyncio.to_thread(_is_empty, folder):
            self.loaded = True
            self._watch.watch(folder, [])
            return
        # Imported in the window's own thread; only the files are read in another.
        load_folder = _module("folder").load_folder
        _module("resolve")
        found = await asyncio.to_thread(load_folder, folder)
        first, self.loaded = not self.loaded, True
        files = [one.file for one in (*found.profiles, *found.mistakes)]
        self._watch.watch(folder, files)
        wrong = [str(one) for one in found.mistakes] != [str(one) for one in self.mistakes]
        self.mistakes = found.mistakes
        if first or found.profiles != self.profiles:
            self.profiles = found.profiles
            self._secret_names.update(
                (one.profile.name, one.profile.secret_names) for one in found.profiles
            )
            self._renew()
            self.changed.emit()
            await self.fetch(self._wanted())
        if wrong:
            self.mistakes_changed.emit()

    def _follow_rename(self, old: str, new: str) -> None:
        """Keep the choice, and have the instances live where they do, under the new name."""
        if old in self.nodes:
            self.nodes[new] = self.nodes.pop(old)
        if self.chosen == old:
            self.chosen = new
        for instance in self._console.session.instances:
            if instance.environment.name == old:
                instance.client.use(replace(instance.environment, name=new))

    def _renew(self) -> None:
        """Go by the settings as they are now: in the window, and for instances that live there."""
        session = self._console.session
        in_use = self._places()
        for stored in self.profiles:
            name = stored.profile.name
            if name not in in_use and name != self.chosen:
                continue
            try:
                environment = self._resolved(stored)
            except ValueError as error:
                self._trouble[name] = f"{name} cannot be used. {error}"
                if name == self.chosen:
                    self._console.place.be_nowhere(self._trouble[name])
                continue
            self._trouble.pop(name, None)
            session.adopt(environment)
            if name == self.chosen:
                self._console.use_environment(environment)
        if self.chosen and self.stored(self.chosen) is None:
            self._console.place.be_nowhere(self._absent(self.chosen))

    # --- secrets -----------------------------------------------------------------------------

    async def fetch(self, names: Iterable[str]) -> None:
        """Read secrets from where they are kept; those that are not there stay missing."""
        unknown = [name for name in names if name not in self._values]
        if not unknown:
            return
        keeper = await self.open_keeper()
        try:
            values = await asyncio.to_thread(keeper.values, unknown)
        except OSError as error:
            self._console.message.emit(f"The secrets could not be read. {error}")
            return
        self._learn(values)

    async def open_keeper(self) -> SecretKeeper:
        """Open what keeps the secrets, in a thread: a keychain may take its time."""
        module = _module("keeper")
        if self._keeper is None:
            module.preload()
            opened = await asyncio.to_thread(module.open_keeper, self._home())
            self._keeper = self._keeper or opened
        return self._keeper

    async def unlock(self, passphrase: str) -> None:
        """Unlock the encrypted file and read what it has. Raises SecretStoreError."""
        await asyncio.to_thread(self.keeper.unlock, passphrase)
        await self.fetch(self._wanted())

    async def tell(self, values: dict[str, str], *, keep: bool) -> None:
        """Take secrets that a person typed, and keep them. Raises SecretStoreError."""
        for name, value in values.items():
            await asyncio.to_thread(self.keeper.set, name, value, keep=keep)
        self._learn(values)

    async def forget(self, names: Iterable[str]) -> None:
        """Drop secrets, where they are kept too. Raises SecretStoreError."""
        keeper = await self.open_keeper()
        for name in names:
            await asyncio.to_thread(keeper.forget, name)
            self._values.pop(name, None)
        self._renew()
        self.changed.emit()

    async def _refetch(self) -> None:
        """Read all secrets anew that are in use, as after other ones were set."""
        keeper = self._keeper
        if keeper is None:
            return
        names = self._wanted()
        try:
            self._values = await asyncio.to_thread(keeper.values, names)
        except OSError as error:
            self._console.message.emit(f"The secrets could not be read. {error}")
        self._renew()
        self.changed.emit()

    def _wanted(self) -> tuple[str, ...]:
        """Name the secrets of the environments in use."""
        in_use = {self.chosen, *self._places()}
        return tuple(
            name
            for stored in self.profiles
            if stored.profile.name in in_use
            for name in stored.profile.secret_names
        )

    def _places(self) -> set[str]:
        """Name the environments that instances live in."""
        return {one.environment.name for one in self._console.session.instances}

    def _learn(self, values: dict[str, str]) -> None:
        if values:
            self._values.update(values)
            self._renew()
            self.changed.emit()

    def _start(self, work: Any, name: str) -> None:  # noqa: ANN401 - a coroutine of any result
        self._console.session.tasks.start(work, name=name, owner=self._console)


def _is_empty(folder: Path) -> bool:
    """Whether nothing there could be an environment; a folder that is missing is empty."""
    return not any(folder.glob("*.y*ml"))


def _module(name: str) -> Any:  # noqa: ANN401 - a module that is loaded after the first paint
    # In the window's own thread: PySide looks into every import, and finds half a module where
    # another thread is still importing pydantic.
    return import_module(f"gms_console.environments.{name}")
