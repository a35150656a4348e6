"""What a person had before them is there again at the next start, and no secret is written."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.model.form import Form, Row
from gms_console.workspace import (
    FILE_NAME,
    Draft,
    KnownInstance,
    PollSettings,
    Workspace,
    WorkspaceError,
    config_folder,
    load_workspace,
    save_workspace,
    set_aside,
)
from tests.engine.helpers import file_with
from tests.engine.strategies import keys, texts

FULL = Workspace(
    base_url="http://localhost:8080/genesys",
    environment="qa",
    nodes={"qa": "node2", "prod": "a"},
    environments_folder="/srv/team/gms",
    known_instances=(
        KnownInstance(
            id="7",
            service="request-chat",
            base_url="http://a/genesys",
            created="2025-05-01",
            environment="qa",
            node="node2",
        ),
        KnownInstance(id="8", service="", base_url="http://b/genesys", created="2025-05-01"),
    ),
    create=Draft(
        service="request-interaction",
        form=Form(
            (
                Row(key="_phone_number", value="6504669999"),
                Row(key="language", value="français", enabled=False, note="für später"),
                Row(key="FileKey", file=Path("/tmp/MyPic.png"), filename="a.png"),
                Row(key="a=b", value="1\r\n2"),
            )
        ),
        body_kind="multipart",
    ),
    request=Draft(service="x", request="check", form=Form.of(("a", "1"), ("a", "2"))),
    poll=PollSettings(request="check", every=0.5, until="status=a,b", within=9.0, tolerate=0),
    ignore_rules={"request-interaction": ("_id", "items[*].at", "header: Date"), "x": ()},
    geometry="01ff",
    layout="ff01",
)


def test_everything_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    assert load_workspace(folder) == Workspace()
    save_workspace(folder, FULL)
    assert load_workspace(folder) == FULL
    save_workspace(folder, Workspace())
    assert load_workspace(folder) == Workspace()
    assert [entry.name for entry in folder.iterdir()] == [FILE_NAME]


def test_the_file_is_for_people_to_read(tmp_path: Path) -> None:
    save_workspace(tmp_path, FULL)
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert json.loads(text)["version"] == 1
    assert '"_phone_number=6504669999"' in text
    assert text.endswith("}\n")


_form_rows = st.builds(Row, key=keys, value=texts, enabled=st.booleans(), note=texts)


@given(st.lists(_form_rows, max_size=4).map(lambda rows: Form(tuple(rows))), texts)
def test_any_form_is_there_again(
    tmp_path_factory: pytest.TempPathFactory, form: Form, service: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    workspace = Workspace(create=Draft(service=service, form=form))
    save_workspace(folder, workspace)
    assert load_workspace(folder) == workspace


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\u2029"])
def test_a_value_with_a_character_that_ends_lines_elsewhere(tmp_path: Path, mark: str) -> None:
    """As it comes when text is pasted from a word processor."""
    workspace = Workspace(create=Draft(form=Form.of(("comment", f"one{mark}two"), ("b", "2"))))
    save_workspace(tmp_path, workspace)
    assert load_workspace(tmp_path) == workspace


def test_a_file_whose_name_is_not_utf_8_is_saved_too(tmp_path: Path) -> None:
    """Such names exist on Linux; Python shows their bytes as half surrogates."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    workspace = Workspace(create=Draft(form=Form((Row(key="f", file=path),))))
    save_workspace(tmp_path, workspace)
    assert load_workspace(tmp_path) == workspace


