"""The counters of callbacks that are queued or further, as chips."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton

from gms_console.callbacks.reading import Watermarks

from ..common import named
from ..flow import FlowBar

_TIP = "Queued, being routed or connected; scheduled ones do not count. A click lists them"
_MOST = 40
"""Chips of services that are shown; a site with more is asked for one service."""


class CounterBar(FlowBar):
    """Shows a chip for each service, the busiest first; a click on one chooses it."""

    service_chosen = Signal(str)

    def show_counts(self, counts: Watermarks | None) -> None:
        """Show the counters; hide while there are none. A chip that has the focus keeps it."""
        focused = next((chip.objectName() for chip in self.parts if chip.hasFocus()), "")
        self.clear()
        self.setVisible(counts is not None)
        if counts is None:
            return
        self._chip("callbackCounterTotal", "All services", counts.total or "–", "")
        ordered = sorted(counts.services, key=lambda pair: -_number(pair[1]))
        for name, count in ordered[:_MOST]:
            self._chip(f"callbackCounter_{name}", name, count, name)
        if len(ordered) > _MOST:
            self._chip("callbackCounterMore", "and more services", str(len(ordered) - _MOST), "")
        self.arrange()
        again = next(
            (chip for chip in self.parts if focused and chip.objectName() == focused), None
        )
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chip(self, object_name: str, title: str, count: str, service: str) -> None:
        chip = named(QToolButton(), object_name, f"{title}: {count}")
        chip.setText(f"{title}  {count}".replace("&", "&&"))
        chip.setProperty("role", "chip")
        chip.setToolTip(_TIP)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda: self.service_chosen.emit(service))
        self.add(chip)
        chip.show()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
