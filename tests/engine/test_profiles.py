"""The folder of environments as a team has it, and what a profile becomes."""

import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gms_console.environments.folder import (
    ProfileChangedError,
    ProfileError,
    delete,
    duplicate,
    environments_folder,
    load_folder,
    save,
)
from gms_console.environments.resolve import MissingSecretsError, resolve
from gms_console.model.connection import GuardLevel, Node, ProxyMode
from gms_console.model.environment import HeaderError
from tests.engine.profiles import FULL, profile, put

LEAST = "name: %s\nnodes:\n  - {name: a, url: localhost}\n"
SECRETS = {"qa-apikey": "k1", "qa-password": "p1", "qa-callme": "c1"}


def names(folder: Path) -> list[str]:
    return [one.profile.name for one in load_folder(folder).profiles]


def test_the_folder_is_the_chosen_one_or_below_the_configuration(console_home: Path) -> None:
    assert environments_folder("") == console_home / "environments"
    assert environments_folder("/srv/team/gms") == Path("/srv/team/gms")
    assert environments_folder("~/gms") == Path.home() / "gms"


def test_one_broken_file_hides_no_other(tmp_path: Path) -> None:
    assert load_folder(tmp_path / "not-yet").profiles == ()
    put(tmp_path, "z.yaml", LEAST % "Alpha")
    put(tmp_path, "a.yml", LEAST % "beta")
    put(tmp_path, "broken.yaml", "name: [\n")
    put(tmp_path, "gms.YAML", FULL)
    put(tmp_path, "notes.txt", "name: [\n")
    put(tmp_path, ".hidden.yaml", "name: [\n")
    put(tmp_path, "half.yaml.new", "name: [\n")
    (tmp_path / "folder.yaml").mkdir()
    found = load_folder(tmp_path)
    assert [one.profile.name for one in found.profiles] == ["Alpha", "beta", "qa"]
    assert [error.file.name for error in found.mistakes] == ["broken.yaml", "folder.yaml"]
    assert found == load_folder(tmp_path)


