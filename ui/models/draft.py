"""A request that is being edited: what it is for, its Form and its body kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from gms_console.model.exchange import OperationKind
from gms_console.model.form import Form, Row
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import new_boundary
from gms_console.workspace import Draft

from .file_model import FileModel
from .form_model import FormModel

if TYPE_CHECKING:
    from gms_console.catalogue import ServiceKind


class DraftModel(QObject):
    """One of the two requests a person edits: a create, or a request on an instance.

    Each service, and each request, keeps its own rows, with their own undo steps, while others
    are edited.
    `changed` comes after every edit, and when a file on the disk comes or goes; `form_replaced`
    when `form_model` is another one; `undo_changed` when there is another step to undo; `restored`
    when method and body kind are those of a request of the past, or no longer.
    """

    form_replaced = Signal()
    undo_changed = Signal()
    restored = Signal()

    changed = Signal()

    def __init__(
        self,
        kind: OperationKind,
        draft: Draft,
        parent: QObject | None = None,
        others: Iterable[Draft] = (),
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self.form_model = self._new_model(draft.form)
        self._rows = {
            other.service: _Rows(
                self._new_model(other.form), BodyKind(other.body_kind), other.method
            )
            for other in reversed(tuple(others))
        }
        self.file_model = FileModel(self)
        self.file_model.set_form_model(self.form_model)
        self.file_model.files_changed.connect(self.changed)
        self.boundary = new_boundary()
        self._service = draft.service
        self._key = draft.service or draft.request
        self._request = draft.request
        self._instance_id = ""
        self._node = ""
        self._body_kind = BodyKind(draft.body_kind)
        self._method = draft.method

    @property
    def service(self) -> str:
        """The service (execution) name to create."""
        return self._service

    @service.setter
    def service(self, name: str) -> None:
        if name != self._service:
            self._service = name
            self.changed.emit()

    @property
    def request(self) -> str:
        """The name of the service-specific request."""
        return self._request

    @request.setter
    def request(self, name: str) -> None:
        if name != self._request:
            self._request = name
            self.changed.emit()

    @property
    def instance_id(self) -> str:
        """The id of the instance that the request goes to."""
        return self._instance_id

    @instance_id.setter
    def instance_id(self, instance_id: str) -> None:
        if instance_id != self._instance_id:
            self._instance_id = instance_id
            self.changed.emit()

    @property
    def node(self) -> str:
        """The node that the request goes to; empty: to the instance's own."""
        return self._node

    @node.setter
    def node(self, name: str) -> None:
        if name != self._node:
            self._node = name
            self.changed.emit()

    @property
    def body_kind(self) -> BodyKind:
        """How the Form is encoded."""
        return self._body_kind

    @body_kind.setter
    def body_kind(self, kind: BodyKind) -> None:
        if kind is not self._body_kind:
            self._body_kind = kind
            self.changed.emit()

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._method

    @method.setter
    def method(self, method: str) -> None:
        if method != self._method:
            self._method = method
            self.changed.emit()

    def use_service(self, service: str, kind: ServiceKind | None) -> None:
        """Edit the rows of another service: those typed before, else what its kind knows.

        The rows of a service that nothing is known of begin as a copy of those shown now.
        """
        if service == self._service:
            if kind is not None and not len(self.form_model.form):
                self.form_model.add_rows(kind.missing_rows(Form()))
            return
        self._put_away(self._service)
        rows = self._rows.pop(service, None)
        if rows is None:
            form = self.form_model.form if kind is None else Form(tuple(kind.missing_rows(Form())))
            method = self._method if kind is None else kind.method
            rows = _Rows(self._new_model(form), BodyKind.AUTO, method)
        self._service = self._key = service
        self._show(rows)

    def use_request(self, request: str, method: str, form: Form) -> None:
        """Edit the rows of another request: those typed before, else `form`."""
        if request == self._request:
            if not len(self.form_model.form):
                self.form_model.add_rows(form)
                self.method = method
            return
        if self._request:
            self._put_away(self._request)
        rows = self._rows.pop(request, None)
        if rows is None:
            rows = _Rows(self._new_model(form), BodyKind.AUTO, method)
        self._request = self._key = request
        self._show(rows)

    def restore(self, draft: Draft, kind: ServiceKind | None) -> None:
        """Edit a request of the past, exactly as it was typed, in one step that can be undone.

        The rows of another service or request that are shown now are put away under its name.
        """
        if self.kind is OperationKind.CREATE and draft.service != self._service:
            self.use_service(draft.service, kind)
        elif self.kind is OperationKind.REQUEST and draft.request != self._request:
            self.use_request(draft.request, draft.method, draft.form)
        before = self.saved()
        after = replace(before, form=draft.form, body_kind=draft.body_kind, method=draft.method)
        if after != before:
            self.form_model.undo_stack.push(_Restore(self, before, after))

    def take(self, draft: Draft) -> None:
        """Have these rows, body kind and method in the place of those that are shown."""
        self._body_kind, self._method = BodyKind(draft.body_kind), draft.method
        self.form_model.show_form(draft.form)
        self.changed.emit()
        self.restored.emit()

    def _put_away(self, name: str) -> None:
        """Keep the shown rows under the name that stands there.

        Where a name was typed that has rows of its own, these stay under the one they came by.
        """
        key = self._key if name in self._rows else name
        self._rows[key] = _Rows(self.form_model, self._body_kind, self._method)

    def _show(self, rows: _Rows) -> None:
        self.form_model, self._body_kind, self._method = rows.model, rows.body_kind, rows.method
        self.file_model.set_form_model(self.form_model)
        self.form_replaced.emit()
        self.changed.emit()

    def _new_model(self, form: Form) -> FormModel:
        model = FormModel(form, self)
        model.undo_stack.indexChanged.connect(self.undo_changed)
        return model

    def set_value(self, keys: tuple[str, ...], value: str) -> None:
        """Give the first row that has one of these keys a value; add one if none has."""
        form = self.form_model.form
        place = next((n for n, row in enumerate(form) if row.key in keys), None)
        if place is None:
            self.form_model.add_rows([Row(key=keys[0], value=value)])
        else:
            self.form_model.change_row(place, "set value", value=value, enabled=True)

    def renew_boundary(self) -> None:
        """Take another boundary, so that no two requests share one."""
        self.boundary = new_boundary()
        self.changed.emit()

    def saved(self) -> Draft:
        """Give what the workspace keeps of this draft."""
        return Draft(
            service=self._service,
            request=self._request,
            form=self.form_model.form,
            body_kind=self._body_kind.value,
            method=self._method,
        )

    def saved_others(self) -> tuple[Draft, ...]:
        """Give what the workspace keeps of the services that are not shown, the latest first."""
        return tuple(
            Draft(
                service=service,
                form=rows.model.form,
                body_kind=rows.body_kind.value,
                method=rows.method,
            )
            for service, rows in reversed(self._rows.items())
            if service and len(rows.model.form)
        )


class _Restore(QUndoCommand):
    """The step from the rows that were shown to those of a request of the past."""

    def __init__(self, model: DraftModel, before: Draft, after: Draft) -> None:
        super().__init__("edit and resend")
        self._model = model
        self._before = before
        self._after = after

    def undo(self) -> None:
        self._model.take(self._before)

    def redo(self) -> None:
        self._model.take(self._after)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is kept of a service or request while another one is edited."""

    model: FormModel
    body_kind: BodyKind
    method: str
