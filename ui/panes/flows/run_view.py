"""The view of a run: cases, steps and checks as a tree, and the timeline of a poll beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from gms_console.poll import Poll
from gms_console.runner.results import Verdict

from ...flows.run_desk import RunDesk, summary_text
from ...models.run_nodes import CaseNode, Leaf, StepNode, verdict_text
from ...tips import plain_tip
from ..common import Hint, give_way, label, named, set_label
from ..state_timeline import StateTimeline
from .result_delegate import ResultDelegate
from .run_words import poll_text, progress_text

_NOTHING = "Nothing has been run yet. Run (F5) carries out the steps above and judges their checks."
_NO_FAILURES = "No case has failed."

_SAMPLES = ("create request-inbound-delayed", "✗ not reached", "60,000.0 ms")
"""What the columns have room for; the last one has the rest."""

_TICK_MS = 200
"""How often the time to a poll's next attempt is looked at."""


class RunView(QWidget):
    """Follows the step that runs until a person chooses another row.

    `evidence_wanted` comes when what was sent and received is to be exported.
    """

    evidence_wanted = Signal()

    def __init__(self, desk: RunDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "runView", "Run")
        self._desk = desk
        self._following = True
        self._poll: Poll | None = None
        self._text_height = 0
        self.summary = named(label("", "section"), "runSummary", "What came of the run")
        self.trouble = named(label("", "error"), "runTrouble", "What is wrong with the run")
        self.trouble.setWordWrap(True)
        self.place_label = named(label("", "muted"), "runPlace", "Where and how it runs")
        self.place_label.setWordWrap(True)
        self.progress = named(QProgressBar(), "runProgress", "Cases that have ended")
        self.progress.setTextVisible(False)
        self.failures_box = named(QCheckBox("&Only failures"), "runFailuresBox", "Only failures")
        self.evidence_button = named(
            QPushButton("E&vidence …"), "runEvidenceButton", "Export evidence of the run"
        )
        self.evidence_button.setAutoDefault(False)
        self.tree = self._make_tree()
        self._hint = Hint(self.tree, _NOTHING, below=self.tree.fontMetrics().height() + 14)
        self.timeline = StateTimeline()
        self.timeline.setObjectName("runTimeline")
        self.poll_label = named(QLabel(), "runPollLabel", "The poll")
        self.poll_label.setTextFormat(Qt.TextFormat.PlainText)
        self.poll_label.setProperty("role", "muted")
        give_way(self.poll_label)
        self.elsewhere = named(label("", "muted"), "runElsewhere", "Whose run the last one was")
        self.elsewhere.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.elsewhere.setWordWrap(True)
        self.elsewhere.hide()
        self.written_label = named(label("", "muted"), "runWritten", "Reports that were written")
        give_way(self.written_label)
        self.open_button = named(QPushButton("Ope&n"), "runOpenButton", "Open the report")
        self.open_button.setAutoDefault(False)
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._lay_out()
        self._connect()
        self.refresh()

    def _make_tree(self) -> QTreeView:
        tree = named(QTreeView(), "runTree", "Cases, steps and checks")
        tree.setModel(self._desk.model)
        tree.setUniformRowHeights(True)
        tree.setAllColumnsShowFocus(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setItemDelegateForColumn(1, ResultDelegate(tree))
        head = tree.header()
        head.setStretchLastSection(True)
        for column in range(3):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        return tree

    def _share(self) -> None:
        """Give the columns the room that their words need in this size of text."""
        metrics = self.tree.fontMetrics()
        head = self.tree.header()
        for column, sample in enumerate(_SAMPLES):
            indented = 2 * self.tree.indentation() if column == 0 else 0
            head.resizeSection(column, metrics.horizontalAdvance(sample) + 24 + indented)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            size = self.fontMetrics().height()
            if size != self._text_height:
                self._text_height = size
                self._share()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.place_label, 1)
        head.addWidget(self.failures_box)
        head.addWidget(self.evidence_button)
        state = QHBoxLayout()
        state.setSpacing(10)
        state.addWidget(self.summary)
        state.addWidget(self.progress, 1)
        written = QHBoxLayout()
        written.setSpacing(10)
        written.addWidget(self.written_label, 1)
        written.addWidget(self.open_button)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addWidget(self.poll_label)
        side.addWidget(self.timeline, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self._side)
        self.splitter.setSizes([660, 320])
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self._side.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(state)
        column.addWidget(self.trouble)
        column.addLayout(written)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.elsewhere, 1)
        self._share()

    def _connect(self) -> None:
        self._desk.changed.connect(self.refresh)
        self._desk.moved.connect(self._on_moved)
        self.failures_box.clicked.connect(self._filter)
        self.evidence_button.clicked.connect(self.evidence_wanted)
        self.open_button.clicked.connect(self._open)
        # A click is a person's choice; what is followed is chosen without one.
        self.tree.clicked.connect(self._choose)
        self.tree.activated.connect(self._choose)
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.timeline.attempt_chosen.connect(self._desk.show)
        self._desk.model.modelReset.connect(self._on_reset)
        self._desk.model.rowsInserted.connect(self._on_inserted)

    # --- what is shown -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show how the run stands."""
        desk = self._desk
        self.trouble.setText(desk.trouble)
        self.trouble.setVisible(bool(desk.trouble))
        text, role = self._summary()
        set_label(self.summary, text, role)
        self.summary.setVisible(bool(text))
        self._show_place()
        self._show_whose()
        self._show_written()
        self.progress.setVisible(desk.running and desk.cases > 1)
        self.progress.setMaximum(max(desk.cases, 1))
        self.progress.setValue(desk.model.verdicts.total())
        self.failures_box.setVisible(desk.cases > 1 and desk.shown)
        record = desk.record
        kept = record is not None and (record.ended or record.too_much)
        self.evidence_button.setEnabled(kept and desk.shown and not desk.running)

    def _show_place(self) -> None:
        """Say before it runs where that would be, and how."""
        desk = self._desk
        place = desk.place
        stands = desk.stands_for if desk.shown else ""
        text = " · ".join(filter(None, (place.text, desk.options.text, stands)))
        set_label(self.place_label, text, "warning" if place.other else "muted")
        self.place_label.setToolTip(plain_tip(text))

    def _show_whose(self) -> None:
        """Show the run of the open flow alone; of another one say that there is one."""
        desk = self._desk
        self.splitter.setVisible(desk.shown)
        self.elsewhere.setVisible(not desk.shown)
        if not desk.shown and desk.flow is not None:
            state = "is running" if desk.running else "ran last"
            self.elsewhere.setText(
                f"Another flow, “{desk.flow.title}”, {state}. Open it to see what came of it."
            )

    def _show_written(self) -> None:
        """Say which reports the run has written."""
        files = self._desk.written if self._desk.shown else ()
        names = ", ".join(file.name for file in files)
        self.written_label.setText(f"Written: {names}" if names else "")
        self.written_label.setToolTip(plain_tip("\n".join(map(str, files))))
        for part in (self.written_label, self.open_button):
            part.setVisible(bool(files))

    def _open(self) -> None:
        """Open the first report that was written: the HTML page, where there is one."""
        files = sorted(self._desk.written, key=lambda file: file.suffix != ".html")
        if files:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(files[0].absolute())))

    def _summary(self) -> tuple[str, str]:
        desk = self._desk
        if not desk.shown:
            return "", "section"
        if desk.running:
            return progress_text(desk), "section"
        if desk.summary is None:
            return "", "section"
        role = "good" if desk.summary.ok else "warning" if desk.summary.interrupted else "error"
        verdict = Verdict.PASSED if desk.summary.ok else Verdict.FAILED
        mark = verdict_text(Verdict.INTERRUPTED if desk.summary.interrupted else verdict)[0]
        return f"{mark} {summary_text(desk.summary)}", role

    def _on_reset(self) -> None:
        self._following = True
        self._hint.setText(_NO_FAILURES if self._desk.model.only_failures else _NOTHING)
        self._show_poll()

    def _on_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        """Open the first case, and what failed in it: there is little to look at otherwise."""
        model = self._desk.model
        if not parent.isValid() and first == 0:
            self.tree.expand(model.index(0, 0))
        del last

    def _on_moved(self) -> None:
        model = self._desk.model
        if len(model.cases) == 1 and not model.only_failures:
            for step in model.cases[0].steps:
                index = model.index_of(step)
                bad = step.tone == "error" and step.leaves
                if bad and not self.tree.isExpanded(index):
                    self.tree.expand(index)
        current = model.current
        follows = self._following and len(model.cases) == 1
        if follows and current is not None and current.case.row >= 0:
            index = model.index_of(current)
            if index != self.tree.currentIndex().siblingAtColumn(0):
                flags = QItemSelectionModel.SelectionFlag
                self.tree.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                self.tree.scrollTo(index)
        self._show_poll()
        self.refresh()

    def _filter(self) -> None:
        self._desk.model.show_only_failures(on=self.failures_box.isChecked())
        if self._desk.model.rowCount():
            self.tree.expand(self._desk.model.index(0, 0))

    # --- what is chosen ------------------------------------------------------------------------

    def _node(self) -> CaseNode | StepNode | Leaf | None:
        return self._desk.model.node(self.tree.currentIndex())

    def _step(self) -> StepNode | None:
        node = self._node()
        return node.step if isinstance(node, Leaf) else node if isinstance(node, StepNode) else None

    def _choose(self) -> None:
        """Show the exchange of the chosen step in the main window."""
        self._following = False
        step = self._step()
        if step is not None and step.exchange_id:
            self._desk.show(step.exchange_id)

    def _on_current(self) -> None:
        """Show the poll of the row, and beside the steps what came of its case."""
        node = self._node()
        case = node.step.case if isinstance(node, Leaf) else node
        case = case.case if isinstance(case, StepNode) else case
        self._desk.choose_case(case)
        self._show_poll()

    def _show_poll(self) -> None:
        """Show the timeline of the chosen step, where it is a poll."""
        step = self._step()
        poll = step.poll if step is not None else None
        self._side.setVisible(poll is not None)
        if poll is not None:
            self.timeline.show_poll(poll, self._desk.kind_of(poll))
            self._show_poll_text(poll)
        self._poll = poll
        running = poll is not None and poll.running
        if running != self._clock.isActive():
            (self._clock.start if running else self._clock.stop)()

    def _tick(self) -> None:
        if self._poll is not None and self.isVisible():
            self._show_poll_text(self._poll)

    def _show_poll_text(self, poll: Poll) -> None:
        text = poll_text(poll)
        self.poll_label.setText(text)
        self.poll_label.setToolTip(plain_tip(text))
