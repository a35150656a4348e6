"""Calendar and capacity: when a service is open, and how much each hour takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from PySide6.QtWidgets import QFrame, QListWidget, QScrollArea, QSizePolicy, QSpinBox, QSplitter

from gms_console.model.form import Form
from gms_console.site.calendar import cells, read_capacity, read_hours, read_moment, spans
from gms_console.site.requests import prepare_hours

from ...site_desk import SiteDesk
from ..common import named
from .asking_tab import AskingTab
from .day_grid import Block, DayGrid

_MOST_DAYS = 400
NO_HOURS = "Ask a calendar service: its open periods stand here, day by day in UTC."
NO_CAPACITY = "Ask a capacity service: what each hour takes stands here, day by day."


class HoursTab(AskingTab):
    """Open periods of a calendar service, painted by day and as a list."""

    partly = True

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.hours, "hours")
        self.service_combo = self.names("Service", "office-hours")
        self.start_edit = self.field("From", "Start", "now, or 2026-11-24T00:00:00.000Z")
        self.days_spin = named(QSpinBox(), "hoursDaysSpin", "Days")
        self.days_spin.setRange(1, 366)
        self.days_spin.setValue(7)
        # As high as the fields beside it, whatever size the text has.
        self.days_spin.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.add_titled("Days", self.days_spin, 0)
        self.end_line()
        self._asked: tuple[date, date] | None = None
        self.grid = DayGrid("hoursGrid", "Open periods by day")
        self.list = named(QListWidget(), "hoursList", "Open periods")
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(_scrolled(self.grid, "hoursScroll"))
        split.addWidget(self.list)
        split.setSizes([760, 300])
        split.setStretchFactor(0, 1)
        self.body.addWidget(split, 1)
        self.grid.show_blocks((), (), NO_HOURS)
        self.list.hide()

    def refresh(self) -> None:
        """Ask when the service is open."""
        service = self.service_combo.currentText().strip()
        rows = Form.of(
            ("start", self.start_edit.text().strip()),
            ("number-of-days", str(self.days_spin.value())),
        )
        if self.inquiry.ask(lambda environment: prepare_hours(environment, service, rows)):
            begin = read_moment(rows.rows[0].value) or datetime.now(UTC)
            try:
                end = begin + timedelta(days=self.days_spin.value(), minutes=-1)
            except OverflowError:
                end = begin
            self._asked = (begin.date(), end.date())

    def show_nothing(self) -> None:
        """Show no hours."""
        self.grid.show_blocks((), (), NO_HOURS)
        self.list.clear()
        self.list.hide()

    def show_answer(self) -> None:
        """Show the open periods, and how many could not be read; days that were asked for stay."""
        answer = self.inquiry.answer
        if answer is None:
            return
        found = read_hours(answer.data)
        blocks = [
            Block(one.day, one.start, one.end, f"{_clock(one.start)} – {_clock(one.end)}")
            for one in spans(found.periods)
        ]
        asked = self._asked or ()
        closed = "Closed: the answer has no open period."
        self.grid.show_blocks(blocks, _days(blocks, *asked), closed)
        self.list.clear()
        for one in found.periods:
            until = f"{one.end:%H:%M}" if one.end.date() == one.start.date() else f"{one.end}"
            self.list.addItem(f"{one.start:%a %Y-%m-%d  %H:%M} – {until}")
        count = len(found.periods)
        self.list.setVisible(count > 0)
        text = f"{count} open period{'' if count == 1 else 's'}; times are UTC."
        if found.unread:
            text += f" {found.unread} of another shape were not read; the history has the answer."
        self.say(text, "muted" if count else "warning")


class CapacityTab(AskingTab):
    """How much each hour takes, the stronger the more."""

    partly = True

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.capacity, "capacity")
        self.service_combo = self.names("Service", "capacity")
        self.start_edit = self.field("From (no zone)", "Start", "2026-11-24T00:00:00")
        self.end_edit = self.field("Until", "End", "2026-11-26T00:00:00")
        self.zone_edit = self.field("Time zone", "Zone", "Europe/Paris")
        self.end_line()
        self.grid = DayGrid("capacityGrid", "Capacity by hour")
        self.body.addWidget(_scrolled(self.grid, "capacityScroll"), 1)
        self.grid.show_blocks((), (), NO_CAPACITY)

    def refresh(self) -> None:
        """Ask how much each hour takes."""
        service = self.service_combo.currentText().strip()
        rows = Form.of(
            ("start", self.start_edit.text().strip()),
            ("end", self.end_edit.text().strip()),
            ("timezone", self.zone_edit.text().strip()),
        )
        self.inquiry.ask(lambda environment: prepare_hours(environment, service, rows))

    def show_nothing(self) -> None:
        """Show no hours."""
        self.grid.show_blocks((), (), NO_CAPACITY)

    def show_answer(self) -> None:
        """Show the hours that could be read."""
        answer = self.inquiry.answer
        if answer is None:
            return
        loads = read_capacity(answer.data)
        most = max((one.count for one in loads), default=0)
        blocks = [
            Block(one.day, one.start, one.end, f"{one.count:g}", one.count / most if most else 0)
            for one in cells(loads)
        ]
        self.grid.show_blocks(blocks, _days(blocks), "The answer has no time that could be read.")
        total = sum(one.count for one in loads)
        twice = len(loads) - len({one.start for one in loads})
        text = f"{len(loads)} times, {total:g} together, {most:g} at most."
        if twice:
            text += f" {twice} of them came twice, as when the clocks go back."
        self.say(text)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _scrolled(grid: DayGrid, name: str) -> QScrollArea:
    """Let more days be there than the window has room for."""
    area = named(QScrollArea(), name, grid.accessibleName())
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(grid)
    return area


def _days(blocks: list[Block], *asked: date) -> list[date]:
    """Give all days from the first to the last, those between them that have nothing too."""
    if not blocks:
        return []
    days = [*asked, *(one.day for one in blocks)]
    first, last = min(days), max(days)
    count = min((last - first).days + 1, _MOST_DAYS)
    return [first + timedelta(days=number) for number in range(count)]
