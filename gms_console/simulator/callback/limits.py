"""How many callbacks a service takes: in its queue, in a span of time, for one customer.

Names and default values of the options are known (domain: seen in the vendor's tests and
documented), as is the refusal of a full queue; the words of the others are this simulator's.
"""

from dataclasses import dataclass

from gms_console.simulator.callback import errors
from gms_console.simulator.callback.queued import queued
from gms_console.simulator.callback.state import Callback, State
from gms_console.simulator.config.options import Options
from gms_console.simulator.config.sections import items_of, number_of
from gms_console.simulator.web.calls import Call

DAY = 86400.0

_SECTION = "callback"
_DEFAULT_QUEUE = 1000
_IN_QUEUE = {"true": 2, "strict": 1}
"""So many callbacks of one customer may be queued, by `_enable_in_queue_checking`."""


def check(call: Call, options: Options, callback: Callback) -> None:
    """Raise GmsError 503 for one callback too many; count this one where there is none.

    A scheduled callback does not count as queued (domain), a connection at once neither.
    """
    limits = _Limits(call, options, callback)
    limits.of_customer_in_queue()
    limits.of_queue()
    spans = limits.spans()
    for span in spans:
        if call.world.throttle.count(span.key, call.now, span.seconds) >= span.limit:
            raise errors.throttled(span.refusal)
    for span in spans:
        call.world.throttle.add(span.key, call.now)


@dataclass(frozen=True)
class Span:
    """So many requests in so many seconds, counted by a key."""

    limit: float
    seconds: float
    key: tuple[str, ...]
    refusal: str


class _Limits:
    def __init__(self, call: Call, options: Options, callback: Callback) -> None:
        self._call = call
        self._options = options
        self._callback = callback
        self._service = callback.service

    def of_queue(self) -> None:
        """Refuse a callback that is one too many in the queue of its service."""
        controls = self._call.world.controls
        callback, now = self._callback, self._call.now
        at_once = callback.scenario.at_once and not callback.scenario.user_terminated
        if at_once or callback.state(now, controls) not in {State.QUEUED, State.PAUSED}:
            return
        limit = controls.queue_limit
        if limit is None:
            limit = int(self._number("max_queued_callbacks_per_service", _DEFAULT_QUEUE))
            if limit <= 0:
                return
        if queued(self._call.world, self._service) >= limit:
            raise errors.limit_reached(self._service)

    def of_customer_in_queue(self) -> None:
        """Refuse a customer who waits already, when the configuration looks for that."""
        checking = self._text("_enable_in_queue_checking").lower() or "true"
        most = _IN_QUEUE.get(checking)
        number = self._callback.customer_number
        if most is None or not number:
            return
        if len(self._call.world.open_callbacks(self._service, number)) >= most:
            raise errors.throttled(f"Customer Number [{number}] is already in the queue.")

    def spans(self) -> list[Span]:
        """Return the limits in spans of time that hold for this request."""
        found = []
        for index, most, ttl in (("1", 500, 300), ("2", 1000, 3600)):
            limit = self._number(f"_throttle_callbacks_per_service_{index}", most)
            seconds = self._number(f"_throttle_ttl_{index}", ttl)
            said = (
                f"Limit of callbacks for {self._service} is reached:"
                f" {limit:g} in {seconds:g} seconds."
            )
            found.append(Span(limit, seconds, ("service", self._service, index), said))
        names, limit = self._of_parameters()
        for name in names:
            value = self._call.header(name) or self._call.form.param(name)
            if value:
                said = f"Limit of requests for {name} [{value}] is reached: {limit:g} a day."
                found.append(Span(limit, DAY, ("parameter", name, value), said))
        return [span for span in found if span.limit > 0]

    def _of_parameters(self) -> tuple[tuple[str, ...], float]:
        """Return the parameters that requests are counted by, and how many pass in a day.

        `_throttle_customer_number_limit` is the older option (domain: up to 8.5.110).
        """
        own = self._options.configured
        older = own.get("_throttle_customer_number_limit")
        if older is not None and "_throttle_request_parameters_limit" not in own:
            return ("_customer_number",), number_of(older, 6)
        names = self._text("_throttle_request_parameters") or "_customer_number"
        return items_of(names), self._number("_throttle_request_parameters_limit", 6)

    def _text(self, name: str) -> str:
        """Return an option of the service, or else of all callbacks."""
        own = self._options.configured.get(name)
        return self._call.world.config.text(_SECTION, name) if own is None else own

    def _number(self, name: str, default: float) -> float:
        return number_of(self._text(name) or None, default)
