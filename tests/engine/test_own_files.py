"""Binding, unbinding and sharing: files are changed where asked, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gms_console.catalogue import (
    Catalogue,
    CatalogueError,
    bind,
    export_own,
    import_own,
    load_catalogue,
    unbind,
)
from gms_console.catalogue.binding_text import with_binding, without_binding
from gms_console.catalogue.own_files import own_from_text


def own_file(folder: Path) -> Path:
    return folder / "catalogue" / "own.yaml"


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / "catalogue" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def loaded(folder: Path) -> Catalogue:
    result = load_catalogue(folder)
    assert result.problems == ()
    return result.catalogue


def kind_name(folder: Path, service: str) -> str:
    kind = loaded(folder).kind(service)
    return kind.name if kind is not None else ""


def test_a_name_is_bound_bound_anew_and_let_go(tmp_path: Path) -> None:
    bind(tmp_path, "callme", "VOICE-NOW-USERTERM")
    assert kind_name(tmp_path, "callback/callme") == "VOICE-NOW-USERTERM"
    bind(tmp_path, "callback/callme", "CHAT-NOW")
    bind(tmp_path, "opening times", "office-hours")
    assert loaded(tmp_path).bound_names("CHAT-NOW") == ("callme",)
    assert kind_name(tmp_path, "opening times") == "office-hours"
    unbind(tmp_path, "callback/callme")
    assert kind_name(tmp_path, "callme") == ""
    assert kind_name(tmp_path, "callback/callme") == "callback"
    unbind(tmp_path, "opening times")
    assert loaded(tmp_path).bindings == {}
    bind(tmp_path, "callme", "hello")
    assert loaded(tmp_path).bindings == {"callme": "hello"}
    assert [one.name for one in own_file(tmp_path).parent.iterdir()] == ["own.yaml"]


def test_letting_go_what_is_not_bound_writes_nothing(tmp_path: Path) -> None:
    unbind(tmp_path, "callme")
    assert not own_file(tmp_path).exists()


WRITTEN = """\
# Our site.
bindings:   # names on the left
  # The branch in Lyon.
  callme: 'hello'   # was: callback
  "lunch break": office-hours

# Kinds below.
kinds:
    - name: hello   # changed
      title: "Salut"
