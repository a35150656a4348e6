"""The AdviceDesk: what the catalogue has to say of the form that is shown. It blocks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gms_console.model.exchange import OperationKind

if TYPE_CHECKING:
    from gms_console.catalogue import Advice, Parameter
    from gms_console.model.form import Form, Row

    from .console import Console


class AdviceDesk(QObject):
    """Puts what is known of the keys, and what looks odd, beside the rows.

    `form` holds what no row can carry, such as a mandatory parameter that is missing.
    """

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console = console
        self.form: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is known of the keys that the shown form can have."""
        services = self._console.services
        if self._console.target is OperationKind.CREATE:
            return services.kind.parameters if services.kind is not None else ()
        return services.request_kind.parameters if services.request_kind is not None else ()

    def refresh(self) -> None:
        """Look at the form as it is now."""
        model = self._console.draft.form_model
        model.set_parameters(self.parameters)
        # What is sent is judged, not the variables in it.
        advice = self._advise(self._console.variables.rows(model.form))
        model.set_advice(advice.rows if advice is not None else {})
        self.form = advice.form if advice is not None else ()

    def supply(self) -> None:
        """Switch on the mandatory rows that are off, and add those that are missing."""
        draft = self._console.draft
        draft.form_model.supply_mandatory(draft.instance_id)

    def insert_keys(self) -> int | None:
        """Add the keys that the shown form lacks: mandatory ones on, the others off.

        Gives the place of the first one; None where there was none to add.
        """
        draft, message = self._console.draft, self._console.message
        rows = self._missing(draft.form_model.form)
        if not self.parameters:
            message.emit("The catalogue knows no keys for this service.")
        elif not rows:
            message.emit("All keys that the catalogue knows are there.")
        else:
            message.emit(f"Added {len(rows)} key{'' if len(rows) == 1 else 's'}.")
            return draft.form_model.add_rows(rows)
        return None

    def _missing(self, form: Form) -> list[Row]:
        services, draft = self._console.services, self._console.draft
        if self._console.target is OperationKind.CREATE:
            return services.kind.missing_rows(form) if services.kind is not None else []
        request = services.request_kind
        return request.missing_rows(form, draft.instance_id) if request is not None else []

    def _advise(self, form: Form) -> Advice | None:
        services = self._console.services
        if services.catalogue is None:
            return None
        from gms_console.catalogue import advise  # noqa: PLC0415 - it is loaded by now

        if self._console.target is OperationKind.CREATE:
            return advise(services.kind, form)
        request = services.request_kind
        # What a create takes says nothing of a request that is not known.
        return advise(services.kind if request is not None else None, form, request)
