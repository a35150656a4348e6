"""Turns what happens in the engine's Session into Qt signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gms_console.events import (
    Event,
    ExchangeRecorded,
    InstanceAdded,
    InstanceChanged,
    InstanceRemoved,
    PollChanged,
)
from gms_console.session import Session


class SessionBridge(QObject):
    """The Session's events as signals; the window's only way to hear of the engine."""

    exchange_recorded = Signal(object)
    instance_added = Signal(object)
    instance_changed = Signal(object)
    instance_removed = Signal(object)
    poll_changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        session.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        match event:
            case ExchangeRecorded(exchange):
                self.exchange_recorded.emit(exchange)
            case InstanceAdded(instance):
                self.instance_added.emit(instance)
            case InstanceChanged(instance):
                self.instance_changed.emit(instance)
            case InstanceRemoved(instance):
                self.instance_removed.emit(instance)
            case PollChanged(poll):
                self.poll_changed.emit(poll)
