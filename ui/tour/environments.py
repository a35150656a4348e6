"""Chapter: an environment of one's own, its settings, and the question before a create."""

from __future__ import annotations

from .stage import NUMBER, Stage, front_dialog
from .step import Chapter, Step
from .waiting import TourError, until


class Environments:
    """A careful site: named, coloured, and asked about before anything is created."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._console = stage.console

    def chapter(self) -> Chapter:
        """Give the chapter."""
        tidy = self._stage.close_dialog
        return Chapter(
            "Environments",
            (
                Step("environment", "An environment frames the window.", self._frame, dark=True),
                Step(
                    "settings",
                    "Its settings, with a test of the way.",
                    self._settings,
                    front_dialog,
                    tidy=tidy,
                ),
                Step(
                    "confirm",
                    "A create there is confirmed by its name.",
                    self._confirm,
                    front_dialog,
                    tidy=tidy,
                ),
            ),
        )

    async def _frame(self) -> str:
        # Loaded by now, and not at the start of the tour.
        from gms_console.environments.profile import Profile  # noqa: PLC0415

        desk, url = self._console.environments, self._console.base_url_text
        await until(lambda: desk.loaded, "the environments to be read")
        await desk.save(Profile.model_validate(production(url)))
        desk.choose("production")
        self._console.switching.stop_and_go()
        await until(lambda: desk.chosen == "production" and front_dialog() is None, "the switch")
        await self._stage.choose("request-interaction")
        await self._stage.fill("_phone_number", "{{phone}}")
        return f"sending to {self._stage.window.windowTitle().partition(' – ')[0]}"

    async def _settings(self) -> str:
        from ..panes.environment.settings_dialog import SettingsDialog  # noqa: PLC0415 - as above

        self._stage.window.action("environmentSettings").trigger()
        await until(lambda: isinstance(front_dialog(), SettingsDialog), "the settings to open")
        settings = front_dialog()
        if not isinstance(settings, SettingsDialog):
            raise TourError("the settings did not open")
        await until(settings.check_button.isEnabled, "the settings to be filled in")
        settings.check_button.click()
        outcome = settings.check_panel.outcome
        await until(lambda: outcome.text().startswith(("✓", "▲")), "the test of the connection")
        return outcome.text()

    async def _confirm(self) -> str:
        self._stage.window.send()
        await until(lambda: front_dialog() is not None, "the question")
        return "asked for the name; nothing was sent yet"


def production(url: str) -> dict[str, object]:
    """Give an environment of two nodes at one base URL, as a careful site would have it."""
    return {
        "name": "production",
        "colour": "red",
        "guard": "confirm-every",
        "nodes": [
            {"name": "node1", "url": url},
            {"name": "node2", "url": url.replace("127.0.0.1", "localhost")},
        ],
        "gms_user": "tester",
        "variables": {"phone": NUMBER},
        "proxy": {"mode": "none"},
    }
