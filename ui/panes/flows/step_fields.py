"""The fields of a step that are one line each: name, instance, method, encoding, times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from gms_console.durations import DurationError, duration_text, read_duration
from gms_console.flow.types import Flow, Step, StepKind
from gms_console.wire.body import BodyKind

from ...console import Console
from ...flows.mistakes import FieldMistake, UnreadTime, names_before
from ...tips import plain_tip
from ..common import label, named, set_look
from .rows_box import has_keyboard
from .step_pane import KIND_WORDS

if TYPE_CHECKING:
    from gms_console.catalogue import Parameter, RequestKind, ServiceKind

METHODS = ("POST", "GET", "PUT", "DELETE")
ENCODINGS = {
    BodyKind.AUTO: "Auto",
    BodyKind.MULTIPART: "Multipart Form",
    BodyKind.URLENCODED: "Form URL Encoded",
    BodyKind.JSON: "JSON",
    BodyKind.NONE: "No Body",
}
_LAST = "the one created last"
_MOST_TOLERATED = 1000
_ARROW_ROOM = 44
"""Pixels of a combo box beside its text: the frame and the arrow."""
_SENDS = frozenset({StepKind.CREATE, StepKind.REQUEST, StepKind.POLL})
_ASKS = frozenset({*_SENDS, StepKind.FOLLOW})

_NAME_WORDS = {
    StepKind.CREATE: "Service",
    StepKind.REQUEST: "Request",
    StepKind.POLL: "Request",
    StepKind.FOLLOW: "Choice",
    StepKind.WAIT: "",
}


@dataclass(frozen=True, slots=True)
class _Field:
    """A field with its label, and the kinds of steps that have it; `key` is as in mistakes."""

    key: str
    name: QLabel
    widget: QWidget
    kinds: frozenset[StepKind]


class StepFields(QWidget):
    """Edits the step at hand through the desk; a time that cannot be read is a mistake of it."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._desk = console.flows
        self._typed_in: QLineEdit | None = None
        self._offered: tuple[str, ...] | None = None
        self._make_names()
        self._make_times()
        self._lay_out()
        self._connect()

    def _make_names(self) -> None:
        self.kind_combo = named(_WholeCombo(), "stepKindCombo", "Kind of the step")
        self.kind_combo.addItems(list(KIND_WORDS.values()))
        self.name_edit = named(QLineEdit(), "stepNameEdit", "Name of the service or request")
        self.as_edit = named(QLineEdit(), "stepAsEdit", "Name of the instance")
        self.as_edit.setPlaceholderText("name for later steps")
        self.on_combo = named(QComboBox(), "stepOnCombo", "Instance that it goes to")
        self.on_combo.setEditable(True)
        self.on_combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.method_combo = named(QComboBox(), "stepMethodCombo", "HTTP method")
        self.method_combo.setEditable(True)
        self.method_combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.method_combo.addItems(METHODS)
        for combo in (self.on_combo, self.method_combo):
            # What is typed is meant, not what it is the beginning of.
            combo.setCompleter(None)  # type: ignore[arg-type]  # PySide's stub lacks None
        self.encoding_combo = named(QComboBox(), "stepEncodingCombo", "Encoding of the body")
        self.encoding_combo.addItems(list(ENCODINGS.values()))
        for combo in (self.on_combo, self.method_combo, self.encoding_combo):
            combo.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            combo.setMinimumContentsLength(6)

    def _make_times(self) -> None:
        self.every_edit = _time_edit("stepEveryEdit", "Interval of the poll", "1s")
        self.within_edit = _time_edit("stepWithinEdit", "Limit of the poll", "60s")
        self.seconds_edit = _time_edit("stepSecondsEdit", "How long to wait", "2s")
        self.tolerate_spin = named(QSpinBox(), "stepTolerateSpin", "Failures in a row tolerated")
        self.tolerate_spin.setRange(0, _MOST_TOLERATED)
        self.tolerate_spin.setToolTip(
            "Transport errors, or answers of 500 and above, in a row that do not end the poll"
        )

    def _lay_out(self) -> None:
        poll, wait = frozenset({StepKind.POLL}), frozenset({StepKind.WAIT})
        create = frozenset({StepKind.CREATE})
        fields = (
            ("kind", "Kind", self.kind_combo, frozenset(StepKind), (0, 0)),
            ("name", "Service", self.name_edit, _ASKS, (0, 2)),
            ("time", "Time", self.seconds_edit, wait, (0, 2)),
            ("instance", "As", self.as_edit, create, (1, 0)),
            ("instance", "On", self.on_combo, _ASKS - create, (1, 0)),
            ("method", "Method", self.method_combo, _ASKS, (1, 2)),
            ("encoding", "Body", self.encoding_combo, _SENDS, (1, 4)),
            ("every", "Every", self.every_edit, poll, (2, 0)),
            ("within", "Within", self.within_edit, poll, (2, 2)),
            ("tolerate", "Tolerate", self.tolerate_spin, poll, (2, 4)),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        self._fields: list[_Field] = []
        for key, words, widget, kinds, (row, column) in fields:
            name = label(words, "muted")
            name.setBuddy(widget)
            grid.addWidget(name, row, column)
            wide = key in {"name", "time"}
            grid.addWidget(widget, row, column + 1, 1, 3 if wide else 1)
            self._fields.append(_Field(key, name, widget, kinds))
        self.mistake = named(label("", "error"), "stepMistake", "What is wrong with the step")
        self.mistake.setWordWrap(True)
        # Its line is kept free, or all below would jump when it comes.
        self.mistake.setMinimumHeight(self.mistake.fontMetrics().height())
        grid.addWidget(self.mistake, 3, 0, 1, 6)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)

    def _connect(self) -> None:
        desk = self._desk
        self.kind_combo.activated.connect(lambda place: desk.change_kind(tuple(KIND_WORDS)[place]))
        self.name_edit.textEdited.connect(self._on_name)
        self.as_edit.textEdited.connect(
            lambda text: desk.change_step("change instance", "as", instance=text.strip())
        )
        self.on_combo.activated.connect(lambda _: self._on_instance())
        self.method_combo.activated.connect(lambda _: self._on_method())
        for combo, take in (
            (self.on_combo, self._on_instance),
            (self.method_combo, self._on_method),
        ):
            line = combo.lineEdit()
            if line is not None:
                line.editingFinished.connect(take)
        line = self.on_combo.lineEdit()
        if line is not None:
            line.setPlaceholderText(_LAST)
        self.encoding_combo.activated.connect(
            lambda place: desk.change_step("change body", encoding=tuple(ENCODINGS)[place])
        )
        self.tolerate_spin.valueChanged.connect(
            lambda number: desk.change_step("change tolerance", "tolerate", tolerate=number)
        )
        for edit, field in self._times():
            edit.textEdited.connect(self._taker(edit, field))
            edit.editingFinished.connect(self._end_typing)

    @property
    def tab_parts(self) -> tuple[QWidget, ...]:
        """The fields in the order in which they are seen, for the Tab key."""
        return tuple(field.widget for field in self._fields)

    def _times(self) -> tuple[tuple[QLineEdit, str], ...]:
        return (
            (self.every_edit, "every"),
            (self.within_edit, "within"),
            (self.seconds_edit, "seconds"),
        )

    def _taker(self, edit: QLineEdit, field: str) -> Callable[[str], None]:
        return lambda text: self._on_time(edit, field, text)

    # --- edits -----------------------------------------------------------------------------------

    def _on_name(self, text: str) -> None:
        values: dict[str, str] = {"name": text.strip()}
        known = self.request_kind(text.strip())
        if known is not None:
            values["method"] = known.method
        self._desk.change_step("change name", "name", **values)

    def _on_instance(self) -> None:
        self._desk.change_step("change instance", instance=self.on_combo.currentText().strip())

    def _on_method(self) -> None:
        text = self.method_combo.currentText().strip().upper()
        if text:
            self._desk.change_step("change method", method=text)

    def _on_time(self, edit: QLineEdit, field: str, text: str) -> None:
        """Take over a time with each key: no step and no run is without what is seen here."""
        try:
            seconds = read_duration(text.strip())
        except DurationError as error:
            seconds = UnreadTime(text.strip(), str(error))
        self._typed_in = edit
        self._desk.change_step(f"change {field}", field, **{field: seconds})

    def _end_typing(self) -> None:
        """Show a time as it is written usually, now that nobody types there."""
        if self._typed_in is not None:
            self._typed_in = None
            self.refresh()

    def take_open_edits(self) -> None:
        """Take over what is being typed in a line that waits for its end."""
        self._end_typing()
        if has_keyboard(self.on_combo):
            self._on_instance()
        if has_keyboard(self.method_combo):
            self._on_method()

    # --- what is shown ---------------------------------------------------------------------------

    def leave_step(self) -> None:
        """Show all as the desk has it: another step is at hand."""
        self._typed_in = None

    def refresh(self) -> None:
        """Show the step at hand."""
        flow, step = self._desk.flow, self._desk.step
        if flow is None or step is None:
            return
        for field in self._fields:
            shown = step.kind in field.kinds
            field.name.setVisible(shown)
            field.widget.setVisible(shown)
            if field.key == "name":
                field.name.setText(_NAME_WORDS[step.kind])
        self.kind_combo.setCurrentIndex(tuple(KIND_WORDS).index(step.kind))
        _show_text(self.name_edit, step.name)
        _show_text(self.as_edit, step.instance)
        self._show_instances(flow, step)
        if self.method_combo.currentText() != step.method:
            self.method_combo.setEditText(step.method)
        self.encoding_combo.setCurrentIndex(tuple(ENCODINGS).index(step.encoding))
        self.tolerate_spin.blockSignals(True)
        self.tolerate_spin.setValue(step.tolerate)
        self.tolerate_spin.blockSignals(False)
        for edit, field_name in self._times():
            if edit is not self._typed_in:
                _show_text(edit, _time_text(getattr(step, field_name)))
        self._offer_names(step)
        self.show_mistakes(self._desk.mistakes)

    def _show_instances(self, flow: Flow, step: Step) -> None:
        names = ["", *names_before(flow, self._desk.current_step)]
        if [self.on_combo.itemText(n) for n in range(self.on_combo.count())] != names:
            self.on_combo.clear()
            self.on_combo.addItems(names)
        if self.on_combo.currentText() != step.instance:
            self.on_combo.setEditText(step.instance)

    def _offer_names(self, step: Step) -> None:
        names: tuple[str, ...] = ()
        catalogue = self._console.services.catalogue
        if step.kind is StepKind.CREATE and catalogue is not None:
            names = tuple(kind.name for kind in catalogue)
        elif step.kind in {StepKind.REQUEST, StepKind.POLL}:
            kind = self.service_kind
            names = tuple(one.name for one in kind.requests) if kind is not None else ("status",)
        if names == self._offered:
            return
        self._offered = names
        completer = QCompleter(list(names), self.name_edit)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name_edit.setCompleter(completer)
        # A chosen name comes by no key.
        completer.activated.connect(lambda _: self._on_name(self.name_edit.text()))

    def show_mistakes(self, mistakes: tuple[FieldMistake, ...]) -> None:
        """Mark the fields that something is wrong with, and say what."""
        mine = [one for one in mistakes if one.step == self._desk.current_step and one.row is None]
        step = self._desk.step
        said: list[str] = []
        for field in self._fields:
            wrong = next((one.text for one in mine if one.field == field.key), "")
            if wrong and step is not None and step.kind in field.kinds and wrong not in said:
                said.append(wrong)
            set_look(field.widget, "invalid", bool(wrong))
            field.widget.setToolTip(plain_tip(wrong))
            field.widget.setAccessibleDescription(wrong)
        self.mistake.setText("\n".join(said))
        self.mistake.setMinimumHeight(self.mistake.fontMetrics().height())

    def go_to(self, key: str) -> None:
        """Have the keyboard in a field."""
        step = self._desk.step
        for field in self._fields:
            if field.key == key and step is not None and step.kind in field.kinds:
                field.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what the catalogue knows ----------------------------------------------------------------

    @property
    def service_kind(self) -> ServiceKind | None:
        """What the catalogue knows of the service that the step creates, or whose it is."""
        flow, step, place = self._desk.flow, self._desk.step, self._desk.current_step
        if flow is None or step is None:
            return None
        if step.kind is StepKind.CREATE:
            return self._console.services.kind_of(step.name) if step.name else None
        creates = [one for one in flow.steps[:place] if one.kind is StepKind.CREATE]
        if step.instance:
            creates = [one for one in creates if one.instance == step.instance]
        return self._console.services.kind_of(creates[-1].name) if creates else None

    def request_kind(self, name: str) -> RequestKind | None:
        """What the catalogue knows of a request of the step's instance."""
        step, kind = self._desk.step, self.service_kind
        if step is None or kind is None or step.kind is StepKind.CREATE or not name:
            return None
        return kind.request(name)

    def parameters(self) -> tuple[Parameter, ...]:
        """What is known of the keys that the step's rows can have."""
        step, kind = self._desk.step, self.service_kind
        if step is None or kind is None:
            return ()
        if step.kind is StepKind.CREATE:
            return kind.parameters
        request = self.request_kind(step.name)
        return request.parameters if request is not None else ()


class _WholeCombo(QComboBox):
    """Has room for its longest entry, in text of any size."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for all of it; Qt keeps what it worked out for text of the size before."""
        metrics = self.fontMetrics()
        entries = (self.itemText(place) for place in range(self.count()))
        width = max((metrics.horizontalAdvance(text) for text in entries), default=0)
        return QSize(width + _ARROW_ROOM, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for no more than that."""
        return self.minimumSizeHint()


def _time_edit(name: str, title: str, example: str) -> QLineEdit:
    edit = named(QLineEdit(), name, title)
    edit.setPlaceholderText(f"such as {example}")
    edit.setMinimumWidth(60)
    return edit


def _time_text(seconds: float) -> str:
    if isinstance(seconds, UnreadTime):
        return seconds.typed
    return duration_text(seconds) if seconds > 0 else ""


def _show_text(edit: QLineEdit, text: str) -> None:
    if edit.text().strip() != text:
        edit.setText(text)
        edit.setCursorPosition(0)
