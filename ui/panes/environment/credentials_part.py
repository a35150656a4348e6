"""The section of the settings for what requests prove themselves with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ...settings.check import pair_sentence
from ...settings.text import LoginText, SecretFacts, SettingsText
from ..common import named
from .fields import Section, wrapped
from .rows_editor import Row, RowsEditor
from .secret_field import SecretField

_COLUMNS = (("Execution name", 3, 0), ("User", 3, 0), ("Password", 6, 0))


class ServiceRow(Row[LoginText]):
    """A service's own user name and password, and the pair that comes of it."""

    def __init__(self) -> None:
        super().__init__("service", movable=False)
        self._empty_user = False
        self.service = self.add_line("service", "Execution name", 3, "callme")
        self.user = self.add_line("user", "User", 3, "the server's")
        self.password = SecretField("servicePassword", "Password")
        self.add_field("password", "Password", self.password, 6)
        self.end_fields()
        self.pair = wrapped("")
        self.column.addWidget(self.pair)
        self.column.addSpacing(4)
        self.password.changed.connect(self.changed)

    def load(self, value: LoginText) -> None:
        """Show a service's login."""
        self._empty_user = value.empty_user
        self.service.setText(value.service)
        self.user.setText(value.user)
        self.password.load(value.password)

    def value(self) -> LoginText:
        """Give the login as it is typed."""
        return LoginText(
            self.service.text(), self.user.text(), self.password.text(), self._empty_user
        )

    def show_pair(self, server: LoginText, *, bearer: bool) -> None:
        """Say which user and password the service takes."""
        own = self.value()
        text = pair_sentence(own.service, own, server)
        self.pair.setText(f"{text}, but the bearer token goes before" if bearer else text)
        self.pair.setVisible(not own.blank)

    def name_field(self, key: str, widget: QWidget, name: str) -> None:
        """Give a field the name that is read out."""
        super().name_field(key, widget, name)
        place = self.place + 1
        if key == "password":
            self.password.rename(name)
            self.password.edit.setObjectName(f"service{place}PasswordEdit")
            widget.setObjectName(f"service{place}Password")
        self.pair.setObjectName(f"service{place}Pair")


class CredentialsPart(Section):
    """The server's pair, those of services, and a bearer token."""

    reveal_wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__("Credentials")
        self._facts = SecretFacts()
        self._empty_user = False
        self.add_heading("Server", "What section server of the GMS options asks for.")
        group = self.add_group()
        self.user = group.line(
            "Us&er", "credentials.user", "userEdit", "User name of the server", width=320
        )
        self.password = self._secret("passwordEdit", "Password of the server")
        group.add("&Password", self.password, "credentials.password", buddy=self.password.edit)
        self.add_heading(
            "Services",
            "Only for services with a user or password of their own. What is left empty is the "
            "server's: GMS looks up the two separately.",
        )
        self.services: RowsEditor[LoginText] = RowsEditor(
            "servicesTable", "service", _COLUMNS, ServiceRow, LoginText()
        )
        self.column.addWidget(self.services)
        self.add_heading("Bearer token", "Takes the place of user and password in every request.")
        group = self.add_group()
        self.bearer = self._secret("bearerEdit", "Bearer token")
        group.add("&Bearer token", self.bearer, "credentials.bearer", buddy=self.bearer.edit)
        self.column.addStretch(1)
        self.user.textChanged.connect(self._show_pairs)
        self.services.changed.connect(self._on_services)
        self.services.rows_changed.connect(self._on_rows)

    def _secret(self, object_name: str, what: str) -> SecretField:
        field = SecretField(object_name, what)
        field.setObjectName(f"{object_name}Field")
        field.changed.connect(self._on_services)
        field.reveal_wanted.connect(lambda name: self.reveal_wanted.emit(field, name))
        return named(field, f"{object_name}Field", what)

    def _on_services(self) -> None:
        self._show_pairs()
        self.changed.emit()

    def _on_rows(self) -> None:
        for row in self.services.rows:
            if isinstance(row, ServiceRow) and row.property("heard") is None:
                row.setProperty("heard", True)
                row.password.show_facts(self._facts)
                row.password.reveal_wanted.connect(
                    lambda name, row=row: self.reveal_wanted.emit(row.password, name)
                )

    def _show_pairs(self) -> None:
        server, bearer = self._server(), self.bearer.text().there
        for row in self.services.rows:
            if isinstance(row, ServiceRow):
                row.show_pair(server, bearer=bearer)

    def _server(self) -> LoginText:
        return LoginText("", self.user.text(), self.password.text(), self._empty_user)

    def load(self, text: SettingsText) -> None:
        """Show the fields of this section."""
        self._empty_user = text.server.empty_user
        self.user.setText(text.server.user)
        self.password.load(text.server.password)
        self.bearer.load(text.bearer)
        self.services.load(text.services)
        self._show_pairs()

    def store(self, text: SettingsText) -> SettingsText:
        """Give the settings with the fields of this section as they are typed."""
        return replace(
            text,
            server=self._server(),
            services=self.services.values(),
            bearer=self.bearer.text(),
        )

    def show_facts(self, facts: SecretFacts) -> None:
        """Go by what is known of secrets now."""
        self._facts = facts
        self.password.show_facts(facts)
        self.bearer.show_facts(facts)
        for row in self.services.rows:
            if isinstance(row, ServiceRow):
                row.password.show_facts(facts)

    def show_errors(self, errors: Mapping[str, str]) -> set[str]:
        """Show errors beside fields and rows."""
        taken = super().show_errors(errors)
        taken |= self.show_row_errors("services", self.services, errors)
        self.errors_here = len(taken)
        return taken

    def field(self, key: str) -> QWidget | None:
        """Give the widget of a field."""
        return self.row_field("services", self.services, key) or super().field(key)
