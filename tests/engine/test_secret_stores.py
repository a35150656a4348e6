"""Secrets are kept in the keychain or for this start alone; which store it is, is chosen."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked

from gms_console.environments.keeper import (
    SecretStoreError,
    StoreKind,
    open_keeper,
    variable_of,
)
from gms_console.environments.keychain import SERVICE, Keychain

VALUE = "s3cret-Grün/ß+&'\"\\"


class MemoryKeyring(KeyringBackend):
    """A keychain as keyring knows them; `trouble` is what it raises, `gate` holds it up."""

    priority = 9.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None
        self.gate: threading.Event | None = None
        self.reads = 0

    def _enter(self) -> None:
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.trouble is not None:
            raise self.trouble

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        self._enter()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._enter()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._enter()
        del self.kept[service, username]


class PlaintextKeyring(MemoryKeyring):
    """Named as the backend is that writes into a readable file."""


@pytest.fixture
def chosen_keyring() -> Iterator[None]:
    """Give keyring its own backend back after a test."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def chain(chosen_keyring: None) -> MemoryKeyring:
    """A keychain that keyring has chosen."""
    made = MemoryKeyring()
    keyring.set_keyring(made)
    return made


def test_the_keychain_comes_first_and_outlasts_the_start(
    chain: MemoryKeyring, tmp_path: Path
) -> None:
    keeper = open_keeper(tmp_path)
    assert (keeper.kind, keeper.keeps, keeper.locked) == (StoreKind.KEYCHAIN, True, False)
    assert keeper.label == f"the keychain of this system ({chain.name})"
    keeper.set("qa-password", VALUE)
    assert chain.kept == {(SERVICE, "qa-password"): VALUE}
    again = open_keeper(tmp_path)
    assert again.values(["qa-password", "other"]) == {"qa-password": VALUE}
    again.forget("qa-password")
    again.forget("never there")
    assert chain.kept == {}
    assert not open_keeper(tmp_path).known("qa-password")
    assert not any(tmp_path.iterdir())


def test_what_was_read_is_not_asked_for_again(chain: MemoryKeyring, tmp_path: Path) -> None:
    chain.kept[SERVICE, "a"] = VALUE
    keeper = open_keeper(tmp_path)
    assert [keeper.values(["a"]) for _ in range(3)] == [{"a": VALUE}] * 3
    assert chain.reads == 1


def test_a_value_of_this_start_alone_stays_out_of_the_keychain(
    chain: MemoryKeyring, tmp_path: Path
) -> None:
    keeper = open_keeper(tmp_path)
    keeper.set("a", VALUE, keep=False)
    assert keeper.values(["a"]) == {"a": VALUE}
    assert chain.kept == {}


