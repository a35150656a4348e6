"""The guided tour: walks the console's main job without a person, and keeps pictures of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gms_console import __version__

from .tour_steps import Step, Tour, example_picture
from .tour_waiting import TourError
from .window import MainWindow

__all__ = ["TourError", "example_picture", "walk_tour"]

_SCHEMES = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)
_USUAL, _WIDE = QSize(1280, 800), QSize(1920, 1080)


async def walk_tour(window: MainWindow, folder: Path) -> int:
    """Walk the tour on `window`; write numbered pictures and `report.md` into `folder`.

    Returns 0, or 1 when a step failed; the report says which and why.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    code = 0
    walked: list[Step] = []
    for number, step in enumerate(Tour(window).steps(), start=1):
        walked.append(step)
        try:
            step.result = await step.run()
        except (TourError, OSError) as error:
            step.result = f"FAILED: {error}"
            code = 1
        step.pictures = await _pictures(window, folder, number, step)
        print(f"{number}. {step.title}: {step.result}")  # noqa: T201 - the tour's own report
        if code:
            break
    report = folder / "report.md"
    await asyncio.to_thread(report.write_text, _report(walked), "utf-8")
    print(f"Pictures and report: {await asyncio.to_thread(report.absolute)}")  # noqa: T201
    return code


async def _pictures(window: MainWindow, folder: Path, number: int, step: Step) -> list[str]:
    """Take the window in light and in dark, and on a large screen where the step asks for it."""
    names = []
    start = f"{number:02}-{step.title.replace(' ', '-')}"
    for size, mark in ((_USUAL, ""), (_WIDE, "-wide")) if step.wide else ((_USUAL, ""),):
        window.resize(size)
        if (beside := _pictured(window, step)) is not None and not step.dialog:
            beside.resize(size)
        for scheme in _SCHEMES:
            window.look.use_scheme(scheme)
            # Never processEvents(): it would enter other tasks from within this one.
            await asyncio.sleep(0.1)
            name = f"{start}{mark}-{scheme.name.lower()}.png"
            shown = _pictured(window, step)
            if shown is None or not shown.grab().save(str(folder / name)):
                raise OSError(f"{folder / name} could not be written")
            names.append(name)
    window.resize(_USUAL)
    window.look.use_scheme(None)
    return names


def _pictured(window: MainWindow, step: Step) -> QWidget | None:
    if step.beside:
        return next(
            (one for one in QApplication.topLevelWidgets() if one.objectName() == step.beside), None
        )
    return QApplication.activeModalWidget() if step.dialog else window


def _report(steps: list[Step]) -> str:
    lines = [f"# GMS Console {__version__}: the tour", ""]
    for number, step in enumerate(steps, start=1):
        lines += [f"## {number}. {step.title}", "", step.story, "", f"Result: {step.result}", ""]
        lines += [f"![{name}]({name})" for name in step.pictures]
        lines.append("")
    return "\n".join(lines)
