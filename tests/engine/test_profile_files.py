"""Files of environments: what is read is what was written, and an edit changes what it must."""

import errno
import os
import stat
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from gms_console.environments.profile import Profile
from gms_console.environments.profile_file import (
    ProfileError,
    content_with,
    profile_from,
    read_profile,
    write_profile,
)
from tests.engine.profiles import FULL, profile, profiles, put

HERE = Path("qa.yaml")


@settings(max_examples=60)
@given(profiles)
def test_any_profile_written_and_read_back_is_equal(given_profile: Profile) -> None:
    content = content_with(HERE, None, given_profile)
    assert profile_from(HERE, content) == given_profile
    assert b"\r" not in content
    assert content.endswith(b"\n")


@settings(max_examples=30)
@given(profiles, profiles)
def test_any_file_can_be_edited_into_any_other(before: Profile, after: Profile) -> None:
    content = content_with(HERE, content_with(HERE, None, before), after)
    assert profile_from(HERE, content) == after


@settings(max_examples=30)
@given(profiles)
def test_any_edit_of_a_file_with_comments_says_what_it_should(after: Profile) -> None:
    assert profile_from(HERE, content_with(HERE, FULL.encode(), after)) == after


def test_a_new_file_has_no_defaults_and_the_order_of_the_profile(tmp_path: Path) -> None:
    file = tmp_path / "not" / "yet" / "qa.yaml"
    new = profile(
        credentials={"user": "default", "password": {"secret": "qa password"}},
        timeouts={"read": 0.5, "total": 120},
        headers=[{"name": "X-Trace", "value": "7"}],
        variables={"phone": "650", "text": "one\ntwo"},
        max_body=8 * 1024**2,
        guard="read-only",
        http="2",
        tls={"ca_file": "ca.pem", "verify": True},
    )
    write_profile(file, new)
    assert file.read_bytes().decode() == (
        "gms: 1\n"
        "name: qa\n"
        "guard: read-only\n"
        "nodes:\n"
        "  - name: node1\n"
        "    url: http://127.0.0.1:8080\n"
        "headers:\n"
        "  - name: X-Trace\n"
        "    value: '7'\n"
        "variables:\n"
        "  phone: '650'\n"
        '  text: "one\\ntwo"\n'
        "timeouts:\n"
        "  read: 500ms\n"
        "  total: 120s\n"
        "max_body: 8 MiB\n"
        "http: '2'\n"
        "tls:\n"
        "  ca_file: ca.pem\n"
        "credentials:\n"
        "  user: default\n"
        "  password: {secret: qa password}\n"
    )
    assert [entry.name for entry in file.parent.iterdir()] == ["qa.yaml"]


def edited(text: str, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """The lines that an edit takes out and puts in."""
    old = profile_from(HERE, text.encode())
    data = old.model_dump(mode="json")
    change(data)
    new = content_with(HERE, text.encode(), Profile.model_validate(data)).decode()
    lines = unified_diff(text.splitlines(), new.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:3] not in {"---", "+++"} and line[:1] != "@"]