def test_a_variable_wins_and_is_never_kept(
    chain: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert variable_of("qa/pass-word.2") == "GMS_CONSOLE_SECRET_QA_PASS_WORD_2"
    keeper = open_keeper(tmp_path)
    keeper.set("qa/pw", "from the store")
    monkeypatch.setenv("GMS_CONSOLE_SECRET_QA_PW", "from the variable")
    assert keeper.values(["qa/pw"]) == {"qa/pw": "from the variable"}
    assert keeper.masker().mask("from the variable") == "***"
    monkeypatch.delenv("GMS_CONSOLE_SECRET_QA_PW")
    assert keeper.values(["qa/pw"]) == {"qa/pw": "from the store"}


@pytest.mark.parametrize(
    "trouble",
    [
        KeyringLocked("the collection is locked"),
        OSError(f"could not write {VALUE}"),
        RuntimeError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_keychain_that_fails_says_so_without_the_value(
    chain: MemoryKeyring, tmp_path: Path, trouble: Exception
) -> None:
    keeper = open_keeper(tmp_path)
    chain.trouble = trouble
    with pytest.raises(SecretStoreError, match=type(trouble).__name__) as caught:
        keeper.set("a", VALUE)
    error: BaseException | None = caught.value
    while error is not None:
        assert VALUE not in str(error)
        error = error.__context__
    # Nothing that was typed is lost: this start goes on with it.
    assert keeper.values(["a"]) == {"a": VALUE}
    with pytest.raises(SecretStoreError):
        keeper.values(["b"])
    with pytest.raises(SecretStoreError):
        keeper.forget("a")


def test_a_keychain_that_waits_for_its_password_does_not_hold_all_up(chain: MemoryKeyring) -> None:
    chain.gate = threading.Event()
    store = Keychain(chain, answer_time=0.05)
    with pytest.raises(SecretStoreError, match=r"did not answer in 0\.05 s. It may be locked"):
        store.get("a")
    chain.gate.set()
    assert Keychain(chain).get("a") is None


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        ("keyring.backends.fail.Keyring", "No keychain runs on this system."),
        ("keyring.backends.null.Keyring", "The keychain is turned off on this system."),
    ],
)
def test_no_keychain_is_said_with_its_reason(
    chosen_keyring: None, tmp_path: Path, backend: str, reason: str
) -> None:
    keyring.set_keyring(keyring.core.load_keyring(backend))
    keeper = open_keeper(tmp_path)
    assert keeper.kind is StoreKind.ASK
    assert {one.kind: one.reason for one in keeper.kinds if one.reason} == {"keychain": reason}
    with pytest.raises(SecretStoreError, match=reason):
        keeper.choose("keychain")


def test_a_backend_that_writes_plain_text_is_no_keychain(
    chosen_keyring: None, tmp_path: Path
) -> None:
    backend = PlaintextKeyring()
    keyring.set_keyring(backend)
    keeper = open_keeper(tmp_path)
    keeper.set("a", VALUE)
    assert backend.kept == {}
    assert "does not keep secrets safely" in keeper.kinds[0].reason
    assert (keeper.kind, keeper.keeps) == (StoreKind.ASK, False)


def test_of_a_chain_only_what_is_safe_is_used(chosen_keyring: None, tmp_path: Path) -> None:
    plain, safe = PlaintextKeyring(), MemoryKeyring()

    class Chain(ChainerBackend):
        backends = (plain, safe)

    keyring.set_keyring(Chain())  # type: ignore[no-untyped-call]
    open_keeper(tmp_path).set("a", VALUE)
    assert (plain.kept, safe.kept) == ({}, {(SERVICE, "a"): VALUE})


def test_an_empty_chain_is_no_keychain(chosen_keyring: None, tmp_path: Path) -> None:
    class Chain(ChainerBackend):
        backends = ()

    keyring.set_keyring(Chain())  # type: ignore[no-untyped-call]
    assert open_keeper(tmp_path).kinds[0].reason == "No keychain runs on this system."


def test_asking_each_time_keeps_nothing(tmp_path: Path) -> None:
    keeper = open_keeper(tmp_path)
    keeper.set("a", VALUE, keep=True)
    assert (keeper.values(["a"]), keeper.keeps) == ({"a": VALUE}, False)
    assert not open_keeper(tmp_path).known("a")
    assert not any(tmp_path.iterdir())


def test_a_choice_is_remembered_and_an_old_store_keeps_what_it_has(
    chain: MemoryKeyring, tmp_path: Path
) -> None:
    keeper = open_keeper(tmp_path)
    keeper.set("a", VALUE)
    keeper.choose("ask")
    assert chain.kept == {(SERVICE, "a"): VALUE}
    assert open_keeper(tmp_path).kind is StoreKind.ASK
    assert open_keeper(tmp_path, "keychain").kind is StoreKind.KEYCHAIN
    with pytest.raises(ValueError, match="pigeon"):
        keeper.choose("pigeon")


def test_a_keychain_that_has_gone_is_passed_over(chain: MemoryKeyring, tmp_path: Path) -> None:
    open_keeper(tmp_path).choose("keychain")
    keyring.set_keyring(keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    keeper = open_keeper(tmp_path)
    assert keeper.kind is StoreKind.ASK
    assert keeper.kinds[0].reason


def test_nothing_of_it_shows_a_secret(chain: MemoryKeyring, tmp_path: Path) -> None:
    keeper = open_keeper(tmp_path)
    keeper.set("a", VALUE)
    shown = [repr(keeper), str(keeper), repr(keeper.kinds), keeper.label, repr(keeper.masker())]
    shown += [repr(value) for value in (*vars(keeper).values(), Keychain(chain))]
    assert not [text for text in shown if VALUE in text]


@pytest.mark.skipif(
    shutil.which("dbus-run-session") is None or shutil.which("gnome-keyring-daemon") is None,
    reason="needs dbus-run-session and gnome-keyring-daemon",
)
def test_a_real_secret_service_keeps_a_secret(tmp_path: Path) -> None:
    script = tmp_path / "story.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from gms_console.environments.keeper import open_keeper\n"
        "home = Path(sys.argv[1])\nkeeper = open_keeper(home)\nprint(keeper.label)\n"
        "keeper.set('a', 'kept')\nprint(open_keeper(home).values(['a']))\n"
        "keeper.forget('a')\nprint(open_keeper(home).values(['a']))\n",
        "utf-8",
    )
    unlocked = "printf x | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHON_KEYRING_BACKEND"},
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    command = [sys.executable, str(script), str(tmp_path / "home")]
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{unlocked}"$@"', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
        env=environment,
    )
    assert done.stdout.splitlines() == [
        "the keychain of this system (Secret Service)",
        "{'a': 'kept'}",
        "{}",
    ], done.stderr
