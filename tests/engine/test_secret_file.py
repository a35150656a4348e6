"""Secrets in an encrypted file: who has not the passphrase reads none, and damage loses none."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gms_console.environments import secret_file
from gms_console.environments.keeper import (
    SecretKeeper,
    SecretStoreError,
    StoreKind,
    WrongPassphraseError,
    open_keeper,
    preload,
)
from gms_console.environments.secret_file import DamagedSecretsError, SecretFile

PASSPHRASE = "correct horse Batterie 电池"
VALUE = "s3cret-Grün/ß+&'\"\\"

posix = pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a key cost milliseconds."""
    monkeypatch.setattr(secret_file, "_COST", 2**14)


def encrypted(folder: Path, **values: str) -> SecretKeeper:
    """Choose the encrypted file and put values into it."""
    keeper = open_keeper(folder)
    keeper.choose("file")
    keeper.unlock(PASSPHRASE)
    for name, value in values.items():
        keeper.set(name, value)
    return keeper


def test_the_encrypted_file_needs_its_passphrase_once_in_a_start(tmp_path: Path) -> None:
    keeper = open_keeper(tmp_path)
    keeper.choose("file")
    assert (keeper.locked, keeper.is_new) == (True, True)
    with pytest.raises(SecretStoreError, match="locked"):
        keeper.set("a", VALUE)
    with pytest.raises(SecretStoreError, match="passphrase is empty"):
        keeper.unlock("")
    keeper.unlock(PASSPHRASE)
    assert keeper.carry(["a", "never set"]) == ("a",)
    keeper.set("b", "")
    again = open_keeper(tmp_path)
    assert (again.kind, again.locked, again.is_new) == (StoreKind.FILE, True, False)
    assert again.values(["a", "b"]) == {}
    assert not again.known("a")
    again.unlock(PASSPHRASE)
    assert not again.locked
    assert again.values(["a", "b", "c"]) == {"a": VALUE, "b": ""}


@pytest.mark.usefixtures("cheap")
def test_the_file_shows_neither_values_nor_names(tmp_path: Path) -> None:
    encrypted(tmp_path, NameOfASecret=VALUE)
    written = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(written) == {"secrets.enc", ".secrets.enc.lock", "secrets.json"}
    assert json.loads(written["secrets.json"]) == {"kind": "file"}
    for data in written.values():
        for text in (VALUE, PASSPHRASE, "NameOfASecret"):
            assert text.encode() not in data
            assert json.dumps(text)[1:-1].encode() not in data


@posix
@pytest.mark.usefixtures("cheap")
def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    encrypted(tmp_path, a=VALUE)
    assert stat.S_IMODE((tmp_path / "secrets.enc").stat().st_mode) == 0o600


@pytest.mark.usefixtures("cheap")
def test_a_wrong_passphrase_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    encrypted(tmp_path, a=VALUE)
    before = (tmp_path / "secrets.enc").read_bytes()
    keeper = open_keeper(tmp_path)
    with pytest.raises(WrongPassphraseError, match="not the passphrase") as caught:
        keeper.unlock("a wrong guess")
    assert "a wrong guess" not in str(caught.value)
    assert keeper.locked
    assert (tmp_path / "secrets.enc").read_bytes() == before
    keeper.unlock(PASSPHRASE)
    assert keeper.values(["a"]) == {"a": VALUE}


def _version(text: str) -> str:
    return text.replace('"version": 1', '"version": 2')


def _bit(text: str) -> str:
    place = text.index('"data": "') + 12
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def _foreign(text: str) -> str:
    return json.dumps({"format": "something else"})


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:100], "no JSON"),
        (lambda _: "", "no JSON"),
        (lambda _: "[" * 100_000, "damaged"),
        (lambda _: "[]", "damaged"),
        (lambda _: "{}", "'format' is missing"),
        (_foreign, "another format"),
        (_version, "version 2 is not known here"),
        (_bit, "checksum"),
    ],
    ids=["cut", "empty", "deep", "list", "object", "foreign", "version", "bit"],
)
def test_a_damaged_file_is_named_and_never_overwritten(
    tmp_path: Path, change: object, said: str
) -> None:
    encrypted(tmp_path, a=VALUE)
    file = tmp_path / "secrets.enc"
    assert callable(change)
    changed: str = change(file.read_text("utf-8"))
    file.write_text(changed, "utf-8")
    keeper = open_keeper(tmp_path)
    with pytest.raises(DamagedSecretsError, match=said) as caught:
        keeper.unlock(PASSPHRASE)
    assert str(file) in str(caught.value)
    assert file.read_text("utf-8") == changed


