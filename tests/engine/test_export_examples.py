"""The example flows, exported and carried out against the simulator: all end well."""

import shutil
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from gms_console.catalogue import load_catalogue
from gms_console.exporting.export import export_flow
from gms_console.flow.file import read_flow
from gms_console.model.environment import Environment
from gms_console.runner.faces import catalogue_paths
from gms_console.simulator import Simulator
from tests.engine.exports import carry_out

EXAMPLES = Path(str(files("gms_console.assets") / "examples" / "flows"))


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    simulator = Simulator(speed=3)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.mark.parametrize(
    ("to", "program"),
    [("curl", shutil.which("bash") or ""), ("httpx", sys.executable)],
    ids=["curl", "httpx"],
)
@pytest.mark.parametrize("flow", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_example_as_a_script(
    simulator: Simulator, tmp_path: Path, flow: Path, to: str, program: str
) -> None:
    exported = export_flow(
        read_flow(flow),
        to,
        environment=Environment.parse(simulator.base_url),
        request_path=catalogue_paths(load_catalogue(tmp_path).catalogue),
        beside=tmp_path,
    )
    follows = [one for one in exported.left_out if "follow" in one]
    assert to == "curl" or not follows
    assert len(exported.left_out) == len(follows), "nothing but a choice on the phone is missing"
    (tmp_path / "script").write_text(exported.text, encoding="utf-8")
    done = carry_out([program, "script"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("(left out)") == len(follows)
    assert all(line.startswith("ok ") for line in done.stderr.splitlines())
