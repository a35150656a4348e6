"""Dialogs: what the app shall show or do next (domain: shapes seen in the vendor's sample)."""

from collections.abc import Sequence

from gms_console.simulator.web.calls import Call
from gms_console.simulator.world.pool import Booking

CALL_SHORTLY = "You will receive the call shortly"
"""The only text that was seen (domain: seen in the vendor's tests); the rest is our own."""


def confirmation(instance_id: str, text: str) -> dict[str, object]:
    """Return a message with one button; the keys stand in the order that was seen."""
    return {
        "_dialog_id": "0",
        "_action": "ConfirmationDialog",
        "_text": text,
        "_ok_title": "Ok",
        "_id": instance_id,
    }


def dial_number(instance_id: str, booking: Booking) -> dict[str, object]:
    """Return a number to dial, with its access information."""
    return {
        "_id": instance_id,
        "_action": "DialNumber",
        "_label": "Call us now to be connected",
        "_tel_url": f"tel:{booking.number}",
        **booking.access(),
    }


def menu(
    call: Call, instance_id: str, label: str, choices: Sequence[tuple[str, str]]
) -> dict[str, object]:
    """Return a menu of pairs of label and request; each entry has its absolute URL."""
    items = [
        {"_label": text, "_user_action_url": call.instance_url(instance_id, request)}
        for text, request in choices
    ]
    return {
        "_id": instance_id,
        "_action": "DisplayMenu",
        "_label": label,
        "_content": [{"_group_name": "What would you like to do?", "_group_content": items}],
    }


def start_chat(call: Call, instance_id: str, subject: str) -> dict[str, object]:
    """Return where to open the chat."""
    return {
        "_id": instance_id,
        "_action": "StartChat",
        "_start_chat_url": call.instance_url(instance_id, "ixn/chat"),
        "_comet_url": f"{call.base}/cometd",
        "_chat_parameters": {"subject": subject},
    }


def failed(instance_id: str, text: str) -> dict[str, object]:
    """Return a failure that HTTP calls a success (domain: seen in the vendor's sample)."""
    return {"_id": instance_id, "error": text}
