"""Values as free text, values that are only looked at, and what happens beside an open editor."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gms_console.catalogue import write_time
from gms_console.ui.panes.spin_editor import IntegerEdit
from gms_console.ui.panes.time_editor import TimeEdit
from gms_console.ui.panes.value_editors import (
    ChoiceEdit,
    ValueEdit,
    make_typed,
)
from tests.support.wire_server import WireServer
from tests.window.driving import (
    click,
    form_table,
    press,
    said,
    settle,
    type_text,
)
from tests.window.typed_form import (
    CATALOGUE,
    KIND,
    NOON,
    OpenForm,
    click_value,
    editor,
    go_to_value,
    open_form,
    part,
    sent,
    value,
    value_index,
)

__all__ = ["open_form"]

# --- free text -------------------------------------------------------------------------------

TYPED = [
    ("_phone", "+1 650"),
    ("_media", "chat"),
    ("_ttl", "007"),
    ("_time", "2026-11-24T12:00:00.123Z"),
    ("_code", ""),
    ("_picture", "x\u00a0y "),
]


@pytest.mark.parametrize(("key", "text"), TYPED)
@pytest.mark.parametrize("way", ["key", "button"])
def test_an_open_editor_becomes_free_text(
    open_form: OpenForm, key: str, text: str, way: str
) -> None:
    window = open_form((key, text))
    go_to_value(window)
    press(window, "F2")
    if way == "key":
        press(window, "Ctrl+T")
    else:
        click(part(window, QToolButton, "freeTextButton"))
    free = editor(window)
    assert isinstance(free, ValueEdit)
    assert free.text() == text
    press(window, "Return")
    assert value(window) == text
    assert not window.action("undo").isEnabled()


def test_what_was_typed_goes_over_into_free_text_and_back(
    open_form: OpenForm, wire: WireServer, qtbot: QtBot
) -> None:
    window = open_form(("_ttl", "30"))
    go_to_value(window)
    press(window, "F2", "Up", "Ctrl+T")
    assert editor(window).text() == "31"
    press(window, "End")
    type_text(window, "0")
    press(window, "Ctrl+T")
    assert isinstance(editor(window), IntegerEdit)
    assert editor(window).text() == "310"
    press(window, "Up", "Ctrl+T", "Return")
    assert sent(window, wire, qtbot) == "_ttl=311"
    press(window, "Alt+1", "Ctrl+Z")
    assert value(window) == "30"


def test_free_text_that_was_converted_is_given_up_by_escape(open_form: OpenForm) -> None:
    window = open_form(("_ttl", "30"))
    go_to_value(window)
    press(window, "F2", "Up", "Ctrl+T", "Esc")
    assert value(window) == "30"
    assert QApplication.focusWidget() is form_table(window)


def test_ctrl_t_opens_a_cell_as_free_text(open_form: OpenForm) -> None:
    window = open_form(("_time", NOON))
    go_to_value(window)
    press(window, "Ctrl+T")
    assert isinstance(editor(window), ValueEdit)
    type_text(window, "tomorrow")
    press(window, "Shift+Return", "Return")
    assert value(window) == "tomorrow\n"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("_phone", "call me"),
        ("_phone", "1\n2"),
        ("_code", "yes"),
        ("_media", "fax"),
        ("_ttl", "9999"),
        ("_ttl", "30 "),
        ("_time", "tomorrow"),
        ("_time", "2026-11-24T12:00:00+01:00"),
        ("_picture", "a\tb"),
        ("_json", "{}"),
        ("unknown", "30"),
    ],
)
def test_a_value_that_does_not_fit_opens_as_free_text(
    open_form: OpenForm, key: str, text: str
) -> None:
    window = open_form((key, text))
    go_to_value(window)
    press(window, "F2")
    assert isinstance(editor(window), ValueEdit)
    press(window, "Ctrl+T", "Return")
    assert value(window) == text
    assert not window.action("undo").isEnabled()


def test_ctrl_t_does_no_harm_elsewhere(open_form: OpenForm) -> None:
    window = open_form(("_ttl", "30"))
    press(window, "Ctrl+P", "Ctrl+T")
    assert said(window) is not None
    assert value(window) == "30"


# --- untouched -------------------------------------------------------------------------------

ODD = ("", " ", " 30 ", "007", "+5", "0", "1e3", "a\u00a0b", "a\u2028b", "a\r\nb", "\ttab", "30\n")
ODD_TIMES = (
    "2026-11-24T12:00Z",
    "2026-11-24T12:00:00Z",
    "2026-11-24T12:00:00.123456Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "2026-11-24",
)


@pytest.mark.parametrize("leave", ["Return", "Tab", "Esc", "Shift+Tab", "click"])
@pytest.mark.parametrize("one", KIND.parameters, ids=lambda one: one.name)
def test_looking_into_values_alters_none(open_form: OpenForm, one: object, leave: str) -> None:
    key = one.name  # type: ignore[attr-defined]
    texts = (*ODD, NOON, "true", "chat", "30", *(ODD_TIMES if key == "_time" else ()))
    window = open_form(*((key, text) for text in texts))
    before = window.console.draft.form_model.form
    go_to_value(window)
    for place in range(len(texts)):
        form_table(window).setCurrentIndex(value_index(window, place))
        press(window, "F2")
        editor(window)
        if leave == "click":
            click_value(window, 0 if place else 1)
        else:
            press(window, leave)
        if window.request_pane.form_table.delegate.open_editor is not None:
            press(window, "Esc")
    assert window.console.draft.form_model.form == before
    assert not window.action("undo").isEnabled()


@given(text=st.text(st.characters(codec="utf-8"), max_size=12))
def test_an_editor_holds_any_text_exactly_or_is_not_offered(qapp: QApplication, text: str) -> None:
    parent = QWidget()
    for one in KIND.parameters:
        made = make_typed(parent, one, text)
        if made is not None:
            made.start(text)
            assert not made.changed
            assert made.text() == text
            made.setParent(None)


@given(
    time=st.datetimes(
        min_value=datetime(1800, 1, 2),
        max_value=datetime(8999, 12, 30),
        # Not every year has this day; whether Qt remembers it while it steps is Qt's own matter.
    ).filter(lambda time: (time.month, time.day) != (2, 29))
)
def test_a_time_that_is_stepped_there_and_back_is_the_same(
    qapp: QApplication, time: datetime
) -> None:
    text = write_time(time.replace(tzinfo=UTC))
    parent = QWidget()
    made = make_typed(parent, KIND.parameters[4], text)
    assert isinstance(made, TimeEdit)
    made.start(text)
    made.date_time.stepBy(1)
    made.date_time.stepBy(-1)
    assert not made.changed


# --- while others change ---------------------------------------------------------------------


def test_news_of_the_rows_does_not_undo_what_is_being_typed(open_form: OpenForm) -> None:
    window = open_form(("_ttl", "30"), ("_text", "x"))
    go_to_value(window)
    press(window, "F2", "Up")
    window.console.draft.form_model.set_problems({0: "no"})
    window.console.draft.form_model.set_advice({0: "hm", 1: "hm"})
    window.console.services.set_catalogue(CATALOGUE)
    settle()
    assert editor(window).text() == "31"
    press(window, "Return")
    assert value(window) == "31"


@pytest.mark.parametrize("key", ["_ttl", "_media", "_time", "_text", "unknown"])
def test_an_editor_goes_with_its_row(open_form: OpenForm, key: str) -> None:
    window = open_form((key, ""), ("_ttl", "30"), ("_media", "x"))
    go_to_value(window)
    press(window, "F2")
    buttons = {one.accessibleName(): one for one in window.request_pane.findChildren(QToolButton)}
    click(buttons["Remove rows"])
    assert window.request_pane.form_table.delegate.open_editor is None
    assert value(window) == "30"
    go_to_value(window)
    press(window, "F2", "Up", "Return")
    assert value(window) == "31"


def test_enter_ends_the_editing_of_a_key(open_form: OpenForm) -> None:
    window = open_form(("_ttl", "30"))
    press(window, "Alt+1", "Ctrl+Home", "Return")
    type_text(window, "zzz")
    press(window, "Return")
    assert window.request_pane.form_table.delegate.open_editor is None
    assert QApplication.focusWidget() is form_table(window)
    assert window.console.draft.form_model.form.rows[0].key == "zzz"


def test_a_key_offers_the_names_with_their_meaning(open_form: OpenForm) -> None:
    window = open_form()
    press(window, "Alt+1", "Ctrl+N")
    type_text(window, "me")
    popup = QApplication.activePopupWidget()
    assert popup is not None
    index = popup.model().index(0, 0)  # type: ignore[attr-defined]
    assert index.data() == "_media"
    assert "One of the known values: voice or chat." in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "enum · What _media means." in index.data(Qt.ItemDataRole.AccessibleTextRole)
    press(window, "Down", "Tab")
    assert isinstance(editor(window), ChoiceEdit)
    type_text(window, "v")
    press(window, "Down", "Return")
    assert [(row.key, row.value) for row in window.console.draft.form_model.form] == [
        ("_media", "voice")
    ]


def test_parts_of_an_editor_have_names_that_are_read_out(open_form: OpenForm) -> None:
    window = open_form(("_phone", "1"), ("_media", "chat"), ("_ttl", "30"), ("_time", NOON))
    for place in range(4):
        go_to_value(window, place)
        press(window, "F2")
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName()
        for button in editor(window).findChildren(QToolButton):
            assert button.accessibleName() or button.text()
        press(window, "Esc")
