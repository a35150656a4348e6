"""The JSON schema of flows: current, true of the example flows, and no stricter than the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from gms_console import yaml_text
from gms_console.flow.file import parse_flow, read_flow
from gms_console.flow.json_schema import schema, schema_text
from gms_console.flow.keys import FLOW_KEYS, ROW_KEYS, STEP_KEYS
from gms_console.flow.types import Flow, FlowError
from gms_console.flow.writing import flow_text
from tests.engine.flows import INBOUND, flows
from tests.engine.test_flow_file import FILE_MISTAKES, STEP_MISTAKES, one_step

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "assets" / "examples" / "flows").glob("*.yaml"))
VALIDATOR = Draft202012Validator(schema())


def errors(text: str) -> list[str]:
    data: Any = yaml_text.parse(text)
    return [error.message for error in VALIDATOR.iter_errors(data)]


def test_the_schema_in_docs_is_current() -> None:
    Draft202012Validator.check_schema(schema())
    file = ROOT / "docs" / "flow.schema.json"
    assert file.read_text(encoding="utf-8") == schema_text(), (
        "write it anew: python -m gms_console.flow.json_schema > docs/flow.schema.json"
    )


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_flow_is_read_and_fits_the_schema(file: Path) -> None:
    assert read_flow(file).steps
    assert errors(file.read_text(encoding="utf-8")) == []


def test_the_example_of_the_contract_fits_the_schema() -> None:
    assert EXAMPLES
    assert errors(INBOUND) == []


def test_the_flow_in_the_users_guide_is_read_and_fits_the_schema() -> None:
    guide = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    flow = guide.partition("```yaml\n")[2].partition("```")[0]
    assert parse_flow(flow, "docs/flows.md").steps
    assert errors(flow) == []
    for key in {*FLOW_KEYS, *ROW_KEYS, *(key for keys in STEP_KEYS.values() for key in keys)}:
        assert f"`{key}`" in guide, f"docs/flows.md does not tell of {key}"


@settings(max_examples=40, deadline=None)
@given(flows)
def test_whatever_is_written_fits_the_schema(flow: Flow) -> None:
    assert errors(flow_text(flow)) == []


_ODD = ["x", "", "7", "7.5", "true", "~", "[]", "{}", "[x]", "{x: y}", "0s", "'7'", "[{}]"]


@pytest.mark.parametrize("key", sorted({key for keys in STEP_KEYS.values() for key in keys}))
def test_what_the_schema_refuses_the_reader_refuses(key: str) -> None:
    kinds = [keys for keys in STEP_KEYS.values() if key in keys]
    refused = 0
    for keys in kinds:
        for odd in _ODD:
            values = {keys[0]: "1s", key: odd}
            if keys[0] == "poll":
                values = {"until": "{path: a, exists: true}"} | values
            text = one_step(
                f"{{{', '.join(f'{name}: {value}' for name, value in values.items())}}}"
            )
            if errors(text):
                refused += 1
                with pytest.raises(FlowError):
                    parse_flow(text, "f")
    assert refused


NOT_FOR_A_SCHEMA = {
    *("unknown-instance", "mapping-twice", "jmespath", "regex", "capture", "capture-name"),
    *("tag", "method", "no-time", "less-than"),
    *("variable-without-quotes", "operand-without-quotes"),
}


@pytest.mark.parametrize("name", sorted(STEP_MISTAKES.keys() - NOT_FOR_A_SCHEMA))
def test_the_schema_refuses_what_has_the_wrong_shape(name: str) -> None:
    assert errors(one_step(STEP_MISTAKES[name][0]))


@pytest.mark.parametrize("name", ["list", "no-version", "newer", "no-steps", "empty-steps"])
def test_the_schema_refuses_a_file_of_the_wrong_shape(name: str) -> None:
    assert errors(FILE_MISTAKES[name][0])


def test_every_key_has_a_description() -> None:
    text = json.loads(schema_text())
    for name, one in text["$defs"].items():
        for key, described in one.get("properties", {}).items():
            told = described.get("description") or text["$defs"].get(key, {}).get("description")
            assert told, (name, key)
