"""Patterns and phone numbers: values that GMS looks at, and what it says of them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHeaderView, QSplitter, QTreeWidget, QTreeWidgetItem

from gms_console.site.numbers import grouped
from gms_console.site.requests import prepare_number, prepare_patterns
from gms_console.variables import expand_form

from ...site_desk import SiteDesk
from ..common import named, prepare_rows
from ..storage.rows_part import RowsPart
from .asking_tab import AskingTab


class PatternsTab(AskingTab):
    """Rows on the left, and the pattern that each fits on the right."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.patterns, "patterns")
        self.group_edit = self.field("Group", "Group", "all patterns")
        self.line.addStretch(1)
        self.end_line()
        self.rows = RowsPart(desk.console, "patternsRows", "Values to match", files=False)
        self.view = named(QTreeWidget(), "patternsList", "Patterns that fit")
        prepare_rows(self.view, ("Key", "Pattern"), 1)
        self.view.setColumnWidth(0, 160)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.rows)
        split.addWidget(self.view)
        split.setSizes([560, 460])
        self.body.addWidget(split, 1)
        self._asked: tuple[str, ...] = ()
        self.say("Type values as rows; GMS answers which of them fit a pattern.")

    def refresh(self) -> None:
        """Have the rows matched."""
        form, group = self.rows.form, self.group_edit.text().strip()
        scope = self.desk.console.variables.scope()
        asked = self.inquiry.ask(
            lambda environment: prepare_patterns(environment, expand_form(form, scope), group)
        )
        if asked:
            self._asked = tuple(dict.fromkeys(row.key for _, row in form.enabled()))

    def show_nothing(self) -> None:
        """Show no patterns."""
        self.view.clear()

    def show_answer(self) -> None:
        """Show which keys fit, and which do not."""
        answer = self.inquiry.answer
        data = answer.data if answer is not None else None
        found = {key: str(value) for key, value in data.items()} if isinstance(data, dict) else {}
        self.view.clear()
        for key in dict.fromkeys((*self._asked, *found)):
            _add(self.view, key, found.get(key, "fits none"))
        self.say(f"{len(found)} of {len(self._asked)} keys fit a pattern.")


class NumberTab(AskingTab):
    """A phone number, and what GMS knows of it in groups."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.number, "number")
        self.number_edit = self.field("Number", "Number", "0604120405")
        self.country_edit = self.field("Country", "Country", "FR")
        self.language_edit = self.field("Language of places", "Language", "DE")
        self.end_line()
        self.view = named(QTreeWidget(), "numberList", "What GMS says of the number")
        self.view.setHeaderLabels(["Key", "Value"])
        self.view.setUniformRowHeights(True)
        self.view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.body.addWidget(self.view, 1)
        self.say("Type a number as a customer would.")

    def refresh(self) -> None:
        """Have the number taken apart."""
        number = self.number_edit.text().strip()
        if not number:
            self.say("Type a number first.", "error")
            return
        country, language = self.country_edit.text().strip(), self.language_edit.text().strip()
        self.inquiry.ask(lambda environment: prepare_number(environment, number, country, language))

    def show_nothing(self) -> None:
        """Show no keys."""
        self.view.clear()

    def show_answer(self) -> None:
        """Show the keys in their groups."""
        answer = self.inquiry.answer
        groups = grouped(answer.data) if answer is not None else ()
        self.view.clear()
        for title, pairs in groups:
            top = QTreeWidgetItem([title])
            self.view.addTopLevelItem(top)
            for key, value in pairs:
                top.addChild(QTreeWidgetItem([key, value]))
        self.view.expandAll()
        count = sum(len(pairs) for _, pairs in groups)
        self.say(f"{count} keys." if count else "The answer says nothing of the number.")


def _add(view: QTreeWidget, *texts: str) -> None:
    item = QTreeWidgetItem(list(texts))
    item.setSizeHint(0, QSize(0, view.fontMetrics().height() + 10))
    view.addTopLevelItem(item)
