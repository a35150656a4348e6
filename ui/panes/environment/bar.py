"""The environment bar: where requests go, how that is reached, and how it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gms_console.model.connection import GuardLevel
from gms_console.model.environment import Environment

from ...console import Console
from ...icons import icon
from ...tips import plain_tip
from ..common import give_way, icon_button, label, named, set_label, set_look
from .place_combo import PlaceCombo

if TYPE_CHECKING:
    from .marks import Notices, PlaceMarks

_DOTS = {"good": "●", "error": "▲", "muted": "○", "busy": "◌"}

TYPED = "Any base URL"
SIMULATOR = "Simulator"

_URL_TIP = (
    "Where requests go, as http://host:port/base (Ctrl+L).\n"
    "Without a base path it is /genesys; old versions have /GMS-web/gms."
)


class EnvironmentBar(QFrame):
    """Environment, node, base URL, connection state, and what has to be kept in mind.

    `settings_wanted` opens the settings; `secrets_wanted` comes when the mark of missing secrets
    is pressed, and `poll_wanted` when a poll elsewhere is to be shown.
    """

    settings_wanted = Signal()
    secrets_wanted = Signal()
    poll_wanted = Signal()

    def __init__(self, console: Console, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self._offered: list[tuple[str, str]] = []
        self._marks: PlaceMarks | None = None
        self._notices: Notices | None = None
        self._nodes: PlaceCombo | None = None
        self._make_choices()
        self._lay_out()
        self.environment_combo.activated.connect(self._on_place)
        self.base_url_edit.editingFinished.connect(self.commit)
        self.simulator_button.clicked.connect(console.use_simulator)
        self.settings_button.clicked.connect(self.settings_wanted)
        console.environment_changed.connect(self._show_environment)
        console.environments.changed.connect(self._show_environment)
        console.environments.mistakes_changed.connect(self._show_mistakes)
        console.switching.elsewhere_changed.connect(self._show_elsewhere)
        console.connection_changed.connect(self._show_connection)
        self._show_environment()

    def _make_choices(self) -> None:
        self.environment_combo = named(PlaceCombo(13), "environmentCombo", "Environment")
        self.environment_combo.setToolTip("Where requests go (Ctrl+E)")
        self.base_url_edit = named(QLineEdit(), "baseUrlEdit", "Base URL")
        self.base_url_edit.setPlaceholderText("http://localhost:8080/genesys")
        self.simulator_button = icon_button(
            "simulator", "Send to the simulator in this window", "Use simulator"
        )
        self.simulator_button.setObjectName("simulatorButton")
        self.settings_button = icon_button(
            "settings", "Settings of environments (Ctrl+Shift+E)", "Settings …"
        )
        self.settings_button.setObjectName("environmentSettingsButton")
        self.state_label = named(label("", "muted"), "connectionLabel", "Connection state")
        give_way(self.state_label)

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout()
        row.setSpacing(6)
        name = label("Environment")
        name.setBuddy(self.environment_combo)
        row.addWidget(name)
        row.addWidget(self.environment_combo)
        row.addWidget(self.base_url_edit, 2)
        row.addWidget(self.state_label, 1)
        row.addWidget(self.simulator_button)
        row.addWidget(self.settings_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(4)
        self._column.addLayout(row)

    @property
    def notices(self) -> Notices:
        """What has to be done about something; made when there is something for the first time."""
        if self._notices is None:
            from .marks import Notices  # noqa: PLC0415 - as said

            self._notices = Notices()
            self._notices.secrets_wanted.connect(self.secrets_wanted)
            self._notices.poll_wanted.connect(self.poll_wanted)
            self._notices.settings_wanted.connect(self.settings_wanted)
            self._column.addWidget(self._notices)
        return self._notices

    @property
    def node_combo(self) -> PlaceCombo:
        """The nodes of a cluster; made for the first environment that has several."""
        if self._nodes is None:
            self._nodes = named(PlaceCombo(7), "nodeCombo", "Node")
            self._nodes.setToolTip("The node of the cluster; instances stay on theirs")
            self._nodes.activated.connect(self._on_node)
            self._row.insertWidget(self._row.indexOf(self.base_url_edit), self._nodes)
            self.setTabOrder(self.environment_combo, self._nodes)
        return self._nodes

    def begin_with(self, part: QWidget) -> None:
        """Put a widget before all others."""
        self._row.insertWidget(0, part)

    # --- what a person chooses ---------------------------------------------------------------

    def open_list(self) -> None:
        """Open the list of environments, for the keyboard."""
        self.environment_combo.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.environment_combo.showPopup()

    def commit(self, *, asking: bool = True) -> None:
        """Take a base URL that is still being typed, as before a send."""
        edit, console = self.base_url_edit, self._console
        if not edit.isReadOnly() and edit.text() != console.base_url_text:
            console.place.set_base_url(edit.text(), asking=asking)

    def _on_place(self, row: int) -> None:
        console = self._console
        kind, name = self.environment_combo.itemData(row)
        # What was chosen stands there only once it is in force: a question may come first.
        self._show_choice()
        if kind == SIMULATOR:
            if not console.place.on_simulator:
                console.use_simulator()
        elif kind == TYPED:
            self._take_base_url()
        elif name != console.environments.chosen or console.environment is None:
            console.environments.choose(name)

    def _take_base_url(self) -> None:
        console = self._console
        if console.environments.chosen or console.place.on_simulator:
            console.place.back_to_base_url()
        if console.switching.pending is None:
            self.base_url_edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.base_url_edit.selectAll()

    def _on_node(self, row: int) -> None:
        self._console.environments.choose_node(self.node_combo.itemData(row))

    # --- what there is -----------------------------------------------------------------------

    def _show_environment(self) -> None:
        console = self._console
        chosen, environment = console.environments.chosen, console.environment
        text = console.base_url_text
        if chosen:
            text = environment.base_url if environment is not None else ""
        edit = self.base_url_edit
        edit.setReadOnly(bool(chosen))
        if edit.text() != text:
            edit.setText(text)
            edit.setCursorPosition(0)
        edit.setToolTip("The settings have this address (Ctrl+Shift+E)." if chosen else _URL_TIP)
        set_look(edit, "invalid", bool(console.environment_error) and not chosen)
        here = console.place.on_simulator
        self.simulator_button.setEnabled(not here)
        self.simulator_button.setText("On the simulator" if here else "Use simulator")
        self._offer_places()
        self._offer_nodes(environment if chosen else None)
        self._show_marks(environment if chosen else None)
        self._show_connection()

    def _offer_places(self) -> None:
        desk, combo = self._console.environments, self.environment_combo
        places = [(one.profile.name, one.profile.colour) for one in desk.profiles]
        if desk.chosen and desk.chosen not in dict(places):
            environment = self._console.environment
            places.append((desk.chosen, environment.colour if environment is not None else ""))
        if places != self._offered or not combo.count():
            self._offered = places
            self.refresh_icons()
        self._show_choice()

    def refresh_icons(self) -> None:
        """Offer the places anew, with their swatches in the colours in force."""
        combo = self.environment_combo
        combo.clear()
        for name, colour in self._offered:
            from .swatches import swatch_icon  # noqa: PLC0415 - loaded with the first environment

            combo.addItem(swatch_icon(colour), name, ("", name))
        if self._offered:
            combo.insertSeparator(combo.count())
        combo.addItem(icon("link"), TYPED, (TYPED, ""))
        combo.addItem(icon("simulator"), SIMULATOR, (SIMULATOR, ""))
        self._show_choice()

    def _show_choice(self) -> None:
        chosen = self._console.environments.chosen
        wanted = ("", chosen)
        if not chosen:
            wanted = (SIMULATOR if self._console.place.on_simulator else TYPED, "")
        combo = self.environment_combo
        rows = [row for row in range(combo.count()) if combo.itemData(row) == wanted]
        combo.setCurrentIndex(rows[0] if rows else -1)

    def _offer_nodes(self, environment: Environment | None) -> None:
        nodes = environment.nodes if environment is not None else ()
        if len(nodes) < 2 and self._nodes is None:
            return
        combo, wanted = self.node_combo, [one.name for one in nodes]
        if [combo.itemData(row) for row in range(combo.count())] != wanted:
            combo.clear()
            for row, node in enumerate(nodes):
                combo.addItem(node.name, node.name)
                combo.setItemData(row, plain_tip(node.url), Qt.ItemDataRole.ToolTipRole)
        if environment is not None and environment.node in wanted:
            combo.setCurrentIndex(wanted.index(environment.node))
        combo.setVisible(len(nodes) > 1)

    def _show_marks(self, environment: Environment | None) -> None:
        """Show what has to be kept in mind; its widgets are made when there is something."""
        named_one = environment if environment is not None and environment.name else None
        guarded = named_one is not None and named_one.guard is not GuardLevel.OPEN
        if self._marks is None and named_one and (guarded or not named_one.verify_tls):
            from .marks import PlaceMarks  # noqa: PLC0415 - as said

            self._marks = PlaceMarks()
            self._row.insertWidget(self._row.indexOf(self.simulator_button), self._marks)
        if self._marks is not None:
            self._marks.show_environment(named_one)
        desk = self._console.environments
        lives = f"Secrets live in {desk.secrets_label}." if desk.secrets_label else ""
        missing = desk.missing(environment)
        if missing or self._notices is not None:
            self.notices.show_missing(missing, lives)
        tip = f"Settings of environments (Ctrl+Shift+E)\n{lives}".strip()
        self.settings_button.setToolTip(plain_tip(tip))

    def _show_mistakes(self) -> None:
        mistakes = [str(one) for one in self._console.environments.mistakes]
        if mistakes or self._notices is not None:
            self.notices.show_mistakes(mistakes)

    def _show_elsewhere(self) -> None:
        text = self._console.switching.elsewhere_text
        if text or self._notices is not None:
            self.notices.show_elsewhere(text)

    def _show_connection(self) -> None:
        console = self._console
        connection = console.connection
        if console.environment_error and connection.tone != "busy":
            set_label(self.state_label, f"▲ {console.environment_error}", "error")
        else:
            role = "muted" if connection.tone == "busy" else connection.tone
            set_label(self.state_label, f"{_DOTS[connection.tone]} {connection.text}", role)
        self.state_label.setToolTip(plain_tip(self.state_label.text()[2:]))
