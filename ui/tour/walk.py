"""Walks the script without a person, and keeps pictures of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from gms_console import __version__

from ..window import MainWindow
from .script import script
from .stage import Stage
from .step import Chapter, Step
from .waiting import TourError

_USUAL, _WIDE = QSize(1280, 800), QSize(1920, 1080)


async def walk_tour(window: MainWindow, folder: Path, *, dark: bool = True) -> int:
    """Walk the tour on `window`; write its pictures and `report.md` into `folder`.

    `dark`: what asks for it is pictured in dark colours too, which takes its time.
    Pictures are numbered in the order of the steps. Returns 0, or 1 when a step failed; the report
    says which and why.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="gms-console-tour-", ignore_cleanup_errors=True) as passing:
        stage = Stage(window)
        stage.folder = Path(passing)
        walked: list[Chapter] = []
        code = await _walk(window, script(stage), folder, walked, dark=dark)
        window.look.use_scheme(None)
    report = folder / "report.md"
    await asyncio.to_thread(report.write_text, _report(walked), "utf-8")
    print(f"Pictures and report: {await asyncio.to_thread(report.absolute)}")  # noqa: T201
    return code


async def _walk(
    window: MainWindow,
    chapters: Sequence[Chapter],
    folder: Path,
    walked: list[Chapter],
    *,
    dark: bool,
) -> int:
    """Walk chapter by chapter until one fails; `walked` takes those that were begun."""
    number = 0
    for chapter in chapters:
        walked.append(chapter)
        for step in chapter.steps:
            try:
                step.result = await step.run()
            except (TourError, OSError) as error:
                step.result = f"FAILED: {error}"
            failed = step.result.startswith("FAILED")
            number += bool(step.picture)
            title = f"{number:02}-{step.picture}" if step.picture else "–"
            step.pictures = await _pictures(window, step, folder / title, dark=dark)
            print(f"{title}: {step.result}")  # noqa: T201 - the tour's own report
            if failed:
                return 1
            if step.tidy is not None:
                await step.tidy()
    return 0


async def _pictures(window: MainWindow, step: Step, start: Path, *, dark: bool) -> list[str]:
    """Take what the step shows, in the colours and sizes that it asks for.

    `start` is what the files begin with.
    """
    names: list[str] = []
    if not step.picture:
        return names
    schemes = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)
    sizes = ((_USUAL, ""), (_WIDE, "-wide"))
    for scheme in schemes if dark and step.dark else schemes[:1]:
        _use_scheme(window, scheme)
        for size, mark in sizes if step.wide else sizes[:1]:
            if (shown := _shown(window, step)) is not None and not shown.isModal():
                shown.resize(size)
            # Never processEvents(): it would enter other tasks from within this one.
            await asyncio.sleep(0.1)
            file = start.with_name(f"{start.name}{mark}-{scheme.name.lower()}.png")
            if shown is None or not shown.grab().save(str(file)):
                raise OSError(f"{file} could not be written")
            names.append(file.name)
    window.resize(_USUAL)
    return names


def _use_scheme(window: MainWindow, scheme: Qt.ColorScheme) -> None:
    """Change the colours, where they are others: every widget is styled anew for it."""
    if window.look.scheme != scheme.name.lower():
        window.look.use_scheme(scheme)


def _shown(window: MainWindow, step: Step) -> QWidget | None:
    """Give what is pictured; of a step that failed it may not be there."""
    shown = step.shown() if step.shown is not None else window
    return window if shown is None and step.result.startswith("FAILED") else shown


def _report(chapters: list[Chapter]) -> str:
    lines = [f"# GMS Console {__version__}: the tour", ""]
    for chapter in chapters:
        lines += [f"## {chapter.title}", ""]
        if chapter.why:
            lines += [chapter.why, ""]
        for step in chapter.steps:
            if step.result:
                lines += [step.story, "", f"Result: {step.result}", ""]
                lines += [f"![{name}]({name})" for name in step.pictures]
                lines.append("")
    return "\n".join(lines)