def test_two_files_with_the_same_name_are_told_and_neither_is_used(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", LEAST % "qa")
    put(tmp_path, "b.yaml", LEAST % "QA")
    put(tmp_path, "c.yaml", LEAST % "other")
    found = load_folder(tmp_path)
    assert [one.profile.name for one in found.profiles] == ["other"]
    [mistake] = found.mistakes
    assert str(mistake) == "a.yaml, name: b.yaml has the same name, qa; neither is used"
    assert mistake.name == "qa"


def test_a_file_in_the_place_of_the_folder_is_a_mistake(tmp_path: Path) -> None:
    file = put(tmp_path, "file", "")
    [mistake] = load_folder(file).mistakes
    assert "the folder cannot be read" in str(mistake)


def test_a_rename_moves_the_file_with_its_comments(tmp_path: Path) -> None:
    put(tmp_path, "qa.yml", FULL)
    [old] = load_folder(tmp_path).profiles
    moved = save(tmp_path, old.profile.changed(name="qa 2"), old)
    assert moved.file == tmp_path / "qa 2.yml"
    assert moved.file.read_text("utf-8") == FULL.replace("name: qa ", "name: qa 2 ")
    assert [one.name for one in tmp_path.iterdir()] == ["qa 2.yml"]
    assert load_folder(tmp_path).profiles == (moved,)
    # Only upper and lower case, which on some systems is the same file.
    again = save(tmp_path, moved.profile.changed(name="QA 2"), moved)
    assert load_folder(tmp_path).profiles == (again,)


def test_a_new_name_that_is_taken_overwrites_nothing(tmp_path: Path) -> None:
    other = put(tmp_path, "prod.yaml", LEAST % "prod")
    mine = save(tmp_path, profile())
    with pytest.raises(ProfileError, match=r"prod.yaml: is there already"):
        save(tmp_path, mine.profile.changed(name="prod"), mine)
    with pytest.raises(ProfileError, match=r"prod.yaml: is there already"):
        save(tmp_path, profile(name="prod"))
    other.rename(tmp_path / "elsewhere.yaml")
    with pytest.raises(ProfileError, match=r"elsewhere.yaml: has the name PROD already"):
        save(tmp_path, profile(name="PROD"))
    put(tmp_path, "wrong.yaml", "broken: [")
    with pytest.raises(ProfileError, match=r"wrong.yaml: is there already"):
        save(tmp_path, profile(name="wrong"))
    assert names(tmp_path) == ["prod", "qa"]


def test_a_change_by_a_colleague_is_not_overwritten(tmp_path: Path) -> None:
    mine = save(tmp_path, profile())
    put(tmp_path, "qa.yaml", FULL)
    for act in (
        lambda: save(tmp_path, mine.profile.changed(guard="open"), mine),
        lambda: save(tmp_path, mine.profile.changed(name="new"), mine),
        lambda: delete(mine),
        lambda: duplicate(tmp_path, mine),
    ):
        with pytest.raises(ProfileChangedError, match=r"^qa.yaml: was changed on the disk"):
            act()
    assert (tmp_path / "qa.yaml").read_text("utf-8") == FULL
    [pulled] = load_folder(tmp_path).profiles
    (tmp_path / "qa.yaml").unlink()
    with pytest.raises(ProfileChangedError, match=r"^qa.yaml: was deleted or moved"):
        save(tmp_path, pulled.profile, pulled)
    assert list(tmp_path.iterdir()) == []


def test_a_save_can_follow_a_save(tmp_path: Path) -> None:
    stored = save(tmp_path / "new", profile())
    for guard in ("read-only", "open", "confirm-every"):
        stored = save(tmp_path / "new", stored.profile.changed(guard=guard), stored)
        assert load_folder(tmp_path / "new").profiles == (stored,)


def test_a_copy_has_the_comments_and_a_free_name(tmp_path: Path) -> None:
    put(tmp_path, "qa.yaml", FULL)
    [stored] = load_folder(tmp_path).profiles
    copies = [duplicate(tmp_path, stored), duplicate(tmp_path, stored)]
    assert [copy.profile.name for copy in copies] == ["qa copy", "qa copy 2"]
    assert copies[1].file.read_text("utf-8") == FULL.replace("name: qa ", "name: qa copy 2 ")
    assert names(tmp_path) == ["qa", "qa copy", "qa copy 2"]
    delete(copies[0])
    delete(stored)
    assert names(tmp_path) == ["qa copy 2"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    stored = save(tmp_path, profile())
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ProfileError, match="cannot be written"):
            save(tmp_path, stored.profile.changed(guard="read-only"), stored)
        with pytest.raises(ProfileError, match="cannot be deleted"):
            delete(stored)
    finally:
        tmp_path.chmod(0o700)


def test_a_profile_becomes_an_environment_at_each_node(tmp_path: Path) -> None:
    put(tmp_path, "qa.yaml", FULL)
    [stored] = load_folder(tmp_path).profiles
    made = resolve(stored.profile, SECRETS, folder=tmp_path)
    assert (made.base_url, made.title) == ("http://127.0.0.1:8080/genesys", "qa (node1)")
    assert made.nodes == (
        Node(name="node1", url="http://127.0.0.1:8080/genesys", worker="w1"),
        Node(name="node2", url="http://127.0.0.1:8081/GMS-web/gms"),
    )
    second = resolve(stored.profile, SECRETS, node="node2", folder=tmp_path)
    assert second.base_url == "http://127.0.0.1:8081/GMS-web/gms"
    assert second == made.on_node("node2")
    assert made.headers == (("ContactCenterId", "4711"), ("apikey", "k1"))
    assert made.secret_headers == {"apikey"}
    assert dict(made.variables) == {"phone": "6504669999", "site": "Zürich"}
    assert (made.connect_timeout, made.timeout, made.total_timeout) == (5.0, 20.0, None)
    assert (made.guard, made.colour) == (GuardLevel.CONFIRM_FIRST, "#b8650b")
    assert made.proxy.mode is ProxyMode.SYSTEM


@pytest.mark.parametrize(
    "blank",
    [
        {"nodes": [{"name": " ", "url": "host"}]},
        {"credentials": {"services": {" ": {"user": "gms"}}}},
    ],
)
def test_a_name_that_nobody_could_see_is_refused(blank: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="is blank"):
        profile(**blank)


@pytest.mark.parametrize(
    ("base_path", "url", "expected"),
    [
        ("/genesys", "host", "http://host/genesys"),
        ("GMS-web/gms/", "http://host:8080/", "http://host:8080/GMS-web/gms"),
        ("/a", "https://[::1]:8443", "https://[::1]:8443/a"),
        ("", "http://host", "http://host//"),
        ("/", "http://host", "http://host//"),
        ("/a", "http://host/b/", "http://host/b"),
        ("/a", "http://host//", "http://host//"),
    ],
)
def test_the_base_path_is_for_nodes_without_one(base_path: str, url: str, expected: str) -> None:
    given = profile(base_path=base_path, nodes=[{"name": "n", "url": url}])
    assert resolve(given, {}).base_url == expected


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    given = profile(tls={"ca_file": "ca.pem", "certificate": "/etc/me.pem", "key": "~/me.key"})
    tls = resolve(given, {}, folder=tmp_path).tls
    assert (tls.ca_file, tls.certificate) == (tmp_path / "ca.pem", Path("/etc/me.pem"))
    assert tls.key == Path("~/me.key").expanduser()


def test_secrets_that_are_not_known_are_all_named(tmp_path: Path) -> None:
    put(tmp_path, "qa.yaml", FULL)
    [stored] = load_folder(tmp_path).profiles
    with pytest.raises(MissingSecretsError) as caught:
        resolve(stored.profile, {"qa-password": "p1"})
    assert caught.value.names == ("qa-apikey", "qa-callme")
    assert "p1" not in str(caught.value)


def test_a_secret_that_no_header_can_carry_is_not_repeated() -> None:
    given = profile(headers=[{"name": "apikey", "secret": "k"}])
    with pytest.raises(HeaderError) as caught:
        resolve(given, {"k": "hunter2\nX: y"})
    assert "hunter2" not in str(caught.value)


def test_the_proxy_password_is_needed_only_by_an_explicit_proxy() -> None:
    proxy = {"url": "http://proxy:3128", "user": "me", "password": {"secret": "proxy"}}
    assert profile(proxy={**proxy, "mode": "system"}).secret_names == ()
    explicit = profile(proxy={**proxy, "mode": "explicit"})
    assert explicit.secret_names == ("proxy",)
    made = resolve(explicit, {"proxy": "s3cr3t"}).proxy
    assert (made.url, made.user, made.password) == ("http://proxy:3128", "me", "s3cr3t")
    assert "s3cr3t" not in repr(made)