"""


def test_every_other_character_stays_as_it_was(tmp_path: Path) -> None:
    file = put(tmp_path, "own.yaml", WRITTEN)
    bind(tmp_path, "callme", "CHAT-WAIT")
    assert file.read_text() == WRITTEN.replace("'hello'   #", "CHAT-WAIT   #")
    bind(tmp_path, "loans", "custom")
    loans = "office-hours\n  loans: custom\n"
    assert file.read_text() == WRITTEN.replace("'hello'   #", "CHAT-WAIT   #").replace(
        "office-hours\n", loans
    )
    unbind(tmp_path, "loans")
    unbind(tmp_path, "callme")
    assert file.read_text() == WRITTEN.replace("  callme: 'hello'   # was: callback\n", "")
    unbind(tmp_path, "lunch break")
    assert "# The branch in Lyon." in file.read_text()
    assert kind_name(tmp_path, "hello") == "hello"


def test_the_line_ends_of_windows_stay(tmp_path: Path) -> None:
    file = put(tmp_path, "own.yaml", WRITTEN.replace("\n", "\r\n"))
    bind(tmp_path, "loans", "custom")
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") == WRITTEN.count("\n") + 1
    unbind(tmp_path, "loans")
    assert file.read_bytes() == WRITTEN.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "bindings:\n",
        "bindings:",
        "bindings:  # none yet\n",
        "bindings: {}\n",
        "bindings: {a: get}\n",
        "bindings: {a: get, b: hello}  # both\nkinds: []\n",
        "bindings: {\n  a: get, # one\n  b: hello\n}\n",
        "bindings:\n  a: get",
        "bindings:\n  a:\n",
        "bindings:\n  a: >-\n    get\n  b: hello\n",
        "bindings:\n  callback/a: get\n",
        "kinds: []",
        "kinds:\n  - {name: hello, title: T}\nbindings:\n    a: get\n",
        "---\nbindings:\n  a: get\n",
        WRITTEN,
    ],
)
@pytest.mark.parametrize("name", ["a", "b", "new", "yes", "12", "x: y", "#", "é \u2028"])
def test_a_binding_goes_into_whatever_was_written_there(text: str, name: str) -> None:
    before = own_from_text("own.yaml", text).bindings
    bound = with_binding(text, name, "CHAT-NOW")
    assert own_from_text("own.yaml", bound).bindings == before | {name: "CHAT-NOW"}
    freed = without_binding(bound, name)
    rest = {one: kind for one, kind in before.items() if one != name}
    assert own_from_text("own.yaml", freed).bindings == rest
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in freed.splitlines() if line.startswith("#") and "Own bindings" not in line
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_name_survives_the_file(name: str) -> None:
    bare = name.strip().removeprefix("callback/")
    if bare.strip():
        text = with_binding("", bare, "hello")
        assert own_from_text("own.yaml", text).bindings == {bare.removeprefix("callback/"): "hello"}


def test_a_binding_to_nothing_known_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="There is no kind 'nothing'"):
        bind(tmp_path, "callme", "nothing")
    with pytest.raises(CatalogueError, match="name is needed"):
        bind(tmp_path, "callback/", "hello")
    assert not own_file(tmp_path).exists()


def test_an_own_file_with_a_mistake_is_not_written_over(tmp_path: Path) -> None:
    file = put(tmp_path, "own.yaml", "bindings: [a\n")
    with pytest.raises(CatalogueError, match=r"own\.yaml, line 2"):
        bind(tmp_path, "callme", "hello")
    with pytest.raises(CatalogueError, match=r"own\.yaml, line 2"):
        unbind(tmp_path, "callme")
    assert file.read_text() == "bindings: [a\n"


@pytest.mark.parametrize(
    "text",
    [
        "kinds: []\n...\n",
        "bindings: {other: &kind get, callme: *kind}\n",
        "kinds: [{name: &name hello}]\nbindings: {callme: *name}\n",
    ],
)
def test_what_cannot_be_edited_is_refused_and_stays(tmp_path: Path, text: str) -> None:
    file = put(tmp_path, "own.yaml", text)
    with pytest.raises(CatalogueError, match=r"own\.yaml: its bindings .* only you can edit"):
        bind(tmp_path, "callme", "custom")
    assert file.read_text() == text


def test_a_file_with_an_end_mark_can_be_edited(tmp_path: Path) -> None:
    text = "bindings:\n  a: get\n...\n# the end\n"
    file = own_file(tmp_path)
    put(tmp_path, "own.yaml", text)
    bind(tmp_path, "callme", "hello")
    assert file.read_text() == text.replace("get\n", "get\n  callme: hello\n")


def test_a_binding_of_another_file_can_be_taken_back(tmp_path: Path) -> None:
    team = put(tmp_path, "team.yaml", "bindings: {callme: hello, other: get}\n")
    unbind(tmp_path, "callme")
    assert kind_name(tmp_path, "callme") == ""
    assert kind_name(tmp_path, "other") == "get"
    assert team.read_text() == "bindings: {callme: hello, other: get}\n"
    bind(tmp_path, "callme", "custom")
    assert kind_name(tmp_path, "callme") == "custom"
    unbind(tmp_path, "callme")
    assert kind_name(tmp_path, "callme") == ""


def test_a_folder_that_refuses_to_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "catalogue").write_text("a file where the folder should be")
    with pytest.raises(CatalogueError, match="catalogue"):
        bind(tmp_path, "callme", "hello")


BANK = """\
# The bank's own.
family: Bank
icon: chat
order: 9
kinds:
  - name: loans
    meaning: "true"
    provenance: seen in the field
  - {name: hello, title: Salut}
bindings:
  loan: loans
