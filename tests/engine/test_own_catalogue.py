"""Own kinds, overrides and bindings: they change the catalogue, and a mistake costs no more."""

from pathlib import Path

import pytest

from gms_console.catalogue import (
    Catalogue,
    CatalogueError,
    ServiceKind,
    builtin_catalogue,
    load_catalogue,
)

OWN = """\
family: Bank
icon: chat
order: 9
kinds:
  - name: loan-advice
    meaning: Books a talk about a loan.
    provenance: seen in the field
    parameters: &base
      - {name: _customer_number, type: phone, provenance: unverified, meaning: Number.}
    states:
      - {name: done, terminal: true, provenance: unverified, meaning: Over.}
bindings:
  callme: VOICE-NOW-USERTERM
  callback/loans: loan-advice
"""


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / "catalogue" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def loaded(folder: Path | None) -> Catalogue:
    """The catalogue of a folder in which nothing is wrong."""
    result = load_catalogue(folder)
    assert result.problems == ()
    return result.catalogue


def kind_of(catalogue: Catalogue, name: str) -> ServiceKind:
    kind = catalogue.kind(name)
    assert kind is not None
    return kind


def problem_of(folder: Path, text: str, name: str = "team.yaml") -> str:
    put(folder, name, text)
    problems = load_catalogue(folder).problems
    assert len(problems) == 1, problems
    return problems[0]


def test_without_own_files_the_catalogue_is_the_one_that_comes_along(tmp_path: Path) -> None:
    builtin = [one.name for one in builtin_catalogue()]
    for folder in (None, tmp_path, tmp_path / "missing"):
        assert [one.name for one in loaded(folder)] == builtin


def test_a_family_of_ones_own_stands_in_its_place_with_its_picture(tmp_path: Path) -> None:
    put(tmp_path, "bank.yaml", OWN)
    catalogue = loaded(tmp_path)
    own = kind_of(catalogue, "loan-advice")
    family = catalogue.family_of(own)
    assert family is not None
    assert (family.family, family.icon, family.order) == ("Bank", "chat", 9)
    assert catalogue.families[-1] is family
    assert own.terminal_states == {"done"}
    assert builtin_catalogue().kind("loan-advice") is None
    assert builtin_catalogue().family_of(own) is None


def test_a_kind_without_a_family_is_among_the_own_ones(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "kinds:\n  - {name: x, meaning: X., provenance: unverified}\n")
    catalogue = loaded(tmp_path)
    family = catalogue.family_of(kind_of(catalogue, "x"))
    assert family is not None
    assert (family.family, family.icon) == ("Own", "custom")


def test_an_own_kind_can_join_a_family_that_comes_along(tmp_path: Path) -> None:
    text = "family: Voice\nkinds:\n  - {name: x, meaning: X., provenance: unverified}\n"
    put(tmp_path, "a.yaml", text)
    voice = loaded(tmp_path).families[0]
    assert [one.name for one in voice.kinds][-1] == "x"
    assert (voice.icon, voice.order) == ("voice", 1)
    put(tmp_path, "b.yaml", "family: Voice\norder: 50\nkinds: [{name: x, title: Mine}]\n")
    assert loaded(tmp_path).families[-1].family == "Voice"


def test_bindings_hold_with_and_without_the_callback_of_the_url(tmp_path: Path) -> None:
    put(tmp_path, "bank.yaml", OWN)
    catalogue = loaded(tmp_path)
    for service in ("callme", "callback/callme"):
        assert kind_of(catalogue, service).name == "VOICE-NOW-USERTERM"
    for service in ("loans", "callback/loans"):
        assert kind_of(catalogue, service).name == "loan-advice"
    assert catalogue.bound_names("VOICE-NOW-USERTERM") == ("callme",)
    assert catalogue.bound_names("loan-advice") == ("loans",)
    assert catalogue.bound_names("callback") == ()


def test_an_unbound_callback_is_a_callback_whatever_its_name() -> None:
    catalogue = builtin_catalogue()
    assert kind_of(catalogue, "callback/anything").name == "callback"
    assert kind_of(catalogue, "callback/CHAT-NOW").name == "CHAT-NOW"
    assert kind_of(catalogue, "callback/hello").name == "callback", "no callback service is hello"
    assert catalogue.kind("anything") is None


