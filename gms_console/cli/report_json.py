"""An Exchange as one JSON object; scripts of users depend on its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gms_console.cli.explaining import explained
from gms_console.exchange_json import exchange_json, json_line, states_json
from gms_console.model.exchange import Exchange
from gms_console.redaction import Masker

if TYPE_CHECKING:
    from gms_console.poll import Poll


def json_report(exchange: Exchange, poll: Poll | None, masker: Masker) -> str:
    """Give the object as one line; with `poll`, the Exchange is the last one of it.

    What `masker` knows is masked in all values, and in the dialog's names too.
    """
    data = exchange_json(exchange, explained)
    if poll is not None:
        data["poll"] = _poll(poll)
    try:
        return json_line(_masked(data, masker))
    except RecursionError:
        # A dialog may be nested as deeply as can just be read; the body still holds it.
        data["answer"]["dialog"] = None
        return json_line(_masked(data, masker))


def _masked(data: dict[str, Any], masker: Masker) -> object:
    if not masker:
        return data
    dialog = masker.mask_all(data["answer"]["dialog"], keys=True)
    return masker.mask_all(data | {"answer": data["answer"] | {"dialog": dialog}})


def _poll(poll: Poll) -> dict[str, Any]:
    return {
        "outcome": poll.outcome and poll.outcome.value,
        "reason": poll.reason,
        "attempts": len(poll.timeline.attempts),
        "states": states_json(poll.timeline.spans),
    }
