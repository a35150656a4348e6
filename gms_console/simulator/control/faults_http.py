"""The faults in force over HTTP, with the fields of a fault file as JSON."""

import json
from dataclasses import asdict

from gms_console.simulator.control.bodies import read_json
from gms_console.simulator.control.refusals import Refused
from gms_console.simulator.control.view import FaultView
from gms_console.simulator.faults.dump import dump_faults, fault_fields
from gms_console.simulator.faults.file import read_fault, read_faults
from gms_console.simulator.faults.live import LiveFaults
from gms_console.simulator.faults.plan import Fault
from gms_console.simulator.faults.presets import PRESETS
from gms_console.simulator.web.answers import NO_CACHE, Answer, json_answer

FAULTS = ("faults", "faults.yaml")

_BODY = "the body"


def answer_faults(faults: LiveFaults, method: str, path: tuple[str, ...], text: str) -> Answer:
    """Carry out what is wanted of the faults.

    Raises Refused, FaultFileError with line and column for a fault that is wrong, and
    UnknownFaultError for a number that no fault has.
    """
    match method, path:
        case "GET", ("faults",):
            return json_answer(_listed(faults))
        case "GET", ("faults.yaml",):
            kind = ("Content-Type", "application/yaml;charset=utf-8")
            return Answer(200, (kind, *NO_CACHE), dump_faults(faults.plan()).encode())
        case "PUT", ("faults",):
            faults.load(read_faults(_yaml(text), _BODY))
            return json_answer(_listed(faults))
        case "POST", ("faults",):
            return json_answer({"number": faults.add(_wanted(text))}, status=201)
        case "DELETE", ("faults",):
            faults.clear()
            return json_answer(_listed(faults))
        case _, ("faults", number) if number.isascii() and number.isdigit():
            return _one(faults, method, int(number), text)
        case _:
            raise Refused(404, f"{method} /simulator/{'/'.join(path)} is nothing that is known")


def _one(faults: LiveFaults, method: str, number: int, text: str) -> Answer:
    match method:
        case "GET":
            pass
        case "PUT":
            faults.replace(number, read_fault(_yaml(text), _BODY))
        case "POST":
            faults.set_enabled(number, _enabled(text))
        case "DELETE":
            faults.remove(number)
            return json_answer(_listed(faults))
        case _:
            raise Refused(405, f"a fault cannot be asked by {method}")
    return json_answer(_row(*faults.row(number)))


def _listed(faults: LiveFaults) -> dict[str, object]:
    rows = [_row(view, fault) for view, fault in faults.rows()]
    return {"faults": rows, "seed": faults.plan().seed, "presets": list(PRESETS)}


def _row(view: FaultView, fault: Fault) -> dict[str, object]:
    """Return a fault in words, and as a file has it."""
    return {**asdict(view), "fault": fault_fields(fault)}


def _wanted(text: str) -> Fault:
    """Return the fault that a body describes, or names by `preset`."""
    loaded = read_json(text)
    if not isinstance(loaded, dict) or "preset" not in loaded:
        return read_fault(_yaml(text), _BODY)
    found = PRESETS.get(str(loaded["preset"])) if len(loaded) == 1 else None
    if found is None:
        raise Refused(400, f"preset must stand alone and be one of {', '.join(PRESETS)}")
    return found


def _enabled(text: str) -> bool:
    loaded = read_json(text)
    if not isinstance(loaded, dict) or not isinstance(loaded.get("enabled"), bool):
        raise Refused(400, 'the body must be {"enabled": true} or {"enabled": false}')
    return bool(loaded["enabled"])


def _yaml(text: str) -> str:
    """Return JSON as YAML reads it: the same text, but where escapes mean something else."""
    loaded = read_json(text)
    if "\t" in text or "\\" in text:
        return json.dumps(loaded, ensure_ascii=False, indent=2)
    return text
