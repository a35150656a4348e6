"""The window that compares: two exchanges side by side, and what differs between them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gms_console.comparison import Comparison
from gms_console.redaction import Masker, header_secrets

from ...comparison.desk import Pair
from ...console import Console
from ...sharing import masked
from ..common import label, named, set_label
from ..state_looks import StateLooks
from .diff_views import DiffTable, DiffTree
from .found_rows import header_rows, line_rows, phase_rows, sent_rows
from .rows_tab import RowsTab
from .rules_dialog import RulesDialog
from .sides import SidesBar
from .timelines_tab import TimelinesTab
from .value_dialog import ValueDialog
from .words import (
    COMPARING,
    LEGEND,
    header_rules,
    node_rules,
    only_text,
    summary,
)

_HEADERS, _REQUEST, _TIMELINES = 1, 2, 4
"""Places of tabs."""


class ComparisonWindow(QDialog):
    """Shows the pair of the ComparisonDesk. It is not modal, and Esc closes it.

    It goes with the main window, and stands where it was left when it is shown again.
    """

    def __init__(self, console: Console, parent: QWidget) -> None:
        super().__init__(parent)
        self._console = console
        self._desk = console.comparison
        self._shown: tuple[Pair, Comparison] | None = None
        self._menu: QMenu | None = None
        self._dialog: QDialog | None = None
        self.setObjectName("comparisonWindow")
        self.setWindowTitle("Comparison")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setModal(False)
        self.resize(1060, 660)
        self._make_parts()
        self._lay_out()
        self._connect()

    # --- parts ---------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.sides = SidesBar()
        self.verdict = named(QLabel(), "comparisonVerdict", "What it means")
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.summary = named(label("", "section"), "comparisonSummary", "What differs")
        self.note = named(label("", "muted"), "comparisonNote", "Note")
        for one in (self.verdict, self.note):
            one.setWordWrap(True)
        self.only_box = named(
            QCheckBox("Only &differences"), "comparisonOnlyBox", "Only differences"
        )
        self.before_button = self._button("Pre&vious", "comparisonPreviousButton", "Shift+F7")
        self.next_button = self._button("&Next", "comparisonNextButton", "F7")
        self.rules_button = self._button("&Ignored …", "comparisonRulesButton", "")
        self.tree = DiffTree()
        text_heads = ("", "Left", "Right")
        self.lines = DiffTable(
            "comparisonLines", "Lines of the answers", text_heads, (1, 2), signed=0
        )
        self.nothing = named(label(COMPARING, "muted"), "comparisonNothing", "Nothing to compare")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.headers = DiffTable(
            "comparisonHeaders",
            "Headers of the answers",
            ("Header", "Left", "Right"),
            (1, 2),
            signed=0,
        )
        self.request = DiffTable(
            "comparisonRequest", "What was sent", ("Row", "Left", "Right"), (1, 2), signed=0
        )
        self.headers_tab = RowsTab(self.headers, "The headers")
        self.request_tab = RowsTab(self.request, "The requests")
        self.legend = named(label(LEGEND, "muted"), "comparisonLegend", "What the signs mean")
        self.phases = DiffTable(
            "comparisonPhases",
            "Phases of time",
            ("Phase", "Left", "Right", "Right against left"),
            (),
            signed=None,
        )

        self.timelines = TimelinesTab()

    def _button(self, text: str, name: str, keys: str) -> QPushButton:
        made = named(QPushButton(text), name, text.replace("&", ""))
        made.setAutoDefault(False)
        if keys:
            made.setToolTip(f"{text.replace('&', '')} difference ({keys})")
        return made

    def _lay_out(self) -> None:
        self.lines.share(narrow=(0,))
        self.lines.setColumnWidth(0, 34)
        self.headers.share(narrow=(0,))
        self.headers.setColumnWidth(0, 240)
        self.request.share(narrow=(0,))
        self.request.setColumnWidth(0, 240)
        self.phases.share(narrow=())
        self.body = QStackedWidget()
        for view in (self.nothing, self.tree, self.lines):
            self.body.addWidget(view)
        self.tabs = named(QTabWidget(), "comparisonTabs", "What is compared")
        self.tabs.addTab(self.body, "Body")
        self.tabs.addTab(self.headers_tab, "Headers")
        self.tabs.addTab(self.request_tab, "Request")
        self.tabs.addTab(self.phases, "Timing")
        self.tabs.addTab(self.timelines, "Timelines")
        self.tabs.setTabVisible(_TIMELINES, False)
        bar = QHBoxLayout()
        bar.addWidget(self.summary)
        bar.addStretch(1)
        for part in (self.only_box, self.before_button, self.next_button, self.rules_button):
            bar.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.sides)
        column.addWidget(self.verdict)
        column.addLayout(bar)
        column.addWidget(self.note)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.legend)

    def _connect(self) -> None:
        self._desk.changed.connect(self.refresh)
        self.sides.swap_button.clicked.connect(self._desk.swap)
        self.only_box.clicked.connect(self._show_rows)
        self.before_button.clicked.connect(lambda: self.go(-1))
        self.next_button.clicked.connect(lambda: self.go(1))
        self.rules_button.clicked.connect(self.edit_rules)
        self.tabs.currentChanged.connect(self._show_ways)
        self.tree.opened.connect(self.open_value)
        self.tree.customContextMenuRequested.connect(self._open_tree_menu)
        for table in (self.lines, self.headers, self.request):
            table.opened.connect(self.open_value)
            table.customContextMenuRequested.connect(self._open_table_menu)
        for keys, step in ((("F7", "Alt+Down"), 1), (("Shift+F7", "Alt+Up"), -1)):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.triggered.connect(lambda _=False, step=step: self.go(step))
            self.addAction(action)
        copy = QAction(self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self.copy_values)
        self.addAction(copy)

    # --- what is shown ---------------------------------------------------------------------

    def show_up(self) -> None:
        """Show the pair as it stands, in front."""
        self._desk.resume()
        self.refresh()
        self.show()
        self.raise_()
        self.activateWindow()

    def done(self, result: int) -> None:
        """Close, and let go what is still being compared."""
        super().done(result)
        self._desk.stop()

    def refresh(self) -> None:
        """Show the pair that is compared, and what has been found of it so far."""
        pair, compared = self._desk.pair, self._desk.compared
        if pair is None:
            return
        self.sides.show_pair(pair)
        verdict = pair.verdict
        self.verdict.setVisible(verdict is not None)
        if verdict is not None:
            set_label(self.verdict, verdict.text, verdict.tone)
        if compared is None:
            set_label(self.summary, COMPARING if self._desk.busy else "Not compared", "muted")
            self.note.hide()
            if self._shown is not None and self._shown[0] is not pair:
                self._clear()
            return
        if self._shown is None or self._shown[1] is not compared:
            self._begin(pair, compared)

    def _clear(self) -> None:
        """Leave nothing of another pair in sight."""
        self._shown = None
        self.tree.show_tree(None, only_differences=False)
        for table in (self.lines, self.headers_tab, self.request_tab, self.phases):
            table.show_rows((), only_differences=False)
        self.nothing.setText(COMPARING)
        self.body.setCurrentWidget(self.nothing)
        self._show_ways()

    def _begin(self, pair: Pair, found: Comparison) -> None:
        anew = self._shown is None or self._shown[0] is not pair
        self._shown = pair, found
        if anew or not found.differences:
            self.only_box.setChecked(bool(found.differences))
        text, role = summary(found)
        set_label(self.summary, text, role)
        status = ""
        if found.status[0] != found.status[1]:
            status = f"Status: {found.status[0]} on the left, {found.status[1]} on the right. "
        self.note.setText(f"{status}{found.note}".strip())
        self.note.setVisible(bool(self.note.text()))
        self._show_rows()
        self._show_timelines(pair)
        first = self._first_tab(found)
        if anew:
            self.tabs.setCurrentIndex(first)
            self._view().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_timelines(self, pair: Pair) -> None:
        over = self._desk.overlay
        kind = self._console.services.kind_of(pair.service) if pair.service else None
        self.timelines.show_overlay(over, StateLooks(kind))
        self.tabs.setTabVisible(_TIMELINES, over is not None)

    def _first_tab(self, found: Comparison) -> int:
        """Begin with two polls, else with the headers where only these differ."""
        in_body = found.body is not None and found.body.differences
        in_lines = any(change.counts for change, _, _ in found.lines)
        in_headers = any(one.change.counts for one in found.headers)
        if self._desk.overlay is not None:
            return _TIMELINES
        return _HEADERS if in_headers and not in_body and not in_lines else 0

    def _show_rows(self) -> None:
        """Fill the views, with all or with what differs."""
        if self._shown is None:
            return
        found, only = self._shown[1], self.only_box.isChecked()
        self.tree.show_tree(found.body, only_differences=only)
        self.lines.show_rows(line_rows(found), only_differences=only)
        self.phases.show_rows(phase_rows(found), only_differences=False)
        tabs = (
            (_HEADERS, "Headers", self.headers_tab, header_rows(found)),
            (_REQUEST, "Request", self.request_tab, sent_rows(found)),
        )
        for place, name, tab, shown in tabs:
            different = tab.show_rows(shown, only_differences=only)
            self.tabs.setTabText(place, f"{name} ({different})" if different else name)
        self.only_box.setText(only_text(found.ignored if only else 0))
        self._show_body(found)
        self._show_ways()

    def _show_body(self, found: Comparison) -> None:
        if found.body is not None:
            self.body.setCurrentWidget(self.tree)
        elif self.lines.rows.rowCount():
            self.body.setCurrentWidget(self.lines)
        else:
            same = found.lines and not found.differences
            said = "All lines are the same." if same else "There are no bodies to compare."
            self.nothing.setText(said if not found.note else f"{said}\n{found.note}")
            self.body.setCurrentWidget(self.nothing)

    def _view(self) -> DiffTree | DiffTable | QLabel:
        """Give the view in front."""
        shown = self.tabs.currentWidget()
        inner = self.body.currentWidget() if shown is self.body else shown
        if isinstance(inner, RowsTab):
            inner = inner.table if inner.rows_shown else self.nothing
        if inner is self.timelines:
            inner = self.timelines.table
        return inner if isinstance(inner, DiffTree | DiffTable) else self.nothing

    def _show_ways(self) -> None:
        view = self._view()
        walkable = isinstance(view, DiffTree | DiffTable) and view.differs
        for button in (self.before_button, self.next_button):
            button.setEnabled(walkable)

    # --- actions -----------------------------------------------------------------------------

    def go(self, step: int) -> None:
        """Go to the next difference, or to the one before."""
        view = self._view()
        if isinstance(view, DiffTree | DiffTable) and view.go(step):
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit_rules(self) -> None:
        """Edit what is not counted."""
        self._open(RulesDialog(self._desk, self))

    def open_value(self) -> None:
        """Show the chosen value whole, on both sides."""
        chosen = self._chosen()
        if chosen is not None:
            self._open(ValueDialog(*chosen, self))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog = dialog
        dialog.open()

    def _chosen(self) -> tuple[str, str | None, str | None] | None:
        """Give place, left and right value of what is chosen."""
        view = self._view()
        if isinstance(view, DiffTree):
            node = view.chosen
            return None if node is None else (node.path or "The answer", node.left, node.right)
        row = view.chosen if isinstance(view, DiffTable) else None
        if row is None:
            return None
        return row.cells[0] or "Line", row.cells[1], row.cells[2]

    def copy_values(self) -> None:
        """Copy the chosen value, both sides of it where they differ."""
        chosen = self._chosen()
        if chosen is not None:
            values = dict.fromkeys(one for one in chosen[1:] if one is not None)
            self.copy("\n".join(values))

    def copy(self, text: str) -> None:
        """Copy a text, with known secrets masked as in all that is handed on."""
        exchanges = () if self._shown is None else (self._shown[0].left, self._shown[0].right)
        answers = [one.response for one in exchanges if one.response is not None]
        mine = Masker(value for one in answers for value in header_secrets(one.headers))
        QGuiApplication.clipboard().setText(mine.mask(masked(self._console, text)))

    def _open_tree_menu(self, place: QPoint) -> None:
        node = self.tree.chosen
        if node is None:
            return
        menu = self._new_menu()
        for words, text in (("Copy &left value", node.left), ("Copy &right value", node.right)):
            if text is not None:
                menu.addAction(words).triggered.connect(lambda _=False, t=text: self.copy(t))
        if node.path:
            menu.addAction("Copy &path").triggered.connect(lambda: self.copy(node.path))
        self._add_rules(menu, node_rules(node, self._desk.rules))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _open_table_menu(self, place: QPoint) -> None:
        view = self._view()
        if not isinstance(view, DiffTable) or view.chosen is None or self._shown is None:
            return
        menu = self._new_menu()
        menu.addAction("&Copy\tCtrl+C").triggered.connect(self.copy_values)
        if view is self.headers:
            name = view.chosen.cells[0]
            headers = self._shown[1].headers
            found = next((one for one in headers if one.name == name), None)
            self._add_rules(menu, [] if found is None else header_rules(found, self._desk.rules))
        menu.popup(view.viewport().mapToGlobal(place))

    def _new_menu(self) -> QMenu:
        if self._menu is None:
            self._menu = named(QMenu(self), "comparisonMenu", "What can be done with it")
        self._menu.clear()
        return self._menu

    def _add_rules(self, menu: QMenu, rules: list[tuple[str, str, bool]]) -> None:
        if rules:
            menu.addSeparator()
        for words, rule, begins in rules:
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, rule=rule, begins=begins: (
                    self._desk.ignore(rule) if begins else self._desk.stop_ignoring([rule])
                )
            )
