"""The style sheet of the window, in the colours of a scheme; the only one there is."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from .theme import Colours


def _picture(name: str, scheme: str) -> str:
    """Give the path of a picture that the style sheet draws."""
    return str(files("gms_console.assets") / "icons" / f"{name}-{scheme}.svg").replace("\\", "/")


def style_sheet(c: Colours, scheme: str) -> str:
    """Give the style sheet in these colours; `scheme` is `dark` or `light`, for its pictures."""
    down, up = _picture("chevron-down", scheme), _picture("chevron-up", scheme)
    check = _picture("check", scheme)
    size = max(QApplication.font().pointSizeF(), 6.0)
    code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return f"""
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border};
                padding: 4px 6px; }}
    QMainWindow, QDialog {{ background: {c.window}; }}
    QMenuBar {{ background: {c.window}; border: 0; padding: 1px 4px; }}
    QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
    QMenuBar::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
    QMenu {{ background: {c.surface}; border: 1px solid {c.border}; padding: 4px; }}
    QMenu::item {{ padding: 5px 28px 5px 20px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {c.accent_soft}; color: {c.text}; }}
    QMenu::item:disabled {{ color: {c.muted}; }}
    QMenu::separator {{ height: 1px; background: {c.border}; margin: 4px 8px; }}
    QToolBar {{ background: {c.window}; border: 0; spacing: 6px; padding: 4px 10px; }}
    QStatusBar {{ background: {c.window}; color: {c.muted}; }}
    QStatusBar::item {{ border: 0; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {c.accent_soft}; }}

    QFrame#pane {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 8px; }}
    QLabel#paneTitle {{ color: {c.text}; font-weight: 600; }}
    QLabel[role="muted"] {{ color: {c.muted}; }}
    QLabel[role="error"] {{ color: {c.error}; }}
    QLabel[role="good"] {{ color: {c.good}; }}
    QLabel[role="warning"] {{ color: {c.warning}; }}
    QLabel[role="accent"] {{ color: {c.accent}; }}
    QLabel[role="title"] {{ font-size: {size * 1.4:.1f}pt; font-weight: 600; }}
    QLabel[role="figure"] {{ font-size: {size * 2.8:.1f}pt; font-weight: 600; }}
    QLabel[role="section"] {{ font-size: {size * 1.12:.1f}pt; font-weight: 600; }}
    QLabel[role="code"] {{ font-family: "{code}"; font-weight: 600; }}
    QLabel[role="address"] {{ font-family: "{code}"; color: {c.muted}; }}
    QLabel[role="addressBox"] {{ font-family: "{code}"; background: {c.window};
        border: 1px solid {c.border}; border-radius: 5px; padding: 6px 9px; }}
    QLabel[role="badge"] {{ background: {c.warning_soft}; color: {c.warning};
        border-radius: 7px; padding: 1px 7px; font-size: {size * 0.88:.1f}pt; }}
    QLabel[role="errorBadge"] {{ background: {c.error_soft}; color: {c.error};
        border: 1px solid {c.error}; border-radius: 7px; padding: 1px 7px; font-weight: 600;
        font-size: {size * 0.88:.1f}pt; }}
    QFrame#cardLine {{ background: {c.border}; border: 0; }}
    QFrame#guideBar {{ background: {c.accent_soft}; border: 1px solid {c.accent};
        border-radius: 8px; }}
    QFrame#checkPanel {{ background: {c.surface}; border: 1px solid {c.border};
        border-radius: 8px; }}
    QToolButton[role="swatch"] {{ padding: 2px; border: 2px solid transparent;
        background: transparent; }}
    QToolButton[role="swatch"]:checked {{ border-color: {c.text}; }}
    QToolButton[role="swatch"]:focus {{ border-color: {c.accent}; background: {c.accent_soft}; }}
    QScrollArea#settingsSection, QWidget#settingsContent {{ background: {c.surface}; }}
    QScrollArea#serviceCard, QWidget#cardContent {{ background: {c.surface}; }}
    QLabel[role="method"] {{ color: {c.accent}; font-weight: 700; }}

    QLineEdit, QComboBox, QDoubleSpinBox, QSpinBox, QDateTimeEdit {{
        background: {c.surface}; border: 1px solid {c.border}; border-radius: 5px;
        padding: 3px 7px; min-height: 20px; selection-background-color: {c.accent};
        selection-color: {c.accent_text}; }}
    QLineEdit:hover, QComboBox:hover, QDoubleSpinBox:hover, QSpinBox:hover,
    QDateTimeEdit:hover {{
        border-color: {c.strong_border}; }}
    QLineEdit:focus, QComboBox:focus, QDoubleSpinBox:focus, QSpinBox:focus,
    QDateTimeEdit:focus {{
        border: 2px solid {c.accent}; padding: 2px 6px; }}
    QComboBox[invalid="true"], QSpinBox[invalid="true"],
    QLineEdit[invalid="true"] {{ border: 2px solid {c.error}; padding: 2px 6px; }}
    QComboBox[warned="true"] {{ border: 2px solid {c.warning}; padding: 2px 6px; }}
    QLineEdit:read-only {{ background: {c.window}; }}
    QAbstractSpinBox QLineEdit {{ border: 0; padding: 0; min-height: 0; margin: 0 4px; }}
    QAbstractSpinBox QLineEdit:focus {{ border: 0; padding: 0; }}
    QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow, QDateTimeEdit::down-arrow {{ image: url({down});
        width: 12px; height: 12px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
        border: 0; background: transparent; width: 18px; subcontrol-origin: border; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 2px 2px 0 0; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 2px 2px 0; }}
    QAbstractSpinBox::up-arrow {{ image: url({up}); width: 12px; height: 10px; }}
    QAbstractSpinBox::down-arrow {{ image: url({down}); width: 12px; height: 10px; }}
    QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.border};
        selection-background-color: {c.accent_soft}; selection-color: {c.text}; }}

    QPushButton, QToolButton {{
        background: {c.surface}; border: 1px solid {c.border}; border-radius: 5px;
        padding: 4px 10px; min-height: 18px; color: {c.text}; }}
    QToolButton {{ padding: 3px 7px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {c.strong_border};
        background: {c.raised}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {c.accent_soft}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {c.accent}; padding: 3px 9px; }}
    QToolButton:focus {{ padding: 2px 6px; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {c.muted}; background: {c.window}; }}
    QPushButton[role="primary"] {{ background: {c.accent}; border-color: {c.accent};
        color: {c.accent_text}; font-weight: 600; padding: 4px 16px; }}
    QPushButton[role="primary"]:hover {{ border-color: {c.text}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {c.text}; padding: 3px 15px; }}
    QPushButton[role="primary"]:disabled {{ background: {c.raised}; border-color: {c.border};
        color: {c.muted}; }}
    QPushButton[role="primary"][guarded="true"] {{ background: {c.warning_soft};
        border-color: {c.warning}; color: {c.warning}; }}
    QToolButton[role="chip"] {{ background: {c.accent_soft}; border: 1px solid transparent;
        border-radius: 11px; padding: 2px 10px; }}
    QToolButton[role="chip"]:hover {{ border-color: {c.accent}; }}
    QToolButton[role="chip"]:focus {{ border: 2px solid {c.accent}; padding: 1px 9px; }}
    QToolButton[role="chip"][urgent="true"] {{ background: {c.warning_soft};
        color: {c.warning}; }}
    QToolButton[role="chip"][gone="true"] {{ background: {c.error_soft}; color: {c.error}; }}
    QToolButton[role="mark"] {{ background: {c.warning_soft}; color: {c.warning};
        border: 1px solid {c.warning}; padding: 2px 7px; }}
    QToolButton[role="mark"]:focus {{ border: 2px solid {c.accent}; padding: 1px 6px; }}
    QToolButton[role="chip"]:checked {{ border-color: {c.accent}; }}
    QToolButton[role="toggle"]:checked {{ background: {c.accent_soft};
        border-color: {c.accent}; color: {c.text}; font-weight: 600; }}
    QToolButton[small="true"] {{ padding: 1px 3px; min-height: 16px; }}
    QToolButton[small="true"]:focus {{ border: 2px solid {c.accent}; padding: 0 2px; }}
    QToolButton[small="true"][role="chip"] {{ padding: 1px 2px; }}
    QToolButton::menu-indicator {{ image: none; }}

    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: transparent; color: {c.muted}; padding: 5px 10px;
        border: 0; border-bottom: 2px solid transparent; }}
    QTabBar::tab:hover {{ color: {c.text}; }}
    QTabBar::tab:selected {{ color: {c.text}; border-bottom: 2px solid {c.accent}; }}
    QTabBar::tab:focus {{ background: {c.accent_soft}; border-radius: 4px; color: {c.text}; }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {c.border}; }}

    QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.border};
        border-radius: 5px; outline: 0; alternate-background-color: {c.window};
        selection-background-color: {c.accent_soft}; selection-color: {c.text}; }}
    QAbstractItemView:focus {{ border: 2px solid {c.accent}; }}
    QListView#journeyView {{ border: 2px solid transparent; }}
    QListView#journeyView:focus {{ border-color: {c.accent}; }}
    QTreeView::item, QListView::item {{ padding: 3px 4px; border-radius: 4px; }}
    QTreeView::item:selected, QListView::item:selected {{ background: {c.accent_soft};
        color: {c.text}; }}
    QTableView::item:selected {{ background: {c.accent_soft}; }}
    QTableView {{ gridline-color: {c.border}; }}
    QTableView::indicator, QCheckBox::indicator {{ width: 14px; height: 14px; border-radius: 3px;
        border: 1px solid {c.strong_border}; background: {c.surface}; }}
    QTableView::indicator:checked, QCheckBox::indicator:checked {{ background: {c.accent};
        border-color: {c.accent}; image: url({check}); }}
    QCheckBox::indicator:checked:disabled {{ background: {c.strong_border};
        border-color: {c.strong_border}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {c.accent}; }}
    QRadioButton::indicator {{ width: 14px; height: 14px; border-radius: 8px;
        border: 1px solid {c.strong_border}; background: {c.surface}; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {c.accent};
        background: {c.accent_text}; }}
    QRadioButton:focus {{ color: {c.accent}; }}
    QTableCornerButton::section {{ background: {c.window}; border: 0;
        border-bottom: 1px solid {c.border}; }}
    QTableView QLineEdit {{ border-radius: 0; min-height: 0; padding: 0 4px;
        border: 2px solid {c.accent}; }}
    QTableView {{ padding: 1px; }}
    QTableView:focus {{ padding: 0; }}
    QFrame#cellEditor {{ background: {c.surface}; border: 2px solid {c.accent}; }}
    QFrame#cellEditor QLineEdit, QFrame#cellEditor QComboBox,
    QFrame#cellEditor QAbstractSpinBox {{ border: 0; border-radius: 0; min-height: 0;
        padding: 0 2px; background: transparent; }}
    QFrame#cellEditor QToolButton {{ border: 0; border-radius: 3px; min-height: 0;
        padding: 0 3px; margin: 1px; }}
    QFrame#cellEditor QToolButton:hover {{ background: {c.raised}; }}
    QFrame#cellEditor[panel="true"] {{ border-radius: 5px; }}
    QFrame#cellEditor[panel="true"] QComboBox, QFrame#cellEditor[panel="true"] QAbstractSpinBox {{
        border: 1px solid {c.border}; border-radius: 4px; padding: 2px 4px; min-height: 18px; }}
    QFrame#cellEditor[panel="true"] QComboBox:focus,
    QFrame#cellEditor[panel="true"] QAbstractSpinBox:focus {{ border-color: {c.accent}; }}
    QFrame#cellEditor[panel="true"] QToolButton {{ border: 1px solid {c.border};
        padding: 2px 6px; min-height: 16px; }}
    QHeaderView {{ border: 0; background: {c.surface}; }}
    QHeaderView:horizontal {{ background: {c.window}; }}
    QHeaderView::section:vertical {{ background: {c.surface}; font-weight: 400;
        border: 0; padding: 0 5px; }}
    QHeaderView::section:horizontal {{ background: {c.window}; color: {c.muted}; border: 0;
        border-bottom: 1px solid {c.border}; padding: 4px 6px; font-weight: 600; }}
    QPlainTextEdit {{ background: {c.surface}; border: 1px solid {c.border};
        border-radius: 5px; selection-background-color: {c.accent};
        selection-color: {c.accent_text}; }}
    QPlainTextEdit:focus {{ border: 2px solid {c.accent}; }}
    QFrame#problemBox, QFrame#settingsTrouble, QFrame#chatTroubleBar, QFrame#chatFailedBar {{
        background: {c.error_soft}; border: 1px solid {c.error}; border-radius: 6px; }}
    QFrame#redirectBox {{ background: {c.warning_soft}; border: 1px solid {c.warning};
        border-radius: 6px; }}
    QProgressBar {{ background: {c.raised}; border: 0; border-radius: 2px;
        min-height: 4px; max-height: 4px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
    QLabel#answerStatusLabel {{ border-radius: 5px; padding: 4px 9px; font-weight: 600;
        background: {c.raised}; color: {c.muted}; }}
    QLabel#answerStatusLabel[tone="good"] {{ background: {c.good_soft}; color: {c.good}; }}
    QLabel#answerStatusLabel[tone="error"] {{ background: {c.error_soft}; color: {c.error}; }}
    QLabel#answerStatusLabel[tone="busy"] {{ background: {c.accent_soft}; color: {c.text}; }}

    QScrollArea#phoneScreen {{ background: transparent; border: 2px solid transparent;
        border-radius: 8px; }}
    QScrollArea#phoneScreen:focus {{ border-color: {c.accent}; }}
    QFrame#phonePast {{ background: {c.warning_soft}; border: 0; }}
    QFrame#phoneFoot {{ background: transparent; border: 0;
        border-top: 1px solid {c.border}; }}
    QFrame#phoneBubble {{ background: {c.raised}; border: 0; border-radius: 12px; }}
    QTextBrowser {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: 5px;
        selection-background-color: {c.accent}; selection-color: {c.accent_text}; }}
    QTextBrowser:focus {{ border: 2px solid {c.accent}; }}

    QScrollBar:vertical {{ background: transparent; width: 11px; margin: 1px; }}
    QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 1px; }}
    QScrollBar::handle {{ background: {c.border}; border-radius: 4px; min-height: 24px;
        min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {c.strong_border}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