def _set(*way: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in way[:-1]:
            data = data[step]
        data[way[-1]] = to

    return change


NODE3 = {"name": "node3", "url": "http://127.0.0.1:8082", "worker": ""}


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (_set("name", to="qa"), []),
        (_set("guard", to="open"), ["-guard: confirm-first", "+guard: open"]),
        (
            _set("name", to="qa 2"),
            [
                "-name: qa        # as in the load balancer",
                "+name: qa 2        # as in the load balancer",
            ],
        ),
        (
            _set("headers", 0, "value", to="yes: no"),
            [
                "-    - {name: ContactCenterId, value: '4711'}   # our tenant",
                "+    - {name: ContactCenterId, value: 'yes: no'}   # our tenant",
            ],
        ),
        (
            _set("timeouts", "read", to=30.0),
            ["-timeouts: {connect: 5000ms,   read: 20s}", "+timeouts: {connect: 5s, read: 30s}"],
        ),
        (
            _set("credentials", "password", to={"secret": "other"}),
            [
                "-  password: {secret: qa-password}  # kept by everyone for themselves",
                "+  password: {secret: other}  # kept by everyone for themselves",
            ],
        ),
        (
            _set("credentials", "services", "callme", "password", to={"secret": "x"}),
            ["-        secret: qa-callme", "+        secret: x"],
        ),
        (_set("gms_user", to="tester"), ["+gms_user: tester"]),
        (_set("credentials", "services", "callme", "user", to="me"), ["+      user: me"]),
        (_set("credentials", "bearer", to={"secret": "b"}), ["+  bearer: {secret: b}"]),
        (_set("nodes", 0, "worker", to=""), ["-    worker: w1", "+    worker: ''"]),
        (_set("nodes", 1, "worker", to="w2"), ["+    worker: w2"]),
        (
            lambda data: data["nodes"].append(NODE3),
            ["+  - name: node3", "+    url: http://127.0.0.1:8082"],
        ),
        (
            lambda data: data["nodes"].pop(0),
            [
                "-  # In the first rack.",
                "-  - name: node1",
                "-    url: http://127.0.0.1:8080   # no base path: it is below",
                "-    worker: w1",
            ],
        ),
        (
            lambda data: data["nodes"].reverse(),
            [
                "+  # In the second rack.",
                "+  - name:   node2",
                '+    url: "http://127.0.0.1:8081/GMS-web/gms"',
                "-  # In the second rack.",
                "-  - name:   node2",
                '-    url: "http://127.0.0.1:8081/GMS-web/gms"',
            ],
        ),
        (_set("nodes", 1, "name", to="b"), ["-  - name:   node2", "+  - name:   b"]),
        (lambda data: data["variables"].pop("phone"), ['-  phone: "6504669999"']),
        (lambda data: data["variables"].update(a="1"), ["+  a: '1'"]),
        (
            _set("headers", to=()),
            [
                "-headers:",
                "-    - {name: ContactCenterId, value: '4711'}   # our tenant",
                "-    - name: apikey",
                "-      secret: qa-apikey",
                "+headers: []",
            ],
        ),
        (
            lambda data: data["headers"][1].update(name="X-Kind", value="a", secret=None),
            [
                "-    - name: apikey",
                "-      secret: qa-apikey",
                "+    - name: X-Kind",
                "+      value: a",
            ],
        ),
    ],
)  # fmt: skip
def test_an_edit_changes_only_its_own_lines(
    change: Callable[[dict[str, Any]], None], lines: list[str]
) -> None:
    assert edited(FULL, change) == lines


def test_lists_in_one_line_and_without_indent_stay_what_they_are() -> None:
    text = "name: qa\nnodes:\n- {name: a, url: localhost}\n- url: localhost\n  name: b\nhttp: 1.1"
    assert edited(text, lambda data: data["nodes"].append(NODE3)) == [
        "+- name: node3",
        "+  url: http://127.0.0.1:8082",
    ]
    flow = "name: qa\nnodes: [{name: a, url: localhost}] # one\n"
    assert edited(flow, _set("nodes", 0, "name", to="b")) == [
        "-nodes: [{name: a, url: localhost}] # one",
        "+nodes:",
        "+  - name: b",
        "+    url: localhost # one",
    ]
    # The last line had no break at its end, so it counts as changed.
    assert edited(text, _set("http", to="2")) == ["-http: 1.1", "+http: '2'"]
    assert edited(text, _set("api_version", to=2)) == ["+api_version: 2"]


