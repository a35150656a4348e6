"""newman, the command line of Postman's collections: found, or left out and said so."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.children.flow_figures import ROW, SERVICE, STATUSES, Figures
from bench.timing import BenchError, Command, Run, run

_SET_ID = 'pm.collectionVariables.set("id", pm.response.json()._id);'
_CHECK = 'pm.test("http 200", () => pm.response.to.have.status(200));'


def found() -> str:
    """Give the program: `$NEWMAN`, or the one on PATH; empty where there is none."""
    return os.environ.get("NEWMAN") or shutil.which("newman") or ""


def write_collection(folder: Path, url: str, statuses: int = STATUSES) -> Path:
    """Write a collection that does what our flow does: a create, then so many status requests."""
    create = {
        "method": "POST",
        "url": f"{url}/1/service/{SERVICE}",
        "body": {"mode": "urlencoded", "urlencoded": [{"key": ROW[0], "value": ROW[1]}]},
    }
    status = {"method": "POST", "url": f"{url}/1/service/{{{{id}}}}/status"}
    items = [_item("create", create, [_CHECK, _SET_ID])]
    items += [_item(f"status {number}", status, [_CHECK]) for number in range(1, statuses + 1)]
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = {"info": {"name": "create and status", "schema": schema}, "item": items}
    file = folder / f"collection-{statuses}.json"
    file.write_text(json.dumps(collection), "utf-8")
    return file


def _item(name: str, request: Mapping[str, object], lines: list[str]) -> dict[str, object]:
    script = {"type": "text/javascript", "exec": lines}
    return {"name": name, "request": request, "event": [{"listen": "test", "script": script}]}


def command(program: str, collection: Path, *arguments: str) -> Command:
    """Make the command that runs a collection and prints nothing."""
    return Command((program, "run", str(collection), "--silent", *arguments))


def measured(program: str, collection: Path, times: int) -> Figures:
    """Run a collection so often; the seconds are newman's own, without its start."""
    report = collection.with_name("report.json")
    export = ("--reporters", "json", "--reporter-json-export", str(report))
    done = run(Command((program, "run", str(collection), "-n", str(times), *export)))
    told = json.loads(report.read_text("utf-8"))["run"]
    if told["failures"]:
        raise BenchError(f"newman failed: {told['failures'][0]['error']['message']}")
    seconds = (told["timings"]["completed"] - told["timings"]["started"]) / 1000
    return _figures(told["stats"]["requests"]["total"], seconds, done)


def _figures(requests: int, seconds: float, done: Run) -> Figures:
    return Figures(requests=requests, seconds=seconds, cpu=done.cpu, peak=done.peak)
