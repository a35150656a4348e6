"""What the window does with environments: the switcher, the settings, and what has to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from ..actions import ActionSpec

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from ..window import MainWindow
    from .guard_desk import CreateWanted, SecretsWanted


class EnvironmentActions(QObject):
    """Opens the dialogs of environments. None of them is waited for: they answer by signal."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._console = window.console
        self._dialogs: dict[str, QDialog] = {}
        bar = window.environment_bar
        bar.settings_wanted.connect(self.open_settings)
        bar.secrets_wanted.connect(self.ask_secrets)
        bar.poll_wanted.connect(self.go_to_poll_elsewhere)
        self._console.switching.asked.connect(self._ask_switch)
        self._console.guarding.secrets_wanted.connect(self._ask_secrets)
        self._console.guarding.confirmation_wanted.connect(self._ask_confirmation)
        self._console.environments.mistakes_changed.connect(self._say_mistakes)

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        spec = ActionSpec
        return (
            spec(
                "switchEnvironment",
                "&Go",
                "&Environment",
                ("Ctrl+E",),
                self._window.environment_bar.open_list,
            ),
            spec("baseUrl", "&Go", "&Base URL", ("Ctrl+L",), self.go_to_base_url),
            spec(
                "environmentSettings",
                "&File",
                "&Environments …",
                ("Ctrl+Shift+E",),
                self.open_settings,
            ),
        )

    def go_to_base_url(self) -> None:
        """Go to the base URL, all of it selected; say how to type another where that is needed."""
        edit = self._window.environment_bar.base_url_edit
        edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        edit.selectAll()
        chosen = self._console.environments.chosen
        if chosen:
            self._window.show_message(
                f"This is the address of {chosen}, from its settings (Ctrl+Shift+E). To type "
                "another one, choose Any base URL in the list of environments (Ctrl+E)."
            )

    def open_settings(self) -> None:
        """Open the settings of environments."""
        from ..panes.environment.settings_dialog import SettingsDialog  # noqa: PLC0415 - as said

        if not self._raised("settings"):
            self._console.environments.reload()
            self._open("settings", SettingsDialog(self._console.environments, self._window))

    def ask_secrets(self) -> None:
        """Ask for the secrets of the environment in use, without sending anything."""
        environment = self._console.environment
        if environment is not None:
            self._console.guarding.has_secrets(environment, lambda: None)

    def go_to_poll_elsewhere(self) -> None:
        """Select the instance of a poll that runs at another place."""
        self._console.switching.show_elsewhere()
        self._window.go_actions.go_to_instances()

    def _ask_switch(self) -> None:
        from ..panes.environment.switch_dialog import SwitchDialog  # noqa: PLC0415 - rarely needed

        switch = self._console.switching.pending
        if switch is not None and not self._raised("switch"):
            self._open("switch", SwitchDialog(self._console, switch, self._window))

    def _ask_secrets(self, wanted: SecretsWanted) -> None:
        from ..panes.environment.secrets_dialog import SecretsDialog  # noqa: PLC0415 - as above

        if not self._raised("secrets"):
            self._open("secrets", SecretsDialog(self._console, wanted, self._window))

    def _ask_confirmation(self, wanted: CreateWanted) -> None:
        from ..panes.environment.confirm_dialog import ConfirmDialog  # noqa: PLC0415 - as above

        if not self._raised("confirm"):
            self._open("confirm", ConfirmDialog(wanted, self._window))

    def _raised(self, name: str) -> bool:
        """Whether a dialog of this kind is open already; it comes to the front then."""
        before = self._dialogs.get(name)
        if before is not None:
            before.raise_()
        return before is not None

    def _open(self, name: str, dialog: QDialog) -> None:
        self._dialogs[name] = dialog
        dialog.finished.connect(lambda _: self._dialogs.pop(name, None))
        dialog.open()

    def _say_mistakes(self) -> None:
        mistakes = self._console.environments.mistakes
        if mistakes:
            more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
            self._window.show_message(f"Environments: {mistakes[0]}{more}")