def test_what_is_written_through_anchors_is_refused_rather_than_broken(tmp_path: Path) -> None:
    text = "name: qa\nnodes:\n  - {name: a, url: &url http://localhost}\n  - {name: b, url: *url}\n"
    file = put(tmp_path, "qa.yaml", text)
    old = read_profile(file)
    moved = old.changed(
        nodes=[{"name": "a", "url": "http://other"}, {"name": "b", "url": "http://localhost"}]
    )
    with pytest.raises(ProfileError, match="only you can edit"):
        write_profile(file, moved)
    assert file.read_text() == text
    write_profile(file, old.changed(guard="read-only"))
    assert file.read_text() == text.replace("nodes:", "guard: read-only\nnodes:")


def test_a_file_from_windows_is_read_and_gets_plain_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "qa.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    old = read_profile(file)
    assert old == profile_from(HERE, FULL.encode())
    write_profile(file, old.changed(guard="open"))
    assert file.read_bytes() == FULL.replace("confirm-first", "open").encode()


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_a_link_stays_a_link_and_a_mode_stays(tmp_path: Path) -> None:
    real = put(tmp_path / "checkout", "qa.yaml", FULL)
    real.chmod(0o640)
    link = tmp_path / "qa.yaml"
    link.symlink_to(real)
    write_profile(link, read_profile(link).changed(guard="open"))
    assert link.is_symlink()
    assert read_profile(real).guard == "open"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_save_that_fails_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(tmp_path, "qa.yaml", FULL)
    changed = read_profile(file).changed(guard="open")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    # The disk is full: what was written does not get to it.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProfileError, match=r"^qa.yaml: cannot be written: No space left"):
        write_profile(file, changed)
    assert file.read_text("utf-8") == FULL
    assert list(tmp_path.iterdir()) == [file]


