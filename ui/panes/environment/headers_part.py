"""The section of the settings for headers of every request, and for variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStackedWidget, QWidget

from gms_console.redaction import is_credential_name

from ...settings.text import HeaderText, SecretFacts, SettingsText, VariableText
from .fields import Section, line_edit
from .rows_editor import Row, RowsEditor
from .secret_field import SecretField

_BOX = 76
_HEADER_COLUMNS = (("Name", 3, 0), ("Value", 7, 0), ("", 0, _BOX))
_VARIABLE_COLUMNS = (("Name", 3, 0), ("Value", 7, 0))


class HeaderRow(Row[HeaderText]):
    """A header; one that is a secret by wish or by its name has its value kept elsewhere."""

    reveal_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("header", movable=False)
        self.name = self.add_line("name", "Name", 3, "X-Api-Key")
        self.plain = line_edit("", "Value")
        self.secret = SecretField("headerSecret", "Value")
        self._stack = _Stack()
        self._stack.addWidget(self.plain)
        self._stack.addWidget(self.secret)
        self.add_field("value", "Value", self._stack, 7)
        self.box = QCheckBox("Secret")
        self.box.setFixedSize(_BOX, 28)
        self.add_field("secret", "Keep out of the file the value", self.box, 0)
        self.end_fields()
        self._wanted = False
        self.name.textChanged.connect(self._on_name)
        self.plain.textChanged.connect(self.changed)
        self.secret.changed.connect(self.changed)
        self.secret.reveal_wanted.connect(self.reveal_wanted)
        self.box.clicked.connect(self._on_box)

    def load(self, value: HeaderText) -> None:
        """Show a header."""
        self._wanted = value.wants_secret
        self.name.setText(value.name)
        self.plain.setText(value.value)
        self.secret.load(value.secret)
        self._show_kind()

    def value(self) -> HeaderText:
        """Give the header as it is typed."""
        secret = self._is_secret
        return HeaderText(
            self.name.text(),
            "" if secret else self.plain.text(),
            self.secret.text(),
            self._wanted,
        )

    @property
    def _is_secret(self) -> bool:
        return self._wanted or is_credential_name(self.name.text())

    def _on_name(self) -> None:
        self._carry()
        self._show_kind()

    def _on_box(self, checked: bool) -> None:
        self._wanted = checked
        self._carry()
        self._show_kind()
        self.changed.emit()

    def _carry(self) -> None:
        """Take what was typed along when the value begins or ceases to be a secret."""
        is_shown = self._stack.currentWidget() is self.secret
        if self._is_secret and not is_shown and self.plain.text():
            text = self.plain.text()
            self.plain.clear()
            self.secret.edit.setText(text)
        elif not self._is_secret and is_shown and self.secret.text().typed:
            text = self.secret.text().typed
            self.secret.edit.clear()
            self.plain.setText(text)

    def _show_kind(self) -> None:
        forced = is_credential_name(self.name.text())
        self._stack.show_one(self.secret if self._is_secret else self.plain)
        self.box.setChecked(self._is_secret)
        self.box.setEnabled(not forced)
        self.box.setToolTip(
            "A header of that name carries a credential; files hold only names of secrets."
            if forced
            else "Keep the value out of the file"
        )

    def name_field(self, key: str, widget: QWidget, name: str) -> None:
        """Give a field the name that is read out."""
        super().name_field(key, widget, name)
        if key == "value":
            place = self.place + 1
            self.plain.setAccessibleName(name)
            self.plain.setObjectName(f"header{place}ValueEdit")
            self.secret.rename(name)
            self.secret.edit.setObjectName(f"header{place}SecretEdit")
            widget.setObjectName(f"header{place}Value")
        if key == "secret":
            widget.setObjectName(f"header{self.place + 1}SecretCheck")


class _Stack(QStackedWidget):
    """Two ways to type a value; only as high as the one that is shown."""

    def show_one(self, shown: QWidget) -> None:
        """Show one of them."""
        for place in range(self.count()):
            widget = self.widget(place)
            if widget is not None:
                policy = (
                    QSizePolicy.Policy.Preferred if widget is shown else QSizePolicy.Policy.Ignored
                )
                widget.setSizePolicy(QSizePolicy.Policy.Ignored, policy)
        self.setCurrentWidget(shown)
        self.adjustSize()


class VariableRow(Row[VariableText]):
    """A variable and its value."""

    def __init__(self) -> None:
        super().__init__("variable", movable=False)
        self.name = self.add_line("name", "Name", 3, "name")
        self.text = self.add_line("value", "Value", 7)
        self.end_fields()

    def load(self, value: VariableText) -> None:
        """Show a variable."""
        self.name.setText(value.name)
        self.text.setText(value.value)

    def value(self) -> VariableText:
        """Give the variable as it is typed."""
        return VariableText(self.name.text(), self.text.text())


class HeadersPart(Section):
    """Headers and variables."""

    reveal_wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("Headers")
        self._facts = SecretFacts()
        self.add_heading("Headers", "Sent with every request, in this order.")
        self.headers: RowsEditor[HeaderText] = RowsEditor(
            "headersTable", "header", _HEADER_COLUMNS, HeaderRow, HeaderText()
        )
        self.column.addWidget(self.headers)
        self.add_heading("Variables", "Written as {{name}} in any field of a request.")
        self.variables: RowsEditor[VariableText] = RowsEditor(
            "variablesTable", "variable", _VARIABLE_COLUMNS, VariableRow, VariableText()
        )
        self.column.addWidget(self.variables)
        self.column.addStretch(1)
        self.headers.changed.connect(self.changed)
        self.variables.changed.connect(self.changed)
        self.headers.rows_changed.connect(self._on_rows)

    def _on_rows(self) -> None:
        for row in self.headers.rows:
            if isinstance(row, HeaderRow) and row.property("heard") is None:
                row.setProperty("heard", True)
                row.secret.show_facts(self._facts)
                row.reveal_wanted.connect(
                    lambda name, row=row: self.reveal_wanted.emit(row.secret, name)
                )

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        self.headers.load(text.headers)
        self.variables.load(text.variables)

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        return replace(text, headers=self.headers.values(), variables=self.variables.values())

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""
        self._facts = facts
        for row in self.headers.rows:
            if isinstance(row, HeaderRow):
                row.secret.show_facts(facts)

    def show_errors(self, errors: Mapping[str, str]) -> set[str]:
        """Show errors beside rows."""
        taken = self.show_row_errors("headers", self.headers, errors)
        taken |= self.show_row_errors("variables", self.variables, errors)
        self.errors_here = len(taken)
        return taken

    def field(self, key: str) -> QWidget | None:
        """Give the widget of a field."""
        return self.row_field("headers", self.headers, key) or self.row_field(
            "variables", self.variables, key
        )
