"""What the window does for the guided tour: it starts it, asks first, and gives it its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ..actions import ActionSpec

if TYPE_CHECKING:
    from ..panes.guide_bar import GuideBar
    from ..panes.guide_ring import GuideRing
    from ..window import MainWindow
    from .desk import GuideDesk

_KEY = "Shift+F1"


class GuideActions(QObject):
    """Desk, bars and ring are made with the first start of the tour."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk: GuideDesk | None = None
        self._ring: GuideRing | None = None
        self._bars: dict[QWidget, GuideBar] = {}
        self._question: QWidget | None = None

    def specs(self) -> tuple[ActionSpec, ...]:
        """Give the actions for menus and keys."""
        return (ActionSpec("guide", "&Help", "&Guided tour", (_KEY,), self.start),)

    @property
    def desk(self) -> GuideDesk:
        """Where a person is on the tour."""
        if self._desk is None:
            from ..panes.guide_ring import GuideRing  # noqa: PLC0415 - as above
            from .desk import GuideDesk  # noqa: PLC0415 - not before it is asked for

            self._desk = GuideDesk(self._window)
            self._ring = GuideRing(self)
            self._desk.changed.connect(self._show)
            self._desk.pointed.connect(self._point)
        return self._desk

    # --- starting --------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the tour or go on with it; where it is under way already, go to its buttons."""
        if self.desk.active:
            self.take_focus()
            return
        environment = self._console_place()
        if not environment:
            self._begin()
            return
        from ..panes.environment.questions import ask  # noqa: PLC0415 - as above

        box = ask(
            self._window,
            "guideQuestion",
            "Walk the tour on the simulator?",
            f"The window sends to {environment}. The tour creates services and lets things go "
            "wrong, so it is walked on the simulator in this window only.",
            [
                ("&Switch to the simulator", "guideSwitch", self._begin),
                ("Stay &here", "guideStay", None),
            ],
        )
        box.setWindowTitle("Guided tour")
        self._question = box

    def _console_place(self) -> str:
        """Give the name of a place that is sent to and is not the simulator."""
        console = self._window.console
        here = console.environment
        return "" if here is None or console.place.on_simulator else here.title

    def _begin(self) -> None:
        self._window.demo.leave()
        self.desk.start()

    def take_focus(self) -> None:
        """Bring the keyboard to the guide, in the window that is in front."""
        active = QApplication.activeWindow()
        bar = self._bars.get(active) if active is not None else None
        (bar or self._bars[self._window]).take_focus()

    # --- its places ------------------------------------------------------------------------------

    def _show(self) -> None:
        """Have a bar in each window that a person may be in."""
        if not self.desk.active:
            return
        self._give_bar(self._window, self._window.frame.column)
        for window in self._window.tools.seen():
            self._give_bar(window, window.column, with_key=True)
        dialog = QApplication.activeModalWidget()
        if dialog is not None and self._is_ours(dialog):
            column = dialog.layout()
            if isinstance(column, QVBoxLayout):
                self._give_bar(dialog, column, buttons=False)

    def _is_ours(self, dialog: QWidget) -> bool:
        """Whether a dialog was opened from a window of the console."""
        above = dialog.parentWidget()
        while above is not None and above is not self._window:
            above = above.parentWidget()
        return above is not None

    def _give_bar(
        self, window: QWidget, column: QVBoxLayout, *, buttons: bool = True, with_key: bool = False
    ) -> None:
        if window in self._bars:
            return
        from ..panes.guide_bar import GuideBar  # noqa: PLC0415 - not before it is asked for

        bar = GuideBar(self.desk, buttons=buttons)
        self._bars[window] = bar
        window.destroyed.connect(lambda: self._bars.pop(window, None))
        column.addWidget(bar)
        bar.refresh()
        if not buttons:
            # What wraps its words asks for no more room by itself.
            more = bar.heightForWidth(window.width()) + column.spacing()
            window.resize(window.width(), window.height() + more)
        if with_key:
            QShortcut(QKeySequence(_KEY), window).activated.connect(self.take_focus)

    def _point(self) -> None:
        if self._ring is not None:
            self._ring.show_around(self.desk.spot)

    def end(self) -> None:
        """Leave the tour, as the window closes."""
        if self._desk is not None:
            self._desk.leave()

    def refresh_look(self) -> None:
        """Have the ring around what may have moved with another text size."""
        if self._ring is not None:
            self._ring.place()
