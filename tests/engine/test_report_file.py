"""A report comes into its place whole, with the files beside it, or not at all."""

import io
import os
import sys
from pathlib import Path

import pytest

from gms_console.evidence.output import ReportFile
from tests.engine.evidence_items import names


def test_the_report_from_before_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    file.write_text("before")
    report = ReportFile(file)
    report.write("new: \u65e5\r\n")
    assert file.read_text() == "before"
    report.keep()
    assert file.read_bytes() == "new: \u65e5\r\n".encode()
    report.abandon()
    assert names(tmp_path) == ["run.html"]


def test_an_abandoned_report_leaves_nothing(tmp_path: Path) -> None:
    report = ReportFile(tmp_path / "made" / "here" / "run.html")
    report.write("x")
    beside = report.beside("body.bin")
    assert beside is not None
    beside.write_bytes(b"body")
    report.abandon()
    report.abandon()
    assert names(tmp_path) == []


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    report = ReportFile(tmp_path / "a" / "b" / "run.har")
    report.keep()
    assert (tmp_path / "a" / "b" / "run.har").read_text() == ""


def test_files_beside_are_replaced_with_the_report(tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    for name in ("old.bin", "new.bin"):
        report = ReportFile(file)
        beside = report.beside(name)
        assert beside is not None
        beside.write_bytes(name.encode())
        assert report.files_name == "run-files"
        report.write(f"{report.files_name}/{beside.name}")
        report.keep()
        assert (tmp_path / file.read_text()).read_bytes() == name.encode()
    assert not (tmp_path / "run-files" / "old.bin").exists()
    ReportFile(file).keep()
    assert names(tmp_path) == ["run.html"]


def test_a_folder_of_somebody_else_is_never_touched(tmp_path: Path) -> None:
    own = tmp_path / "run-files"
    own.mkdir()
    (own / "precious.txt").write_text("mine")
    other = ReportFile(tmp_path / "run.htm")
    assert other.beside("a") is not None
    other.keep()
    report = ReportFile(tmp_path / "run.html")
    assert report.beside("a") is not None
    report.keep()
    assert report.files_name == "run-files-3"
    assert (own / "precious.txt").read_text() == "mine"
    assert names(tmp_path) == ["run-files", "run-files-2", "run-files-3", "run.htm", "run.html"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("3-answer.json", "3-answer.json"),
        ("../../etc/passwd", "etc-passwd"),
        ("\u65e5\u672c.txt", "file.txt"),
        ("a b\0.tar.gz", "a-b-tar.gz"),
        ("", "file"),
        (".hidden", "file.hidden"),
    ],
)
def test_names_of_files_beside_lead_nowhere_else(tmp_path: Path, wanted: str, given: str) -> None:
    report = ReportFile(tmp_path / "run.html")
    first, second = report.beside(wanted), report.beside(wanted.upper())
    assert first is not None
    assert second is not None
    assert first.name == given
    assert first.parent == second.parent
    assert second.name.casefold() != first.name.casefold()
    report.abandon()


def test_a_stream_gets_the_whole_at_the_end_and_has_no_files_beside() -> None:
    below = io.BytesIO()
    stream = io.TextIOWrapper(below, encoding="ascii", newline="\r\n")
    report = ReportFile(None, stream)
    report.write("\u65e5 \ud800\n" * 400_000)
    assert report.beside("a") is None
    assert below.getvalue() == b""
    report.keep()
    assert below.getvalue() == "\u65e5 ?\n".encode() * 400_000


def test_a_stream_of_text_alone_gets_whole_characters() -> None:
    stream = io.StringIO()
    report = ReportFile(None, stream)
    report.write("x" + "\u65e5" * 50_000)
    report.keep()
    assert stream.getvalue() == "x" + "\u65e5" * 50_000


def test_a_live_stream_gets_each_piece_at_once() -> None:
    stream = io.StringIO()
    report = ReportFile(None, stream, live=True)
    report.write("one\n")
    assert stream.getvalue() == "one\n"
    report.keep()
    assert stream.getvalue() == "one\n"


def test_a_folder_is_no_file_for_a_report(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        ReportFile(tmp_path)
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions there")
def test_a_report_is_for_others_to_read(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    file = tmp_path / "run.har"
    ReportFile(file).keep()
    assert file.stat().st_mode == plain.stat().st_mode
    file.chmod(0o600)
    ReportFile(file).keep()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="no such links and devices there")
def test_links_and_devices_stay_what_they_are(tmp_path: Path) -> None:
    real, link = tmp_path / "run-7.har", tmp_path / "latest.har"
    real.write_text("before")
    link.symlink_to(real.name)
    report = ReportFile(link)
    report.write("new")
    report.keep()
    assert link.is_symlink()
    assert real.read_text() == "new"
    reader, writer = os.pipe()
    try:
        piped = ReportFile(Path(f"/dev/fd/{writer}"))
        piped.write("through")
        assert piped.beside("a") is None
        piped.keep()
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
        os.close(writer)
