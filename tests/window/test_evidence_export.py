"""Exports evidence in the window: what is in the files, what is not, and what is shown before."""

import json
import threading
from pathlib import Path

import pytest
from junitparser import JUnitXml
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gms_console.evidence.html_report import HtmlReport
from gms_console.flow.types import Flow
from gms_console.ui.flows import run_record
from gms_console.ui.flows.run_options import RunOptions
from gms_console.ui.panes.evidence.dialog import EvidenceDialog
from gms_console.ui.window import MainWindow
from gms_console.workspace import Draft, Workspace, load_workspace, save_workspace
from tests.support.wire_server import WireServer, hold, json_answer
from tests.window.conftest import OpenWindow
from tests.window.driving import (
    active_dialog,
    add_row,
    back_in,
    click,
    find,
    press,
    retype,
    send,
    texts,
)
from tests.window.history import open_history, open_kept
from tests.window.runs import cancel, create

PHONE, SECRET = "+16504669999", "hunter22-secret"
CREATED = json_answer({"_id": "I-1", "_phone_number": PHONE, "text": f"calls {PHONE}"})
MENU = json_answer(
    {
        "_id": "I-1",
        "_dialog_id": "0",
        "_action": "DisplayMenu",
        "_label": "What for?",
        "_content": [
            {
                "_group_name": "",
                "_group_content": [{"_label": "Sales", "_user_action_url": "/1/service/I-1/sales"}],
            }
        ],
    }
)


@pytest.fixture
def kept(open_window: OpenWindow, tmp_path: Path, wire: WireServer) -> MainWindow:
    """A window that keeps its history, and begins exports in a folder of the test."""
    (tmp_path / "out").mkdir()
    (tmp_path / "home").mkdir()
    return open_kept(open_window, tmp_path / "home", wire)


def export(window: MainWindow, qtbot: QtBot, key: str = "Ctrl+Shift+X") -> EvidenceDialog:
    press(window, key)
    return active_dialog(qtbot, EvidenceDialog)


def write(dialog: EvidenceDialog, file: Path, qtbot: QtBot) -> str:
    """Export into `file`; give what the dialog says of it."""
    retype(find(dialog, QLineEdit, "evidenceFileEdit"), str(file))
    click(find(dialog, QPushButton, "evidenceExportButton"))
    outcome = find(dialog, QLabel, "evidenceOutcome")
    qtbot.waitUntil(outcome.isVisible)
    return outcome.text()


def tick(dialog: EvidenceDialog, name: str, *, on: bool = True) -> None:
    box = find(dialog, QCheckBox, name)
    if box.isChecked() is not on:
        box.setFocus()
        press(box, "Space")


def sent_with_secrets(window: MainWindow, wire: WireServer, qtbot: QtBot) -> None:
    add_row(window, "_phone_number", PHONE)
    add_row(window, "password", SECRET)
    send(window, wire, qtbot)