"""


def test_one_file_goes_to_the_team_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, "own.yaml", BANK)
    put(tmp_path, "a.yaml", "# nothing in here\n")
    export_own(tmp_path, tmp_path / "share" / "bank.yaml")
    assert (tmp_path / "share" / "bank.yaml").read_text() == BANK
    colleague = tmp_path / "colleague"
    assert import_own(colleague, tmp_path / "share" / "bank.yaml") == "bank.yaml"
    assert loaded(colleague).families == loaded(tmp_path).families
    assert loaded(colleague).bindings == {"loan": "loans"}


def test_several_files_go_to_the_team_as_one(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", BANK)
    put(
        tmp_path,
        "b.yaml",
        "family: Voice\nkinds:\n  - {name: loans, poll: ''}\n"
        "  - name: request-interaction\n    parameters: [{name: _ttl, default: '60'}]\n"
        "bindings: {x: hello, y: get}\n",
    )
    put(
        tmp_path,
        "own.yaml",
        "family: Shop\nkinds: [{name: shop, meaning: S., "
        "provenance: unverified}]\n"
        "bindings: {x: shop, y: null}\n",
    )
    target = tmp_path / "all.yaml"
    export_own(tmp_path, target)
    colleague = tmp_path / "colleague"
    import_own(colleague, target)
    assert loaded(colleague).families == loaded(tmp_path).families
    assert loaded(colleague).bindings == {"loan": "loans", "x": "shop"} == loaded(tmp_path).bindings


def test_nothing_of_ones_own_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no own kinds"):
        export_own(tmp_path, tmp_path / "all.yaml")
    put(tmp_path, "bad.yaml", "- a\n")
    with pytest.raises(CatalogueError, match=r"bad\.yaml, line 1"):
        export_own(tmp_path, tmp_path / "all.yaml")
    assert not (tmp_path / "all.yaml").exists()


def test_an_export_needs_a_place(tmp_path: Path) -> None:
    put(tmp_path, "own.yaml", BANK)
    (tmp_path / "taken").mkdir()
    with pytest.raises(CatalogueError, match="taken"):
        export_own(tmp_path, tmp_path / "taken")


def test_an_import_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    source = tmp_path / "team.yaml"
    source.write_text(BANK)
    assert import_own(tmp_path, source) == "team.yaml"
    assert import_own(tmp_path, source) == "team.yaml", "the same file again"
    newer = BANK.replace("Salut", "Hallo")
    source.write_text(newer)
    assert import_own(tmp_path, source) == "team-2.yaml"
    assert (tmp_path / "catalogue" / "team.yaml").read_text() == BANK
    hello = loaded(tmp_path).named("hello")
    assert hello is not None
    assert hello.title == "Hallo"


def test_an_imported_own_file_leaves_own_yaml_to_oneself(tmp_path: Path) -> None:
    source = tmp_path / "own.yaml"
    source.write_text(BANK)
    assert import_own(tmp_path, source) == "own-2.yaml"
    bind(tmp_path, "loan", "hello")
    assert kind_name(tmp_path, "loan") == "hello"
    assert (tmp_path / "catalogue" / "own-2.yaml").read_text() == BANK


def test_a_hidden_file_is_imported_where_it_is_seen(tmp_path: Path) -> None:
    source = tmp_path / ".team.yml"
    source.write_text(BANK)
    assert import_own(tmp_path, source) == "team.yaml"
    assert kind_name(tmp_path, "loan") == "loans"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BANK.replace("seen in the field", "heard"), "line 8, kinds.0.provenance"),
        (BANK.replace("loan: loans", "loan: lones"), "line 11, bindings.loan: there is no kind"),
        ("- a\n", "line 1, the file"),
        ("a: [\n", "line 2"),
    ],
)
def test_a_wrong_file_is_not_imported(tmp_path: Path, text: str, said: str) -> None:
    source = tmp_path / "team.yaml"
    source.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        import_own(tmp_path, source)
    assert str(caught.value).startswith("team.yaml, " + said)
    assert not (tmp_path / "catalogue").exists()


def test_a_file_that_is_not_there_is_not_imported(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"gone\.yaml: No such file"):
        import_own(tmp_path, tmp_path / "gone.yaml")


def test_an_import_may_build_on_what_is_there(tmp_path: Path) -> None:
    put(tmp_path, "bank.yaml", BANK)
    source = tmp_path / "more.yaml"
    source.write_text("kinds: [{name: loans, title: Loans}]\nbindings: {credit: loans}\n")
    assert import_own(tmp_path, source) == "more.yaml"
    assert kind_name(tmp_path, "credit") == "loans"
