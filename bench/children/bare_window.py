"""The baseline of `start`: an empty QMainWindow of PySide6, and nothing else."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from bench.children.first_paint import FirstPaint


def main() -> int:
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    centre = QWidget()
    window.setCentralWidget(centre)
    window.resize(1280, 800)
    FirstPaint(centre)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