@pytest.mark.parametrize(
    "key", ["password", "_passwd", "my_secret", "apiKey", "api-key", "X-TOKEN", "Authorization"]
)
def test_values_that_look_secret_are_not_written(tmp_path: Path, key: str) -> None:
    rows = (
        Row(key=key, value="s3cr3t", note="kept"),
        Row(key=key, value="s3cr3t", enabled=False),
        Row(key="_phone_number", value="650"),
    )
    draft = Draft(form=Form(rows))
    save_workspace(tmp_path, Workspace(create=draft, request=draft))
    for entry in tmp_path.iterdir():
        assert "s3cr3t" not in entry.read_text("utf-8")
    loaded = load_workspace(tmp_path)
    assert loaded.create.form.rows == (
        replace(rows[0], value="", enabled=False),
        replace(rows[1], value="", note="not kept; type it again"),
        rows[2],
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        b'{"version": 99}',
        b'{"version": 1, "poll": {"unknown": 1}}',
        b'{"version": 1, "poll": []}',
        b'{"version": 1, "create": []}',
        b'{"version": 1, "create": {"rows": ["no sign"]}}',
        b'{"version": 1, "create": {"rows": 5}}',
        b'{"version": 1, "create": {"rows": [5]}}',
        b'{"version": 1, "base_url": 5}',
        b'{"version": 1, "environment": 5}',
        b'{"version": 1, "environments_folder": null}',
        b'{"version": 1, "ignore_rules": []}',
        b'{"version": 1, "ignore_rules": {"request-chat": "_id"}}',
        b'{"version": 1, "ignore_rules": {"request-chat": ["_id", 5]}}',
        b'{"version": 1, "nodes": []}',
        b'{"version": 1, "nodes": {"qa": 5}}',
        b'{"version": 1, "known_instances": [{"id": "7", "node": 5}]}',
        b'{"version": 1, "poll": {"every": "soon"}}',
        b'{"version": 1, "geometry": null}',
    ],
)
def test_a_workspace_that_cannot_be_read_is_named_kept_and_set_aside(
    tmp_path: Path, content: bytes
) -> None:
    file = file_with(tmp_path, FILE_NAME, content)
    with pytest.raises(WorkspaceError) as caught:
        load_workspace(tmp_path)
    assert str(caught.value).count(str(file)) == 1
    assert len(str(caught.value)) > len(str(file)) + 5
    assert file.read_bytes() == content
    aside = set_aside(tmp_path)
    assert aside.read_bytes() == content
    assert load_workspace(tmp_path) == Workspace()


def test_a_field_that_an_older_version_did_not_write_has_its_default(tmp_path: Path) -> None:
    file_with(tmp_path, FILE_NAME, b'{"version": 1}')
    assert load_workspace(tmp_path) == Workspace()


def test_an_instance_that_an_older_version_kept_is_of_no_environment(tmp_path: Path) -> None:
    old = {"id": "7", "service": "s", "base_url": "http://a/genesys", "created": "2025-05-01"}
    file_with(tmp_path, FILE_NAME, json.dumps({"version": 1, "known_instances": [old]}).encode())
    [known] = load_workspace(tmp_path).known_instances
    assert known == KnownInstance(**old, environment="", node="")


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(WorkspaceError, match=FILE_NAME):
        load_workspace(tmp_path)
    with pytest.raises(WorkspaceError, match=FILE_NAME):
        save_workspace(tmp_path, FULL)


def test_a_save_that_fails_leaves_the_old_workspace_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    save_workspace(tmp_path, FULL)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="No space"):
        save_workspace(tmp_path, Workspace(base_url="http://other"))
    assert load_workspace(tmp_path) == FULL


@pytest.mark.skipif(os.name == "nt", reason="permissions as POSIX has them")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    file = file_with(tmp_path, FILE_NAME, b"{}")
    file.chmod(0o644)  # as earlier versions wrote it
    save_workspace(tmp_path, FULL)
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_workspace(tmp_path) == FULL
    assert [one.name for one in tmp_path.iterdir()] == [FILE_NAME]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = file_with(tmp_path, "file", b"") / "folder"
    with pytest.raises(WorkspaceError, match="folder"):
        save_workspace(blocked, FULL)


def test_the_folder_is_where_the_variable_says(
    console_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert config_folder() == console_home
    monkeypatch.setenv("GMS_CONSOLE_HOME", "")
    assert config_folder().name == "gms-console"


@pytest.mark.parametrize("method", ["", "M-SEARCH", "PO1", "get"])
def test_a_method_left_half_typed_does_not_cost_the_workspace(tmp_path: Path, method: str) -> None:
    save_workspace(tmp_path, Workspace(create=Draft(service="one", method=method)))
    kept = load_workspace(tmp_path).create
    assert (kept.service, kept.method) == ("one", "GET" if method == "get" else "POST")
