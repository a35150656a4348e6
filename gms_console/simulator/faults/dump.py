"""Writing faults as a fault file has them."""

import io

from ruamel.yaml import YAML

from gms_console.simulator.faults.durations import written
from gms_console.simulator.faults.plan import FOR_GOOD, Effect, Fault, FaultPlan

_SWITCHES = ("garbage", "reset", "ors_down", "session_lost", "pool_empty")


def dump_faults(plan: FaultPlan) -> str:
    """Return a plan as the text of a fault file, which reads back as the same plan."""
    root: dict[str, object] = {} if plan.seed is None else {"seed": plan.seed}
    root["faults"] = [fault_fields(fault) for fault in plan.faults]
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 100_000
    text = io.StringIO()
    yaml.dump(root, text)
    return text.getvalue()


def fault_fields(fault: Fault) -> dict[str, object]:
    """Return a fault as the fields of a file; what is as usual is left out."""
    fields: dict[str, object] = {
        name: glob
        for name in ("service", "request", "node")
        if (glob := getattr(fault, name)) != "*"
    }
    if fault.nth:
        fields["nth"] = fault.nth[0] if len(fault.nth) == 1 else list(fault.nth)
    if fault.every is not None:
        fields["every"] = fault.every
    if fault.probability < 1:
        fields["probability"] = fault.probability
    if not fault.enabled:
        fields["enabled"] = False
    fields["then"] = _effect_fields(fault.then)
    return fields


def _effect_fields(effect: Effect) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name in ("delay", "jitter", "stall"):
        seconds = getattr(effect, name)
        # A stall of no time is a stall; a delay of no time is none.
        if seconds is not None and (seconds or name == "stall"):
            fields[name] = written(seconds)
    for name in ("status", "body", "error_in_200", "truncate"):
        if (value := getattr(effect, name)) is not None:
            fields[name] = value
    if effect.headers:
        fields["headers"] = dict(effect.headers)
    if effect.drop is not None:
        fields["drop"] = str(effect.drop)
    if effect.node_down is not None:
        lasts = effect.node_down
        fields["node_down"] = True if lasts == FOR_GOOD else written(lasts)
    fields.update({name: True for name in _SWITCHES if getattr(effect, name)})
    return fields or {"delay": "0s"}
