"""Faults that are wanted often, by name."""

from collections.abc import Mapping

from gms_console.simulator.faults.plan import Drop, Effect, Fault

PRESETS: Mapping[str, Fault] = {
    "ORS down": Fault(then=Effect(ors_down=True)),
    "ORS session lost": Fault(then=Effect(session_lost=True)),
    "Access numbers used up": Fault(then=Effect(pool_empty=True)),
    "Slow answers": Fault(then=Effect(delay=2.0, jitter=3.0)),
    "Stalls": Fault(then=Effect(stall=10.0)),
    "Server error 500": Fault(then=Effect(status=500)),
    "Service unavailable 503": Fault(
        then=Effect(status=503, body="Service Unavailable", headers=(("Retry-After", "2"),))
    ),
    "200 with error": Fault(then=Effect(error_in_200="Session is lost.")),
    "Garbage": Fault(then=Effect(garbage=True)),
    "Answers cut short": Fault(then=Effect(truncate=10)),
    "Connection closed": Fault(then=Effect(drop=Drop.BEFORE)),
    "Connection reset": Fault(then=Effect(reset=True)),
    "Every third answer lost": Fault(every=3, then=Effect(reset=True)),
    "Node down": Fault(nth=(1,), then=Effect(node_down=30.0)),
}
"""Each holds for every request that it can happen to; a node goes down with the next one."""
