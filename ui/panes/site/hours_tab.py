"""Calendar and capacity: when a service is open, and how much each hour takes."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QListWidget, QSpinBox, QSplitter

from gms_console.model.form import Form
from gms_console.site.calendar import read_capacity, read_hours, spans
from gms_console.site.requests import prepare_hours

from ...site_desk import SiteDesk
from ..common import named
from .asking_tab import AskingTab
from .day_grid import Block, DayGrid

_MOST_DAYS = 60
NO_HOURS = "Ask a calendar service: its open periods stand here, day by day in UTC."
NO_CAPACITY = "Ask a capacity service: what each hour takes stands here, day by day."


class HoursTab(AskingTab):
    """Open periods of a calendar service, painted by day and as a list."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.hours, "hours")
        self.service_combo = self.names("Service", "office-hours")
        self.start_edit = self.field("From", "Start", "now, or 2026-11-24T00:00:00.000Z")
        self.days_spin = named(QSpinBox(), "hoursDaysSpin", "Days")
        self.days_spin.setRange(1, 366)
        self.days_spin.setValue(7)
        self.days_spin.setFixedHeight(self.start_edit.sizeHint().height())
        self.add_titled("Days", self.days_spin, 0)
        self.end_line()
        self.grid = DayGrid("hoursGrid", "Open periods by day")
        self.list = named(QListWidget(), "hoursList", "Open periods")
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.grid)
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
        self.inquiry.ask(lambda environment: prepare_hours(environment, service, rows))

    def show_answer(self) -> None:
        """Show the open periods, what GMS says is wrong, and how many could not be read."""
        answer = self.inquiry.answer
        if answer is None:
            return
        found = read_hours(answer.data)
        blocks = [
            Block(one.day, one.start, one.end, f"{_clock(one.start)} – {_clock(one.end)}")
            for one in spans(found.periods)
        ]
        self.grid.show_blocks(blocks, _days(blocks), "Closed: the answer has no open period.")
        self.list.clear()
        for one in found.periods:
            until = f"{one.end:%H:%M}" if one.end.date() == one.start.date() else f"{one.end}"
            self.list.addItem(f"{one.start:%a %Y-%m-%d  %H:%M} – {until}")
        count = len(found.periods)
        self.list.setVisible(count > 0)
        text = f"{count} open period{'' if count == 1 else 's'}; times are UTC."
        if found.unread:
            text += f" {found.unread} of another shape were not read; the history has the answer."
        if found.error:
            self.say(f"GMS says: {found.error}", "error")
        else:
            self.say(text, "muted" if count else "warning")


class CapacityTab(AskingTab):
    """How much each hour takes, the stronger the more."""

    def __init__(self, desk: SiteDesk) -> None:
        super().__init__(desk, desk.capacity, "capacity")
        self.service_combo = self.names("Service", "capacity")
        self.start_edit = self.field("From (no zone)", "Start", "2026-11-24T00:00:00")
        self.end_edit = self.field("Until", "End", "2026-11-26T00:00:00")
        self.zone_edit = self.field("Time zone", "Zone", "Europe/Paris")
        self.end_line()
        self.grid = DayGrid("capacityGrid", "Capacity by hour")
        self.body.addWidget(self.grid, 1)
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

    def show_answer(self) -> None:
        """Show the hours that could be read."""
        answer = self.inquiry.answer
        if answer is None:
            return
        loads = read_capacity(answer.data)
        most = max((one.count for one in loads), default=0)
        blocks = []
        for one in loads:
            start = one.start.hour * 60 + one.start.minute
            weight = one.count / most if most > 0 else 0
            end = min(start + 60, 24 * 60)
            blocks.append(Block(one.start.date(), start, end, f"{one.count:g}", weight))
        self.grid.show_blocks(blocks, _days(blocks), "The answer has no time that could be read.")
        total = sum(one.count for one in loads)
        self.say(f"{len(loads)} times, {total:g} together, {most:g} at most.")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days(blocks: list[Block]) -> list[date]:
    """Give all days from the first to the last, those between them that have nothing too."""
    if not blocks:
        return []
    first, last = min(one.day for one in blocks), max(one.day for one in blocks)
    count = min((last - first).days + 1, _MOST_DAYS)
    return [first + timedelta(days=number) for number in range(count)]
