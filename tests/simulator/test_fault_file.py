import json
import math
from pathlib import Path

import pytest

from gms_console.simulator import (
    PRESETS,
    Effect,
    Fault,
    FaultFileError,
    FaultPlan,
    LiveFaults,
    dump_faults,
    load_faults,
)
from gms_console.simulator.faults.file import read_faults
from gms_console.simulator.faults.plan import Drop
from tests.simulator.configured import check_refusal

EXAMPLE = Path(__file__).parents[2] / "assets" / "faults-example.yaml"

FULL = """\
# comment
faults:
  - service: request-*
    request: status
    nth: [1, 3]
    then: {status: 503, body: "busy", headers: {Retry-After: "2"}, delay: 500ms}
  - nth: 2
    then: {error_in_200: no}
  - every: 4
    then:
      stall: 1.5s
  - then: {drop: headers}
  - then: {truncate: 0}
  - then: {garbage: true}
  - then: {delay: 2m, jitter: 500ms}
    probability: 0.25
    node: node2
    enabled: false
  - then: {reset: true}
  - then: {ors_down: true}
  - then: {session_lost: true}
  - then: {pool_empty: true}
  - then: {node_down: true}
  - then: {node_down: 30s}
seed: 7
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "my faults.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_field_is_read(tmp_path: Path) -> None:
    busy = Effect(status=503, body="busy", headers=(("Retry-After", "2"),), delay=0.5)
    assert load_faults(write(tmp_path, FULL)) == FaultPlan(
        (
            Fault(service="request-*", request="status", nth=(1, 3), then=busy),
            Fault(nth=(2,), then=Effect(error_in_200="no")),
            Fault(every=4, then=Effect(stall=1.5)),
            Fault(then=Effect(drop=Drop.HEADERS)),
            Fault(then=Effect(truncate=0)),
            Fault(then=Effect(garbage=True)),
            Fault(
                then=Effect(delay=120.0, jitter=0.5),
                probability=0.25,
                node="node2",
                enabled=False,
            ),
            Fault(then=Effect(reset=True)),
            Fault(then=Effect(ors_down=True)),
            Fault(then=Effect(session_lost=True)),
            Fault(then=Effect(pool_empty=True)),
            Fault(then=Effect(node_down=math.inf)),
            Fault(then=Effect(node_down=30.0)),
        ),
        seed=7,
    )


@pytest.mark.parametrize(
    "plan",
    [
        FaultPlan(tuple(PRESETS.values()), seed=-3),
        FaultPlan((Fault(then=Effect(status=500, body='tab\t"quoted"\nline: ä €', delay=0.0005)),)),
        FaultPlan(
            (Fault(service="no", then=Effect(error_in_200="true")), Fault(then=Effect(stall=0.0)))
        ),
    ],
)
def test_what_is_written_reads_back_as_the_same(plan: FaultPlan) -> None:
    assert read_faults(dump_faults(plan), "dump") == plan


def test_every_fault_has_words() -> None:
    faults = LiveFaults(load_faults(EXAMPLE))
    words = [f"{view.where}, {view.when}: {view.what}" for view in faults.views()]
    assert (
        "status of every service, each 5th: 500 ms late, then 200 with error: Session is lost."
        in words
    )
    assert all(view.what != "nothing" for view in faults.views())


def test_the_example_loads_and_shows_every_effect() -> None:
    effects = [fault.then for fault in load_faults(EXAMPLE).faults]
    # A body over several lines is folded without a trace of it.
    assert json.loads(effects[0].body or "")["message"].startswith("ORS request failed")
    assert {drop for effect in effects if (drop := effect.drop)} == set(Drop)
    for name in ("status", "body", "headers", "error_in_200", "delay", "stall", "truncate"):
        assert any(getattr(effect, name) for effect in effects), name
    for name in ("garbage", "reset", "jitter", "ors_down", "session_lost", "pool_empty"):
        assert any(getattr(effect, name) for effect in effects), name
    assert any(effect.node_down for effect in effects)


def test_an_empty_list_is_a_plan(tmp_path: Path) -> None:
    assert load_faults(str(write(tmp_path, "faults: []"))) == FaultPlan()


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_faults(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected"),
    [
        ("", 1, 1, "an empty file", "a mapping with the list faults"),
        ("- a", 1, 1, "a list", "a mapping with one of faults"),
        ("{}", 1, 1, "a mapping without it", "the field faults"),
        ("fault: []", 1, 1, "the field 'fault'", "one of faults"),
        ("faults: 3", 1, 9, "'3'", "a list of faults"),
        ("faults: []\nfaults: []", 2, 1, "the field 'faults' again", "each field once"),
        ("faults:\n  - servce: x\n", 2, 5, "the field 'servce'", "one of service, request, nth"),
        ("faults:\n  - service: x", 2, 5, "a fault without it", "the field then"),
        ("faults: [{then: {}}]", 1, 17, "none", "one of status"),
        ("faults: [{then: }]", 1, 16, "nothing", "a mapping with one of status"),
        ("faults: [{then: {status: 999}}]", 1, 26, "'999'", "an HTTP status, 200 to 599"),
        ("faults: [{then: {status: '500'}}]", 1, 26, "'500'", "an HTTP status"),
        ("faults: [{then: {status: 5.5}}]", 1, 26, "'5.5'", "an HTTP status"),
        ("faults: [{then: {delay: 5}}]", 1, 25, "'5'", "a duration such as 500ms"),
        ("faults: [{then: {stall: soon}}]", 1, 25, "'soon'", "a duration such as 500ms"),
        ("faults: [{then: {drop: after}}]", 1, 24, "'after'", "one of before, headers, body"),
        ("faults: [{then: {garbage: false}}]", 1, 27, "'false'", "true"),
        ("faults: [{then: {truncate: -1}}]", 1, 28, "'-1'", "a number of bytes"),
        ("faults: [{then: {body: x, drop: body}}]", 1, 24, "body without", "only beside status"),
        ("faults: [{then: {drop: body, stall: 1s}}]", 1, 37, "drop and stall", "one of them"),
        ("faults: [{nth: 0, then: {garbage: true}}]", 1, 16, "'0'", "a whole number from 1"),
        ("faults: [{nth: [], then: {garbage: true}}]", 1, 16, "an empty list", "one number"),
        ("faults: [{nth: 1, every: 2, then: {delay: 1s}}]", 1, 26, "both", "nth or every"),
        ("faults: [{service: [a], then: {delay: 1s}}]", 1, 20, "a list", "a name or a glob"),
        ("faults: [{then: {status: 200, body: 1}}]", 1, 37, "'1'", "a text"),
        ("faults: [{then: {status: 200, headers: {a b: c}}}]", 1, 41, "'a b'", "a header name"),
        (
            "faults: [{then: {status: 200, headers: {Content-Length: '1'}}}]",
            *(1, 41, "'Content-Length'", "a header name other than"),
        ),
        (
            'faults: [{then: {status: 200, headers: {A: "b\\r\\nc"}}}]',
            *(1, 44, '"b\\r\\nc"', "one line"),
        ),
        ("faults: [{then: {status: 200, headers: {A: 1}}}]", 1, 44, "'1'", "a text"),
        ("faults: [{then: {jitter: 1s}}]", 1, 26, "jitter without", "only beside delay"),
        ("faults: [{probability: 0, then: {delay: 1s}}]", 1, 24, "'0'", "a number above 0"),
        ("faults: [{probability: 50%, then: {delay: 1s}}]", 1, 24, "'50%'", "a number above 0"),
        ("faults: [{enabled: 1, then: {delay: 1s}}]", 1, 20, "'1'", "true or false"),
        ("faults: [{then: {node_down: no}}]", 1, 29, "'no'", "a duration"),
        ("faults: [{then: {reset: true, garbage: true}}]", 1, 40, "reset and garbage", "one of"),
        ("seed: x\nfaults: []", 1, 7, "'x'", "a whole number"),
        ("faults:\n  - [", 2, 6, "broken YAML", "YAML"),
        ("faults: []\n---\nfaults: []", 2, 1, "broken YAML", "YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_position(
    tmp_path: Path, text: str, line: int, column: int, found: str, expected: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(FaultFileError) as caught:
        load_faults(path)
    check_refusal(caught.value, path, (line, column), found, expected)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, b"faults:\n  - service: \xfc\n")
    with pytest.raises(FaultFileError, match=r"line 2, column 14: found the byte 0xfc"):
        load_faults(path)
