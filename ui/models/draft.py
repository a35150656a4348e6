"""A request that is being edited: what it is for, its Form and its body kind."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gms_console.model.exchange import OperationKind
from gms_console.wire.body import BodyKind
from gms_console.wire.encode import new_boundary
from gms_console.workspace import Draft

from .file_model import FileModel
from .form_model import FormModel


class DraftModel(QObject):
    """One of the two requests a person edits: a create, or a request on an instance.

    `changed` comes after every edit, and when a file on the disk comes or goes.
    """

    changed = Signal()

    def __init__(self, kind: OperationKind, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.form_model = FormModel(draft.form, self)
        self.file_model = FileModel(self)
        self.file_model.set_form_model(self.form_model)
        self.file_model.files_changed.connect(self.changed)
        self.boundary = new_boundary()
        self._service = draft.service
        self._request = draft.request
        self._instance_id = ""
        self._body_kind = BodyKind(draft.body_kind)

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
    def body_kind(self) -> BodyKind:
        """How the Form is encoded."""
        return self._body_kind

    @body_kind.setter
    def body_kind(self, kind: BodyKind) -> None:
        if kind is not self._body_kind:
            self._body_kind = kind
            self.changed.emit()

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
        )