def test_a_session_is_written_without_its_secrets_and_numbers(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    sent_with_secrets(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    for kind in ("html", "har", "jsonl"):
        tick(dialog, f"evidence_{kind}_Box")
    retype(find(dialog, QLineEdit, "evidenceTitleEdit"), "Defect 4711")
    retype(find(dialog, QPlainTextEdit, "evidenceNoteEdit"), f"Call {PHONE} was lost")
    said = write(dialog, tmp_path / "out" / "proof", qtbot)
    assert said.startswith("✓ proof.html and proof.har and proof.jsonl: 1 request, ")
    written = {file.suffix: file.read_text("utf-8") for file in (tmp_path / "out").iterdir()}
    assert sorted(written) == [".har", ".html", ".jsonl"]
    for text in written.values():
        assert "request-interaction" in text
        assert "[phone-1]" in text
        assert PHONE not in text
        assert PHONE[1:] not in text
        assert SECRET not in text
    assert "Defect 4711" in written[".html"]
    entries = json.loads(written[".har"])["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries] == [200]
    press(dialog, "Esc")
    back_in(kept, qtbot)


def test_the_preview_shows_what_is_masked_and_follows_the_rules(
    kept: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    sent_with_secrets(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    table = find(dialog, QTreeView, "maskedTable")
    qtbot.waitUntil(lambda: "phone numbers" in texts(table))
    place = texts(table).index("phone numbers")
    assert (texts(table, 2)[place], texts(table, 3)[place]) == (PHONE, "[phone-1]")
    assert not any(SECRET in text for column in range(4) for text in texts(table, column))
    tick(dialog, "rule_phones_Box", on=False)
    retype(find(dialog, QLineEdit, "ownKeysEdit"), "te*t")
    qtbot.waitUntil(lambda: "own keys" in texts(table))
    assert "phone numbers" not in texts(table)
    press(dialog, "Esc")


def test_a_rule_that_is_off_lets_its_values_through(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    sent_with_secrets(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    tick(dialog, "rule_phones_Box", on=False)
    write(dialog, tmp_path / "out" / "open.html", qtbot)
    text = (tmp_path / "out" / "open.html").read_text("utf-8")
    assert PHONE in text
    assert SECRET not in text
    press(dialog, "Esc")


def test_choices_are_kept_for_the_next_start(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    sent_with_secrets(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    tick(dialog, "evidence_har_Box")
    tick(dialog, "rule_emails_Box", on=False)
    retype(find(dialog, QLineEdit, "ownKeysEdit"), "customer_name")
    write(dialog, tmp_path / "out" / "proof", qtbot)
    press(dialog, "Esc")
    back_in(kept, qtbot)
    kept.save()
    assert load_workspace(tmp_path / "home").evidence == {
        "formats": ["html", "har"],
        "rules": {"off": ["e-mail addresses"], "own_keys": ["customer_name"]},
        "folder": str(tmp_path / "out"),
    }
    again = export(kept, qtbot)
    assert find(again, QCheckBox, "evidence_har_Box").isChecked()
    assert not find(again, QCheckBox, "rule_emails_Box").isChecked()
    assert Path(find(again, QLineEdit, "evidenceFileEdit").text()).parent == tmp_path / "out"
    press(again, "Esc")


def test_chosen_rows_of_the_history_are_exported_alone(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED, json_answer({"_id": "I-2"}))
    send(kept, wire, qtbot)
    send(kept, wire, qtbot)
    view = open_history(kept, qtbot, 2)
    view.setFocus()
    press(kept, "Down")
    dialog = export(kept, qtbot, "Ctrl+Alt+R")
    assert find(dialog, QComboBox, "evidenceScopeCombo").currentText() == (
        "1 chosen row of the history"
    )
    assert "1 request, " in write(dialog, tmp_path / "out" / "row", qtbot)
    press(dialog, "Esc")


def test_an_instance_is_exported_with_its_create(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(json_answer({"_id": "I-2"}), CREATED, json_answer({"status": "agent-ready"}))
    send(kept, wire, qtbot)
    send(kept, wire, qtbot)
    newest = next(one for one in kept.console.session.instances if one.id == "I-1")
    kept.console.live.select(newest)
    press(kept, "Ctrl+R")
    qtbot.waitUntil(lambda: len(wire.requests) == 3)
    qtbot.waitUntil(lambda: not kept.console.session.running_polls())
    dialog = export(kept, qtbot, "Ctrl+Alt+I")
    assert "2 requests, 1 poll, " in write(dialog, tmp_path / "out" / "one", qtbot)
    text = (tmp_path / "out" / "one.html").read_text("utf-8")
    assert "I-1" in text
    assert "I-2" not in text
    press(dialog, "Esc")


def test_in_private_mode_the_session_in_memory_is_exported(
    open_window: OpenWindow, tmp_path: Path, wire: WireServer, qtbot: QtBot
) -> None:
    save_workspace(
        tmp_path,
        Workspace(
            base_url=wire.base_url, create=Draft(service="request-interaction"), private=True
        ),
    )
    window = open_window(folder=tmp_path)
    wire.script(CREATED)
    send(window, wire, qtbot)
    dialog = export(window, qtbot)
    assert "1 request, " in write(dialog, tmp_path / "proof", qtbot)
    assert "request-interaction" in (tmp_path / "proof.html").read_text("utf-8")
    press(dialog, "Esc")


def test_pictures_of_the_phone_are_off_until_they_are_wanted(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(MENU)
    send(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    box = find(dialog, QCheckBox, "evidenceScreensBox")
    assert not box.isChecked()
    assert "stay readable" in find(dialog, QLabel, "evidenceScreensLabel").text()
    write(dialog, tmp_path / "out" / "plain", qtbot)
    assert "data:image/png" not in (tmp_path / "out" / "plain.html").read_text("utf-8")
    click(box)
    assert "1 picture" in write(dialog, tmp_path / "out" / "pictures", qtbot)
    assert "data:image/png" in (tmp_path / "out" / "pictures.html").read_text("utf-8")
    press(dialog, "Esc")


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    send(kept, wire, qtbot)
    (tmp_path / "file").write_text("no folder", "utf-8")
    dialog = export(kept, qtbot)
    said = write(dialog, tmp_path / "file" / "proof", qtbot)
    assert said.startswith("Nothing was written. ")
    assert find(dialog, QPushButton, "evidenceExportButton").isEnabled()
    press(dialog, "Esc")


def test_a_file_that_is_there_is_said_to_be_replaced(
    kept: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "out" / "proof.html").write_text("before", "utf-8")
    dialog = export(kept, qtbot)
    retype(find(dialog, QLineEdit, "evidenceFileEdit"), str(tmp_path / "out" / "proof.html"))
    assert find(dialog, QLabel, "evidenceFilesLabel").text() == (
        "Writes proof.html. proof.html is replaced."
    )
    tick(dialog, "evidence_html_Box", on=False)
    assert find(dialog, QLabel, "evidenceFilesLabel").text() == "Choose a format."
    assert not find(dialog, QPushButton, "evidenceExportButton").isEnabled()
    press(dialog, "Esc")


def test_what_a_run_sent_is_exported(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(json_answer({"_id": "I-0"}), CREATED, json_answer({}))
    send(kept, wire, qtbot)
    kept.console.flows.set_flow(Flow(name="Story", steps=(create(), cancel())))
    flows = kept.flow_actions.window
    runs = kept.console.runs
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    qtbot.waitUntil(lambda: not runs.running and runs.summary is not None)
    click(find(flows, QPushButton, "runEvidenceButton"))
    dialog = active_dialog(qtbot, EvidenceDialog)
    assert find(dialog, QComboBox, "evidenceScopeCombo").currentText() == ("The run of “Story”")
    assert "2 requests, " in write(dialog, tmp_path / "out" / "run", qtbot)
    assert "I-0" not in (tmp_path / "out" / "run.html").read_text("utf-8")
    press(dialog, "Esc")
    kept.console.flows.close_document(kept.console.flows.document)


def test_the_card_of_an_instance_offers_its_evidence(
    kept: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    send(kept, wire, qtbot)
    cards = find(kept, QListView, "instanceList")
    cards.customContextMenuRequested.emit(cards.visualRect(cards.model().index(0, 0)).center())
    menu = find(kept, QMenu, "instanceMenu")
    assert [action.text() for action in menu.actions()] == [
        "Export evidence o&f the instance …",
        "&Take it off the list",
    ]
    press(menu, "F")
    dialog = active_dialog(qtbot, EvidenceDialog)
    assert find(dialog, QComboBox, "evidenceScopeCombo").currentText() == (
        "The instance request-interaction I-1"
    )
    press(dialog, "Esc")


def test_what_is_sent_by_hand_beside_a_run_is_no_evidence_of_it(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    gate = threading.Event()
    wire.script(CREATED, hold(gate, json_answer({"text": "run"})), MENU)
    kept.console.flows.set_flow(Flow(name="Story", steps=(create(), cancel())))
    flows = kept.flow_actions.window
    runs = kept.console.runs
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    qtbot.waitUntil(lambda: wire.waiting == 1)
    kept.activateWindow()
    qtbot.waitUntil(kept.isActiveWindow)
    send(kept, wire, qtbot)
    gate.set()
    qtbot.waitUntil(lambda: not runs.running and runs.summary is not None)
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    click(find(flows, QPushButton, "runEvidenceButton"))
    dialog = active_dialog(qtbot, EvidenceDialog)
    # The phone that shows a menu is that of the person's own instance.
    assert not find(dialog, QCheckBox, "evidenceScreensBox").isEnabled()
    assert "2 requests, " in write(dialog, tmp_path / "out" / "run", qtbot)
    assert "What for?" not in (tmp_path / "out" / "run.html").read_text("utf-8")
    press(dialog, "Esc")
    kept.console.flows.close_document(kept.console.flows.document)


def test_closing_the_console_ends_an_export_and_leaves_no_half_of_it(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    send(kept, wire, qtbot)
    dialog = export(kept, qtbot)
    retype(find(dialog, QLineEdit, "evidenceFileEdit"), str(tmp_path / "out" / "proof"))
    begun, gate = threading.Event(), threading.Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HtmlReport, "add", lambda *_: begun.set() or gate.wait())  # type: ignore[func-returns-value]
        click(find(dialog, QPushButton, "evidenceExportButton"))
        qtbot.waitUntil(begun.is_set)
        kept.close_unasked()
        gate.set()
        qtbot.waitUntil(kept.finished.is_set)
    assert list((tmp_path / "out").iterdir()) == []


def test_evidence_of_a_failed_run_has_its_checks_and_rows(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    """It is what the reports have that a run writes itself: verdicts, checks and data rows."""
    wire.script(CREATED, json_answer({"message": "no"}, status=500))
    rows = tmp_path / "rows.csv"
    rows.write_text("language\nfrench\ngerman\n", "utf-8")
    kept.console.flows.set_flow(Flow(name="Story", steps=(create(),)))
    flows = kept.flow_actions.window
    runs = kept.console.runs
    runs.use(RunOptions(data=rows, reports={"junit": tmp_path / "during.xml"}))
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    press(flows, "F5")
    qtbot.waitUntil(lambda: not runs.running and runs.summary is not None)
    click(find(flows, QPushButton, "runEvidenceButton"))
    dialog = active_dialog(qtbot, EvidenceDialog)
    for kind in ("html", "jsonl", "junit"):
        tick(dialog, f"evidence_{kind}_Box")
    table = find(dialog, QTreeView, "maskedTable")
    qtbot.waitUntil(lambda: "phone numbers" in texts(table))
    said = write(dialog, tmp_path / "out" / "run", qtbot)
    assert "2 requests, 2 cases, 2 checks" in said
    page = (tmp_path / "out" / "run.html").read_text("utf-8")
    assert "http 200" in page
    assert "german" in page
    assert "No problems" not in page
    assert PHONE not in page
    during = (tmp_path / "during.xml").read_text("utf-8")
    after = (tmp_path / "out" / "run.xml").read_text("utf-8")
    count = JUnitXml.fromstring(after.encode())
    assert (count.tests, count.failures) == (2, 1)
    assert after == during
    press(dialog, "Esc")
    kept.console.flows.close_document(kept.console.flows.document)


def test_a_run_that_is_too_large_to_be_kept_says_what_to_do(
    kept: MainWindow, wire: WireServer, qtbot: QtBot
) -> None:
    wire.script(CREATED)
    kept.console.flows.set_flow(Flow(name="Story", steps=(create(), cancel())))
    flows = kept.flow_actions.window
    runs = kept.console.runs
    flows.activateWindow()
    qtbot.waitUntil(flows.isActiveWindow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_record.RunRecord.__init__, "__defaults__", (4, 1000))
        press(flows, "F5")
        qtbot.waitUntil(lambda: not runs.running and runs.summary is not None)
    click(find(flows, QPushButton, "runEvidenceButton"))
    dialog = active_dialog(qtbot, EvidenceDialog)
    assert "Choose its reports before it runs" in find(dialog, QLabel, "evidenceFilesLabel").text()
    assert not find(dialog, QPushButton, "evidenceExportButton").isEnabled()
    press(dialog, "Esc")
    kept.console.flows.close_document(kept.console.flows.document)


def test_an_error_of_a_report_is_named_and_not_called_a_cancellation(
    kept: MainWindow, wire: WireServer, qtbot: QtBot, tmp_path: Path
) -> None:
    wire.script(CREATED)
    send(kept, wire, qtbot)
    dialog = export(kept, qtbot)

    def broken(*_: object) -> None:
        raise ValueError("no such tone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HtmlReport, "add", broken)
        said = write(dialog, tmp_path / "out" / "proof", qtbot)
    assert said == "Nothing was written. ValueError: no such tone"
    press(dialog, "Esc")
