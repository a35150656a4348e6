"""What happens in a Session, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from gms_console.instance import Instance
from gms_console.model.exchange import Exchange
from gms_console.poll import Poll


@dataclass(frozen=True, slots=True)
class ExchangeRecorded:
    """An Exchange was stored; it comes before anything that was learnt from it."""

    exchange: Exchange


@dataclass(frozen=True, slots=True)
class InstanceAdded:
    """An instance was created, or reopened by its id."""

    instance: Instance


@dataclass(frozen=True, slots=True)
class InstanceChanged:
    """An instance has a new state or new access information."""

    instance: Instance


@dataclass(frozen=True, slots=True)
class InstanceRemoved:
    """An instance was closed; its polls have ended."""

    instance: Instance


@dataclass(frozen=True, slots=True)
class PollChanged:
    """A poll started, made an attempt, waits for the next one, or ended."""

    poll: Poll


Event = ExchangeRecorded | InstanceAdded | InstanceChanged | InstanceRemoved | PollChanged
