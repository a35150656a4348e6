"""The folder of flows: what is listed, what changed, and a save that loses nothing."""

import os
from pathlib import Path

import pytest

from gms_console.flow.folder import ConflictError, changes, open_flow, save_text, scan
from gms_console.flow.types import FlowError
from tests.engine.flows import INBOUND

SMALL = "gms: 1\nsteps:\n  - wait: 1s\n"


def put(folder: Path, place: str, text: str = SMALL) -> Path:
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


def test_flows_are_listed_by_place_with_their_names(tmp_path: Path) -> None:
    put(tmp_path, "b/inbound.yaml", INBOUND)
    put(tmp_path, "A.yml")
    put(tmp_path, "b/quoted.yaml", 'gms: 1\nname: "Tom\\u0027s #1"  # x\nsteps: []\n')
    put(tmp_path, "b/single.yaml", "gms: 1\r\nname: 'it''s'\r\nsteps: []\r\n")
    put(tmp_path, "c/wrong.yaml", "# later\ngms: 1\nname: Broken # and so on\nsteps: [\n")
    for other in ("env.yaml", ".hidden/a.yaml", "b/.git/a.yaml", "node_modules/a.yaml", "a.txt"):
        put(tmp_path, other, "name: qa\n" if other == "env.yaml" else SMALL)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert [(entry.place, entry.name, entry.title) for entry in scan(tmp_path)] == [
        ("A.yml", "", "A"),
        *[(f"b/{file}.yaml", name, name) for file, name in (
            ("inbound", "Inbound poll until an agent is ready"),
            ("quoted", "Tom's #1"),
            ("single", "it's"),
        )],
        ("c/wrong.yaml", "Broken", "Broken"),
    ]  # fmt: skip


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scan(tmp_path / "gone")


def test_what_came_went_and_changed_is_told(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        put(tmp_path, name)
    before = scan(tmp_path)
    assert not changes(before, scan(tmp_path))
    (tmp_path / "a.yaml").unlink()
    put(tmp_path, "b.yaml", SMALL + "name: New\n")
    put(tmp_path, "d.yaml")
    after = scan(tmp_path, {entry.place: entry for entry in before})
    told = changes(before, after)
    assert [entry.place for entry in told.added] == ["d.yaml"]
    assert [entry.place for entry in told.removed] == ["a.yaml"]
    assert [(entry.place, entry.name) for entry in told.changed] == [("b.yaml", "New")]
    assert after[1] is before[2]


def test_a_save_puts_the_text_there_and_the_next_one_follows_it(tmp_path: Path) -> None:
    file = put(tmp_path, "a.yaml")
    opened = open_flow(file)
    assert (opened.text, opened.flow.steps[0].seconds) == (SMALL, 1.0)
    assert not opened.is_changed()
    stamp = save_text(file, "gms: 1\nsteps: [{wait: 2s}]\n", opened.stamp)
    assert opened.is_changed()
    save_text(file, INBOUND, stamp)
    assert file.read_text(encoding="utf-8") == INBOUND
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_that_someone_else_changed_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    file = put(tmp_path, "a.yaml")
    opened = open_flow(file)
    put(tmp_path, "a.yaml", SMALL.replace("1s", "9s"))
    os.utime(file, ns=(1, 1))  # the same size at another time
    assert opened.is_changed()
    with pytest.raises(ConflictError, match=r"a\.yaml has changed on the disk"):
        save_text(file, INBOUND, opened.stamp)
    assert "9s" in file.read_text(encoding="utf-8")
    save_text(file, INBOUND, opened.stamp, overwrite=True)
    assert file.read_text(encoding="utf-8") == INBOUND


def test_a_file_that_was_only_touched_is_the_same(tmp_path: Path) -> None:
    file = put(tmp_path, "a.yaml")
    opened = open_flow(file)
    os.utime(file, ns=(1, 1))
    assert not opened.is_changed()
    save_text(file, INBOUND, opened.stamp)


def test_a_file_that_is_gone_is_a_conflict_and_can_be_put_back(tmp_path: Path) -> None:
    file = put(tmp_path, "a.yaml")
    opened = open_flow(file)
    file.unlink()
    with pytest.raises(ConflictError) as refused:
        save_text(file, INBOUND, opened.stamp)
    assert refused.value.gone
    save_text(file, INBOUND, opened.stamp, overwrite=True)
    assert file.exists()


def test_a_new_flow_does_not_take_the_place_of_another_one(tmp_path: Path) -> None:
    file = put(tmp_path, "a.yaml")
    with pytest.raises(ConflictError):
        save_text(file, INBOUND)
    new = tmp_path / "new" / "b.yaml"
    save_text(new, INBOUND)
    assert open_flow(new).flow.name


def test_a_wrong_file_cannot_be_opened_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match="3:11: found 'soon'"):
        open_flow(put(tmp_path, "a.yaml", SMALL.replace("1s", "soon")).resolve())
