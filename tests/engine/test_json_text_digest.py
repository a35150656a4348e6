"""What a large JSON body says by itself is read from its file, and little of it kept."""

import json
from pathlib import Path

import pytest

from gms_console.json_text.digest import digested
from gms_console.model.exchange import StoredBody


def test_of_many_members_only_some_are_read_but_the_smallest_always(tmp_path: Path) -> None:
    """They stay in memory for as long as the Exchange does."""
    members = {f"k{n}": ["x"] * 10_000 for n in range(100)} | {"_id": "a-1", "z": ["x"] * 10_000}
    file = tmp_path / "body"
    file.write_text(json.dumps(members))
    found = digested(StoredBody(file, file.stat().st_size, "")).members
    assert found is not None
    assert found["_id"] == "a-1"
    assert "z" not in found
    assert 10 < len(found) < 30


@pytest.mark.parametrize(
    ("text", "members", "broken"),
    [
        ('{"a": 1, "b": [1, {}], "a": 2}', {"a": 2, "b": [1, {}]}, ""),
        ('\ufeff [ {"_id": "x"} ] ', {"_id": "x"}, ""),
        ('[{"_id": "x"}, {"_id": "y"}]', None, ""),
        ("[]", None, ""),
        ("{}", {}, ""),
        ("plain words", None, ""),
        ("{} x", None, "Extra data at byte 3"),
        ('{"a" 1}', None, "Expected : at byte 5"),
        ("{a: 1}", None, "Expected"),
        ('{"a": }', None, "Expected a value at byte 6"),
        ('{"a": nope}', None, "Broken value at byte 6"),
        ('{"a": 1', None, "Expected } at byte 7"),
        ('{"a": "x', None, "Unterminated string starting at byte 6"),
        ('{"a": [}', None, "Unexpected } at byte 7"),
    ],
)
def test_what_json_says_by_itself(tmp_path: Path, text: str, members: object, broken: str) -> None:
    file = tmp_path / "body"
    file.write_text(text, "utf-8")
    found = digested(StoredBody(file, len(text), ""))
    assert found.members == members
    assert found.broken.startswith(broken)
    assert bool(found.broken) is bool(broken)
