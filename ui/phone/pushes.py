"""Pushes of the phone: what one asks for, the one that waits, and receiving it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gms_console.guard import GuardError
from gms_console.instance import Instance
from gms_console.model.environment import PathSegmentError
from gms_console.phone import (
    AddressError,
    FollowUpError,
    Push,
    PushError,
    push_follow_up,
    read_push,
)
from gms_console.wire.refusal import FormRefusedError
from gms_console.wire.request import REQUEST_PATH

from .handset import Errand

if TYPE_CHECKING:
    from ..console import Console
    from .desk import PhoneDesk

PUSH_REQUEST = "get-dialog"
"""The request that a push asks for unless another is chosen."""


REFUSED = (FollowUpError, AddressError, PathSegmentError, FormRefusedError, GuardError)
"""What keeps a request of the phone from being made or sent."""


class PhonePushes:
    """What a push is to the phone of the selected instance; an app would do the same."""

    def __init__(self, console: Console, phone: PhoneDesk) -> None:
        self._console = console
        self._phone = phone

    def receive(self, text: str) -> None:
        """Do what an app does when this push reaches it.

        A push for another instance goes to that one's phone; one that is not listed is
        reopened by its id.
        """
        if self._phone.handset.busy:
            return
        try:
            push = read_push(text)
            instance = self._receiver(push)
            push_follow_up(instance, push, self._phone.method)
        except (PushError, *REFUSED) as error:
            self._phone.refuse(str(error))
            return
        if instance is not self._phone.instance:
            self._console.live.select(self._console.session.attach(instance.environment, push.id))
            self._console.message.emit(f"The push is for {push.id}: this is its phone.")
        receiver = self._phone.handset
        if receiver.busy:
            self._phone.refuse("A request of this phone is under way; receive the push after it.")
            return
        receiver.received = push.action
        self._phone.begin(lambda one: Errand(push_follow_up(one, push, self._phone.method)))

    def _receiver(self, push: Push) -> Instance:
        listed = [one for one in self._console.session.instances if one.id == push.id]
        if self._phone.instance in listed:
            listed = [one for one in listed if one is self._phone.instance]
        if listed:
            return listed[0]
        environment = self._console.environment
        if environment is None:
            raise FollowUpError(
                self._console.environment_error or "There is no base URL to send to."
            )
        return self._console.session.detached(environment, push.id)

    def requests(self) -> tuple[str, ...]:
        """Give the requests that a push may ask for; any other can be typed."""
        kind = (
            self._console.services.kind_of(self._phone.instance.service)
            if self._phone.instance is not None
            else None
        )
        # A push names a request of the instance itself, not one with a place of its own.
        known = [one.name for one in kind.requests if one.path == REQUEST_PATH] if kind else []
        return tuple(dict.fromkeys([PUSH_REQUEST, *known]))

    def waiting(self) -> str:
        """Give the request of the push that the simulator has for this instance, if it has one."""
        simulator, instance = self._console.simulator, self._phone.instance
        if instance is None or simulator.simulator is None:
            return ""
        if instance.environment.base_url != simulator.base_url:
            return ""
        pushes = simulator.simulator.pending_pushes()
        due = next((one["_action"] for one in pushes if one["_id"] == instance.id), "")
        if not due:
            self._phone.handset.received = ""
        return "" if due == self._phone.handset.received else due

    def text(self, request: str) -> str:
        """Compose the push that asks this instance for a request; empty for no instance."""
        if self._phone.instance is None:
            return ""
        push = {"_id": self._phone.instance.id, "_action": request}
        return json.dumps(push, ensure_ascii=False, separators=(",", ":"))
