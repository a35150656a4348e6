"""A configuration of the simulator with which no slow machine comes too late."""

from importlib.resources import files
from pathlib import Path

PATIENT = {
    "  agent_seconds: 10\n": "  agent_seconds: 0.5\n",
    "  # _waiting_seconds: 4\n": "  _waiting_seconds: 0.5\n",
    "  join_seconds: 4\n": "  join_seconds: 0.2\n",
    "  agent_ready_seconds: 6\n": "  agent_ready_seconds: 36000\n",
    "  call_seconds: 20\n": "  call_seconds: 36000\n",
    "  _user_confirm_timeout: 120\n": "  _user_confirm_timeout: 36000\n",
    "  _booking_expiration_timeout: 30\n": "  _booking_expiration_timeout: 1800\n",
}
"""Agents come soon, and then stay; what else stands in the packaged configuration holds."""


def patient_config(folder: Path) -> Path:
    """Write the packaged configuration with these times; give its path."""
    text = (files("gms_console.assets") / "simulator.yaml").read_text("utf-8")
    for packaged, changed in PATIENT.items():
        assert text.count(packaged) == 1, packaged
        text = text.replace(packaged, changed)
    path = folder / "patient.yaml"
    path.write_text(text, "utf-8")
    return path