LEAST = "name: qa\nnodes:\n  - {name: a, url: localhost}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: found nothing, expected a mapping with name and nodes"),
        ("- a\n", "line 1: found a list, expected a mapping"),
        ("name: [\n", "line 2, column 1: "),
        ("name: qa\n\tx: 1\n", "line 2, column 1: "),
        ("name: qa\n", "line 1, nodes: is missing"),
        ("nodes: []\n", "line 1, name: is missing"),
        ("name: qa\nnodes: []\n", "line 2, column 1, nodes: is empty; give one at least"),
        ("name: qa\nnodes: x\n", "line 2, column 1, nodes: found text, expected a list"),
        ("name: qa\nnodes: [a]\n", "line 2, column 9, nodes.0: found text, expected a mapping"),
        (
            "name: qa\nnodes:\n  - name: a\n    url: ftp://x\n",
            "line 4, column 5, nodes.0.url: The scheme 'ftp' is not http or https.",
        ),
        ("name: qa\nnodes:\n  - name: a\n", "line 3, column 5, nodes.0.url: is missing"),
        (LEAST + "guard: readonly\n", "line 4, column 1, guard: found 'readonly', expected '"),
        (LEAST + "gard: open\n", "line 4, column 1, gard: is not known here"),
        (LEAST + "gms: 2\n", "line 4, column 1, gms: found '2', expected less than or equal to 1"),
        (LEAST + "http: 3\n", "http: found '3', expected 1.1 or 2"),
        (LEAST + "colour: #ff0000\n", "colour: found nothing, expected text; put it in quotes"),
        (LEAST + "colour: pink\n", "colour: colour 'pink' is none of green, blue"),
        (LEAST + "timeouts: {read: soon}\n", "timeouts.read: is not a duration such as 15s"),
        (LEAST + "timeouts: {read: yes}\n", "timeouts.read: is not a duration such as 15s"),
        (LEAST + "timeouts: {read: true}\n", "timeouts.read: is not a duration such as 15s"),
        (LEAST + "timeouts:\n  read: 0\n", "line 5, column 3, timeouts.read: found '0', exp"),
        (LEAST + "variables:\n  phone: 650\n", "line 5, column 3, variables.phone: found a number"),
        (LEAST + "variables:\n  $a: x\n", "line 5, column 3, variables.$a: no name of a variable"),
        (LEAST + "base_path: /a/../b\n", "base_path: The base path holds . or .."),
        (LEAST + "proxy: {mode: explicit}\n", "proxy: an explicit proxy needs its url"),
        (LEAST + "tls: {verify: maybe}\n", "tls.verify: found 'maybe', expected true or false"),
        (LEAST + "max_body: 5 bytes\n", "max_body: is not a size such as 64 MiB"),
        (
            LEAST + "credentials:\n  services: {callback/callme: {user: x}}\n",
            "line 5, column 14, credentials.services.callback/callme: the execution name",
        ),
        (LEAST.replace("qa", "a/b"), "line 1, column 1, name: name cannot be a file's name"),
        (LEAST.replace("qa", "aux.old"), "line 1, column 1, name: aux.old cannot be a file's name"),
        (LEAST + "  - {name: a, url: b}\n", "two nodes have"),
        ("a: &a [*a]\n" + LEAST, "line 1, column 1, a: is not known here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_column_and_field(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ProfileError) as caught:
        read_profile(put(tmp_path, "qa.yaml", text))
    assert str(caught.value).startswith("qa.yaml, line ")
    assert said in str(caught.value)


SECRET = "hunter2-8f31"


@pytest.mark.parametrize(
    "text",
    [
        f"credentials: {{password: {SECRET}}}\n",
        f"credentials: {{bearer: {SECRET}}}\n",
        f"credentials: {{passwrd: {SECRET}}}\n",
        f"credentials: {{password: {{secrt: {SECRET}}}}}\n",
        f"credentials: {{services: {{a: {{password: {SECRET}}}}}}}\n",
        f"credentials: {SECRET}\n",
        f"password: {SECRET}\npassword: {SECRET}2\n",
        f"tls: {{passphrase: {SECRET}}}\n",
        f"proxy: {{password: {SECRET}}}\n",
        f"proxy: {{mode: explicit, url: 'http://me:{SECRET}@proxy:3128'}}\n",
        f"headers: [{{name: Authorization, value: Basic {SECRET}}}]\n",
        f"headers: [{{name: X-Api-Key, value: {SECRET}}}]\n",
        f"headers: [{{name: X-Trace, value: '{SECRET}\\n'}}]\n",
        f"headers: {{Authorization: {SECRET}}}\n",
    ],
)
def test_a_secret_that_stands_in_a_file_is_refused_and_not_repeated(
    tmp_path: Path, text: str
) -> None:
    file = put(tmp_path, "qa.yaml", LEAST + text.replace("\\n", "\n\n"))
    with pytest.raises(ProfileError) as caught:
        read_profile(file)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_what_is_no_text_and_what_cannot_be_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "qa.yaml"
    file.write_bytes(b"name: qa\nx: \xff\n")
    with pytest.raises(ProfileError, match=r"^qa.yaml, line 2: found the byte 0xff, expected"):
        read_profile(file)
    with pytest.raises(ProfileError, match=r"^other.yaml: cannot be read: No such file"):
        read_profile(tmp_path / "other.yaml")


ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "assets" / "examples" / "environment-example.yaml"


def test_the_example_loads_is_the_one_of_the_guide_and_shows_every_field() -> None:
    text = EXAMPLE.read_text("utf-8")
    guide = (ROOT / "docs" / "environments.md").read_text("utf-8")
    assert guide.partition("```yaml\n")[2].partition("```")[0] == text
    example = read_profile(EXAMPLE)
    assert [name for name in Profile.model_fields if name not in example.model_fields_set] == []
    for entry in (example.timeouts, example.proxy, example.tls):
        assert set(type(entry).model_fields) == entry.model_fields_set
    commented = text.replace("  # bearer", "  bearer")
    bearer = profile_from(EXAMPLE, commented.encode()).credentials.bearer
    assert bearer is not None
    # Each edit leaves all other lines of it alone.
    new = content_with(EXAMPLE, EXAMPLE.read_bytes(), example.changed(guard="open")).decode()
    assert new == text.replace("guard: confirm-first", "guard: open")