@pytest.mark.usefixtures("cheap")
def test_parameters_that_would_take_all_memory_are_refused(tmp_path: Path) -> None:
    encrypted(tmp_path, a=VALUE)
    file = tmp_path / "secrets.enc"
    whole = json.loads(file.read_text("utf-8"))
    del whole["sha256"]
    whole["scrypt"]["n"] = 2**40
    whole["sha256"] = secret_file._checksum(whole)
    file.write_text(json.dumps(whole), "utf-8")
    with pytest.raises(DamagedSecretsError, match="parameters"):
        open_keeper(tmp_path).unlock(PASSPHRASE)


@pytest.mark.usefixtures("cheap")
def test_two_programs_use_the_file_in_turn(tmp_path: Path) -> None:
    one, other = encrypted(tmp_path, a="1"), encrypted(tmp_path)
    other.set("b", "2")
    one.set("c", "3")
    assert other.values(["a", "b", "c"]) == {"a": "1", "b": "2", "c": "3"}
    # A file that was made anew is not opened with the old key, nor written over with it.
    (tmp_path / "secrets.enc").unlink()
    third = SecretFile(tmp_path)
    third.unlock("another passphrase")
    third.set("d", "4")
    with pytest.raises(SecretStoreError, match="made anew"):
        one.set("e", "5")
    assert one.locked
    one.unlock("another passphrase")
    assert one.values(["d"]) == {"d": "4"}


@pytest.mark.usefixtures("cheap")
def test_programs_that_keep_secrets_at_the_same_time_lose_none(tmp_path: Path) -> None:
    encrypted(tmp_path)
    names = [f"name{number}" for number in range(24)]
    programs = [SecretFile(tmp_path) for _ in range(4)]
    for program in programs:
        program.unlock(PASSPHRASE)
    threads = [
        threading.Thread(target=lambda p=program, n=part: [p.set(name, name) for name in n])
        for program, part in zip(programs, (names[i::4] for i in range(4)), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [programs[0].get(name) for name in names] == names


@pytest.mark.usefixtures("cheap")
def test_a_folder_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    keeper = open_keeper(tmp_path / "home", "file")
    with pytest.raises(SecretStoreError, match="home"):
        keeper.unlock(PASSPHRASE)
    assert keeper.locked
    with pytest.raises(SecretStoreError, match="home"):
        keeper.choose("ask")


@pytest.mark.usefixtures("cheap")
def test_many_threads_lose_no_secret(tmp_path: Path) -> None:
    keeper = encrypted(tmp_path)
    names = [f"name{number}" for number in range(24)]
    threads = [
        threading.Thread(target=keeper.set, args=(name, f"value of {name}")) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = open_keeper(tmp_path)
    again.unlock(PASSPHRASE)
    assert again.values(names) == {name: f"value of {name}" for name in names}


@pytest.mark.usefixtures("cheap")
def test_nothing_of_it_shows_a_secret(tmp_path: Path) -> None:
    keeper = encrypted(tmp_path, a=VALUE)
    shown = [repr(keeper), str(keeper), repr(keeper.kinds), keeper.label, repr(keeper.masker())]
    shown += [repr(value) for value in (*vars(keeper).values(), keeper._file._key)]
    assert not [text for text in shown if VALUE in text or PASSPHRASE in text]


def test_preload_leaves_nothing_to_load_in_a_thread(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from gms_console.environments.keeper import open_keeper, preload
assert not {{"keyring", "cryptography"}} & set(sys.modules)
preload()
before = set(sys.modules)
keeper = open_keeper(Path({str(tmp_path)!r}), "file")
keeper.unlock("x")
keeper.set("a", "b")
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
    preload()
