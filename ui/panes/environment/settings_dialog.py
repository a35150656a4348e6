"""The dialog in which environments are made, changed, tested and deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ...settings.editor import SettingsEditor
from ...settings.text import SettingsText
from ..common import label, named, set_label
from .check_panel import CheckPanel
from .connection_part import ConnectionPart
from .credentials_part import CredentialsPart
from .environment_list import EnvironmentList
from .fields import Section, in_layout_order
from .general_part import GeneralPart
from .headers_part import HeadersPart
from .questions import ask
from .secret_field import SecretField
from .store_desk import StoreDesk
from .tls_part import TlsPart
from .trouble_bar import TroubleBar

if TYPE_CHECKING:
    from ...console import Console
    from ...environments.desk import EnvironmentDesk

_SIZE = (1160, 740)
_EMPTY = (
    "An environment is a place to send to, with its nodes, credentials, proxy and TLS settings. "
    "Each is a YAML file in the folder on the left, which may be a Git checkout of your team; "
    "secrets are never in it."
)


class SettingsDialog(QDialog):
    """Shows the SettingsEditor; it asks before anything typed would be lost."""

    def __init__(self, desk: EnvironmentDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        console = cast("Console", desk.parent())
        self._tasks = tasks = console.session.tasks
        self.editor = SettingsEditor(desk, console, self)
        self.setObjectName("environmentSettings")
        self.setWindowTitle("Environments")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.side = EnvironmentList()
        self.store = StoreDesk(desk, self.editor, self.side.store, tasks)
        self.general, self.headers = GeneralPart(), HeadersPart()
        self.credentials, self.connection, self.tls = CredentialsPart(), ConnectionPart(), TlsPart()
        self.sections: tuple[Section, ...] = (
            self.general,
            self.headers,
            self.credentials,
            self.connection,
            self.tls,
        )
        self.tabs = named(QTabWidget(), "environmentSections", "Settings")
        self.trouble_bar = TroubleBar()
        self.check_panel = CheckPanel(self.editor, tasks)
        self.save_button = self._button("&Save", "saveButton", "primary")
        self.check_button = self._button("&Test connection", "checkButton")
        self.close_button = self._button("Close", "closeButton")
        self.errors_button = self._button("", "errorsButton")
        self.state_label: QLabel = named(label("", "muted"), "settingsStateLabel", "State")
        self._loading = False
        self._waiting = False
        self._said = ""
        self._then: Callable[[], None] | None = None
        self._lay_out()
        self._connect()
        self._refresh_list()
        self._show_mistakes()
        self._begin()

    def _button(self, text: str, object_name: str, role: str = "") -> QPushButton:
        button = named(QPushButton(text), object_name, text.replace("&", ""))
        button.setAutoDefault(False)
        if role:
            button.setProperty("role", role)
        return button

    # --- layout ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for section, title in zip(
            self.sections,
            ("&General", "&Headers and variables", "&Credentials", "Co&nnection", "T&LS"),
            strict=True,
        ):
            self.tabs.addTab(section, title)
        self.tabs.setDocumentMode(True)
        footer = QHBoxLayout()
        footer.setSpacing(8)
        footer.addWidget(self.check_button)
        footer.addWidget(self.errors_button)
        footer.addWidget(self.state_label, 1)
        footer.addWidget(self.save_button)
        footer.addWidget(self.close_button)
        frame = QFrame()
        frame.setObjectName("pane")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(6, 4, 6, 6)
        inner.setSpacing(0)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._empty_page())
        self.pages.addWidget(self.tabs)
        inner.addWidget(self.pages, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.trouble_bar)
        right.addWidget(frame, 1)
        right.addWidget(self.check_panel)
        right.addLayout(footer)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 12)
        whole.setSpacing(12)
        whole.addWidget(self.side)
        whole.addLayout(right, 1)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        text = label(_EMPTY, "muted")
        text.setWordWrap(True)
        text.setObjectName("emptyLabel")
        text.setFixedWidth(440)
        across = QHBoxLayout()  # an alignment would give it the height for the whole width
        across.addStretch(1)
        across.addWidget(text)
        across.addStretch(1)
        button = self._button("New environment", "firstEnvironmentButton")
        button.clicked.connect(self._new)
        column = QVBoxLayout(page)
        column.setSpacing(14)
        column.addStretch(1)
        column.addLayout(across)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page

    def _connect(self) -> None:
        self._desk.changed.connect(self._on_desk)
        self._desk.mistakes_changed.connect(self._show_mistakes)
        self.side.wanted.connect(lambda name: self._leave(partial(self.editor.show, name)))
        self.side.new_wanted.connect(self._new)
        self.side.duplicate_wanted.connect(lambda: self._leave(self.editor.duplicate))
        self.side.delete_wanted.connect(self._ask_delete)
        self.side.folder_wanted.connect(lambda path: self._leave(partial(self._go_to, path)))
        self.editor.shown.connect(self._show_fields)
        self.editor.changed.connect(self._show_state)
        self.editor.facts_changed.connect(self._show_facts)
        self.editor.trouble_changed.connect(self._show_trouble)
        self.editor.saved.connect(self._on_saved)
        self.trouble_bar.reload_wanted.connect(self.editor.reload)
        self.trouble_bar.overwrite_wanted.connect(lambda: self.editor.save(overwrite=True))
        self.save_button.clicked.connect(self._save)
        self.check_button.clicked.connect(self.check_panel.start)
        self.check_panel.field_wanted.connect(self.go_to)
        self.check_panel.shown_changed.connect(self._chain)
        self.close_button.clicked.connect(self.close)
        self.errors_button.clicked.connect(self._go_to_first_error)
        for section in self.sections:
            section.changed.connect(self._on_edit)
        for part in (self.headers, self.credentials, self.connection, self.tls):
            part.reveal_wanted.connect(self._reveal)
        for rows in (
            self.general.nodes,
            self.headers.headers,
            self.headers.variables,
            self.credentials.services,
        ):
            rows.rows_changed.connect(self._chain)
        self.tabs.currentChanged.connect(self._chain)
        for keys, action in (
            ("Ctrl+S", self._save),
            ("Ctrl+N", self._new),
            ("Ctrl+D", lambda: self._leave(self.editor.duplicate)),
            ("Ctrl+T", self.check_panel.start),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    def _chain(self) -> None:
        """Let Tab go through everything as it is laid out; rows come and go."""
        if self._loading:
            return
        order = list(in_layout_order(self))
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    # --- showing -----------------------------------------------------------------------------

    def _begin(self) -> None:
        """Show the environment in use, or else the first."""
        names = [one.profile.name for one in self._desk.profiles]
        self._waiting = not names
        chosen = self._desk.chosen if self._desk.chosen in names else next(iter(names), "")
        self.editor.show(chosen)
        self.editor.ask_facts()
        self.side.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_desk(self) -> None:
        """Go by the files as they are now; they may have been read only after the dialog opened."""
        if self._waiting and self._desk.profiles and not self.editor.open:
            self._begin()
        else:
            self._refresh_list()

    def _refresh_list(self) -> None:
        stored = self.editor.stored
        draft = self.editor.text.name if self.editor.open and stored is None else None
        chosen = stored.profile.name if stored is not None else ""
        self.side.show_rows(self._desk.profiles, draft, chosen)
        usual = not self._desk.folder_setting
        self.side.show_folder(self._desk.folder, usual=usual)
        self._show_state()

    def _show_mistakes(self) -> None:
        self.side.show_mistakes(self._desk.mistakes)

    def _show_fields(self) -> None:
        """Put the environment at hand into all fields."""
        self._loading = True
        self.pages.setCurrentIndex(1 if self.editor.open else 0)
        self.tls.folder = self.editor.folder
        for section in self.sections:
            section.load(self.editor.text)
        self._loading = False
        if self.editor.open and self._typed() != self.editor.text:
            self.editor.refuse()
        self.check_panel.reset()
        self._refresh_list()
        self._show_facts()
        self._chain()

    def _on_edit(self) -> None:
        if self._loading:
            return
        self.editor.edit(self._typed())

    def _typed(self) -> SettingsText:
        """Give all fields as they are typed."""
        text = self.editor.text
        for section in self.sections:
            text = section.store(text)
        return text

    def _show_state(self) -> None:
        """Show what is wrong, what is not saved, and what can be done."""
        editor = self.editor
        errors = editor.checked.errors if editor.open else {}
        for place, section in enumerate(self.sections):
            section.show_errors(errors)
            title = self.tabs.tabText(place).removeprefix("▲ ")
            self.tabs.setTabText(place, f"▲ {title}" if section.errors_here else title)
        self.side.mark(editor.text.name, editor.text.colour, dirty=editor.dirty)
        count = len(errors)
        self.errors_button.setText(
            "1 field is wrong" if count == 1 else f"{count} fields are wrong"
        )
        self.errors_button.setAccessibleName(f"{self.errors_button.text()}, go to the first")
        self.errors_button.setVisible(bool(count))
        self.save_button.setEnabled(editor.can_save)
        self.check_panel.set_possible(possible=editor.checked.profile is not None)
        self.check_button.setEnabled(editor.checked.profile is not None)
        for button in (self.side.duplicate_button, self.side.delete_button):
            button.setEnabled(editor.stored is not None)
        if editor.saving:
            set_label(self.state_label, "Saving …", "muted")
        elif editor.dirty:
            set_label(self.state_label, "Not saved", "warning")
        elif self.state_label.text() != self._said:
            set_label(self.state_label, "", "muted")

    def _on_saved(self, file: str) -> None:
        self._said = f"✓ Saved to {Path(file).name}"
        set_label(self.state_label, self._said, "good")
        self._refresh_list()
        go, self._then = self._then, None
        if go is not None:
            self._leave(go)

    def _show_facts(self) -> None:
        for section in self.sections:
            section.show_facts(self.editor.facts)
        self.store.refresh()

    def _show_trouble(self) -> None:
        if self.editor.trouble.text:
            # Whoever wanted to leave has something to look at first.
            self._then = None
        self.trouble_bar.show_trouble(self.editor.trouble)

    # --- what a person does ------------------------------------------------------------------

    def go_to(self, key: str) -> None:
        """Go to a field, in whatever section it is."""
        for section in self.sections:
            widget = section.field(key)
            if widget is not None:
                self.tabs.setCurrentWidget(section)
                target = next(in_layout_order(widget), widget)
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                section.ensureWidgetVisible(widget, 20, 60)
                return

    def _save(self) -> None:
        self.editor.save()

    def _go_to_first_error(self) -> None:
        section = next((one for one in self.sections if one.errors_here), None)
        if section is not None:
            self.tabs.setCurrentWidget(section)
            keys = self.editor.checked.errors
            self.go_to(min((key for key in keys if section.field(key)), key=section.place_of))

    def _reveal(self, field: SecretField, name: str) -> None:
        async def reveal() -> None:
            value = await self.editor.value(name)
            if value is not None:
                field.show_value(name, value)

        self._tasks.start(reveal(), name="show a secret", owner=self.editor)

    def _new(self) -> None:
        def begin() -> None:
            self.editor.show_new()
            self.tabs.setCurrentWidget(self.general)
            self.general.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)
            self.general.name_edit.selectAll()

        self._leave(begin)

    def _go_to(self, folder: Path | None) -> None:
        self.editor.show("")
        self._desk.set_folder(folder)

    def _ask_delete(self) -> None:
        stored = self.editor.stored
        if stored is None:
            return
        ask(
            self,
            "deleteQuestion",
            f"Delete {stored.profile.name}?",
            f"The file {stored.file} is deleted, and the secrets that only it names are forgotten.",
            (
                ("Keep it", "keepButton", None),
                ("Delete", "confirmDeleteButton", self.editor.delete),
            )[::-1],
        )

    def _leave(self, go: Callable[[], None]) -> None:
        """Carry `go` out, but ask first where what was typed would be lost."""
        if not self.editor.dirty:
            go()
            return
        self._refresh_list()

        def save() -> None:
            self.editor.save()
            self._then = go

        choices = [
            ("Save", "questionSaveButton", save),
            ("Discard", "questionDiscardButton", go),
            ("Keep editing", "questionKeepButton", None),
        ]
        if not self.editor.can_save:
            choices = choices[:0:-1]
        name = self.editor.text.name or "This environment"
        ask(self, "unsavedQuestion", f"{name} has changes that are not saved.", "", choices)

    # --- closing -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press the button that has the focus, and nothing else."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focus = self.focusWidget()
            if isinstance(focus, QAbstractButton):
                focus.click()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; ask first when something is not saved."""
        self._leave(self._close)

    def _close(self) -> None:
        super().reject()

    def done(self, result: int) -> None:
        """End what is under way, but a save."""
        self.check_panel.cancel()
        self._desk.changed.disconnect(self._on_desk)
        self._desk.mistakes_changed.disconnect(self._show_mistakes)
        self.editor.end()
        super().done(result)