OVERRIDE = """\
kinds:
  - name: request-interaction
    title: Call us
    parameters:
      - {name: _phone_number, default: "+33 1 23", mandatory: false}
      - {name: _language, type: enum, provenance: seen in the field, meaning: Language.,
         choices: [{value: fr}, {value: de}]}
  - name: request-inbound-poll
    requests:
      - name: status
        answer: [{name: position, provenance: seen in the field, meaning: Place in the queue.}]
      - {name: hold, provenance: unverified, meaning: Waits on.}
    states:
      - {name: agent-ready, terminal: true}
"""


def test_an_override_changes_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    put(tmp_path, "site.yaml", OVERRIDE)
    catalogue = loaded(tmp_path)
    before = kind_of(builtin_catalogue(), "request-interaction")
    after = kind_of(catalogue, "request-interaction")
    assert (after.title, after.meaning) == ("Call us", before.meaning)
    assert [one.name for one in after.parameters] == [
        *[one.name for one in before.parameters],
        "_language",
    ]
    phone, old = after.parameter("_phone_number"), before.parameter("_phone_number")
    assert phone is not None
    assert old is not None
    assert phone == old.model_copy(update={"default": "+33 1 23", "mandatory": False})
    assert after.parameters[1:-1] == before.parameters[1:]
    family = catalogue.family_of(after)
    assert family is not None
    assert family.family == "Voice"
    assert family.kinds[0] is after
    assert [one.family for one in catalogue.families] == [
        one.family for one in builtin_catalogue().families
    ]


def test_requests_and_states_merge_by_name_down_to_their_own_lists(tmp_path: Path) -> None:
    put(tmp_path, "site.yaml", OVERRIDE)
    kind = kind_of(loaded(tmp_path), "request-inbound-poll")
    names = ["status", "update", "cancel", "start", "get-dialog", "hold"]
    assert [one.name for one in kind.requests] == names
    status = kind.request("status")
    assert status is not None
    assert [one.name for one in status.answer] == ["status", "dialog", "position"]
    assert "agent-ready" in kind.terminal_states
    other = kind_of(loaded(tmp_path), "request-inbound-immediate")
    assert "agent-ready" not in other.terminal_states


def test_a_later_file_lies_over_an_earlier_one(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "kinds: [{name: hello, title: A, meaning: From a.}]\n")
    put(tmp_path, "b.yaml", "kinds: [{name: hello, title: B}]\nbindings: {x: hello}\n")
    put(tmp_path, "own.yaml", "bindings: {x: callback}\n")
    put(tmp_path, "z.yml", "bindings: {x: get}\n")
    catalogue = loaded(tmp_path)
    hello = catalogue.named("hello")
    assert hello is not None
    assert (hello.title, hello.meaning) == ("B", "From a.")
    assert kind_of(catalogue, "x").name == "callback", "own.yaml is the last word"


def test_a_bad_file_is_left_out_and_named_while_the_rest_works(tmp_path: Path) -> None:
    put(tmp_path, "bad.yaml", OWN.replace("done, terminal: true", "done, terminal: perhaps"))
    put(tmp_path, "good.yaml", OVERRIDE)
    put(tmp_path, "own.yaml", "bindings:\n  a: hello\n  b: loan-advice\n")
    result = load_catalogue(tmp_path)
    assert len(result.problems) == 2
    assert "bad.yaml, line 11, kinds.0.states.0.terminal: " in result.problems[0]
    assert "own.yaml, line 3, bindings.b: there is no kind 'loan-advice'" in result.problems[1]
    assert kind_of(result.catalogue, "request-interaction").title == "Call us"
    assert kind_of(result.catalogue, "a").name == "hello"
    assert result.catalogue.kind("b") is None


def test_the_problems_of_one_file_do_not_leak_half_of_it(tmp_path: Path) -> None:
    text = "kinds:\n  - {name: hello, title: Changed}\n  - {name: new}\n"
    assert "line 3, kinds.1.meaning: is missing" in problem_of(tmp_path, text)
    hello = load_catalogue(tmp_path).catalogue.kind("hello")
    assert hello is builtin_catalogue().kind("hello")


PARAMETERS = """\
kinds:
  - name: x
    meaning: X.
    provenance: unverified
    parameters:
      - {name: _a, meaning: A., provenance: unverified}
      - {name: _b, meaning: B., provenance: unverified, %s}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bindings:\n  callme: nothing\n", "line 2, bindings.callme: there is no kind 'nothing'"),
        ("kinds:\n  - name: a\n  - name: a\n", "line 3, kinds.1.name: a is there twice"),
        ("kinds:\n  - title: a\n", "line 2, kinds.0.name: is missing"),
        ("kinds:\n  - name: 5\n", "line 2, kinds.0.name: must be text"),
        ("kinds:\n  - a\n", "line 2, kinds.0: "),
        ("- a\n", "line 1, the file: must be a mapping"),
        ("text", "line 1, the file: must be a mapping"),
        ("bindings: [callme]\n", "line 1, bindings: "),
        ("bindings:\n  callme: 5\n", "line 2, bindings.callme: must be text"),
        ("bindings:\n  a: get\n  callback/a: hello\n", "line 3, bindings.callback/a: a is bound"),
        ("bindings:\n  callback/: get\n", "line 2, bindings.callback/: a name is needed"),
        ("kind: []\n", "line 1, kind: is not known here"),
        (PARAMETERS % "type: integer, least: 9, most: 3", "line 7, kinds.0.parameters.1.least: 9"),
        (PARAMETERS % "type: enum", "line 7, kinds.0.parameters.1.type: an enum needs choices"),
        (PARAMETERS % "default: true", "line 7, kinds.0.parameters.1.default: must be text; put"),
        (PARAMETERS.replace("_b", "_a") % "unit: s", "line 7, kinds.0.parameters.1.name: _a is "),
        (
            PARAMETERS % "type: enum, choices: [{value: a}, {value: a}]",
            "line 7, kinds.0.parameters.1.choices.1.value: a is there twice",
        ),
        ("families:\n  - family: A\n    kinds:\n      - {name: x}\n", "families.0.kinds.0.meaning"),
        (
            "kinds: [{name: a}]\nfamilies:\n  - kinds:\n      - name: a\n",
            "line 4, families.0.kinds.0.name: a is there twice",
        ),
        (
            "kinds:\n  - name: request-interaction\n    parameters:\n      - name: _x\n",
            "line 4, kinds.0.parameters.0.meaning: is missing",
        ),
        (
            "kinds:\n  - name: request-interaction\n    parameters:\n"
            "      - {name: _ttl, default: '1'}\n      - name: _booking_expiration_timeout\n"
            "        least: 5000\n",
            "line 6, kinds.0.parameters.1.least: 5000 is above most, 1800",
        ),
        (
            "kinds:\n  - name: callback\n    requests:\n      - name: status\n"
            "        answer:\n          - {name: dialog, meaning: D.}\n"
            "          - {name: dialog, meaning: D., provenance: unverified}\n",
            "line 7, kinds.0.requests.0.answer.1.name: dialog is there twice",
        ),
        ("kinds:\n  - name: hello\n    poll: nothing\n", "line 3, kinds.0.poll: nothing is not am"),
        (
            "kinds:\n  - name: hello\n    values:\n      _a: 'x'\n",
            "line 4, kinds.0.values._a: _a is not among the parameters",
        ),
        ("kinds:\n  - name: hello\n    when: 2026-13-45\n", "team.yaml"),
        ("kinds: &a [*a]\n", "team.yaml"),
        ("\xef\xbb\xbf\tx", "team.yaml, line 1"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(tmp_path: Path, text: str, said: str) -> None:
    problem = problem_of(tmp_path, text)
    assert problem.startswith("team.yaml")
    assert said in problem


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("{id}/{requst}", "'{requst}' is no placeholder"),
        ("{id}/chat-{request}", "is no placeholder"),
        ("{id}//x", "empty or only dots"),
        ("//x", "empty or only dots"),
        ("../admin", "empty or only dots"),
        ("", "empty or only dots"),
    ],
)
def test_a_path_that_could_not_be_filled_in_is_refused(
    tmp_path: Path, path: str, said: str
) -> None:
    text = (
        f'kinds:\n  - name: callback\n    requests:\n      - name: status\n        path: "{path}"\n'
    )
    problem = problem_of(tmp_path, text)
    assert problem.startswith("team.yaml, line 5, kinds.0.requests.0.path: ")
    assert said in problem


def test_a_create_has_no_identifier_yet(tmp_path: Path) -> None:
    text = 'kinds:\n  - name: callback\n    path: "callback/{service}/{id}"\n'
    said = "line 3, kinds.0.path: {id} has no value when a service is created"
    assert said in problem_of(tmp_path, text)


MERGED = """\
kinds:
  - &first
    name: one
    meaning: One.
    provenance: unverified
    parameters: &list
      - {name: _a, meaning: A., provenance: unverified}
      - &wrong {name: _b, meaning: B., provenance: guessed}
  - <<: *first
    name: two
    parameters:
      - {name: _a, meaning: A., provenance: unverified}
  - <<: [*first]
    name: three
"""


def test_a_mistake_behind_an_anchor_has_the_line_where_it_is_written(tmp_path: Path) -> None:
    assert "line 8, kinds.0.parameters.1.provenance" in problem_of(tmp_path, MERGED)
    good_first = MERGED.replace("guessed", "unverified")
    overridden = good_first + "    provenance: guessed\n"
    assert "line 15, kinds.2.provenance" in problem_of(tmp_path, overridden)
    aliased = good_first.replace(
        "      - {name: _a, meaning: A., provenance: unverified}\n  - <<", "  - <<"
    )
    aliased = aliased.replace(
        "name: two\n    parameters:\n", "name: two\n    parameters: [*wrong, *wrong]\n"
    )
    assert "kinds.1.parameters.1.name: _b is there twice" in problem_of(tmp_path, aliased)
    by_merge = good_first.replace("  - <<: *first\n    name: two", "  - <<: *first\n    name: one")
    assert "line 10, kinds.1.name: one is there twice" in problem_of(tmp_path, by_merge)
    inherited = good_first.replace("    name: three\n", "")
    assert "line 3, kinds.2.name: one is there twice" in problem_of(tmp_path, inherited)


def test_an_empty_own_file_and_one_of_comments_say_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "")
    put(tmp_path, "b.yaml", "# nothing yet\n")
    put(tmp_path, "c.yaml", "kinds:\nbindings:\n")
    put(tmp_path, ".hidden.yaml", "- broken")
    put(tmp_path, "notes.txt", "- broken")
    assert [one.name for one in loaded(tmp_path)] == [one.name for one in builtin_catalogue()]


def test_a_file_with_the_mark_of_notepad_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "\ufeffbindings:\r\n  callme: hello\r\n")
    assert kind_of(loaded(tmp_path), "callme").name == "hello"


def test_a_folder_that_cannot_be_read_is_a_problem_and_no_end(tmp_path: Path) -> None:
    (tmp_path / "catalogue").write_text("a file where the folder should be")
    result = load_catalogue(tmp_path)
    assert len(result.problems) == 1
    assert list(result.catalogue) == list(builtin_catalogue())
    put(tmp_path / "two", "a.yaml", "").unlink()
    (tmp_path / "two" / "catalogue" / "a.yaml").mkdir()
    assert "a.yaml" in load_catalogue(tmp_path / "two").problems[0]


def test_a_catalogue_error_is_a_value_error() -> None:
    assert issubclass(CatalogueError, ValueError)


def test_the_example_of_the_documentation_works_as_it_stands(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "catalogue.md"
    example = page.read_text("utf-8").partition("tests read this example")[2]
    put(tmp_path, "bank.yaml", example.partition("```yaml\n")[2].partition("```")[0])
    catalogue = loaded(tmp_path)
    talk = kind_of(catalogue, "callback/talk")
    assert (talk.name, talk.poll, talk.values) == ("loan-talk", "where", {"_kind": "loan"})
    assert kind_of(catalogue, "request-interaction").title == "Call the bank"
    assert catalogue.families[-1].family == "Bank"
