"""What a page shows of an Exchange, made ready for its template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import urlsplit

from gms_console.evidence.body_redaction import charset_of_body, is_binary
from gms_console.evidence.html_charts import Bar, clock_text, phases_chart
from gms_console.evidence.items import ExchangeItem, SentFile
from gms_console.first_part import BYTES, first_part, reads_as_json
from gms_console.model.exchange import Exchange, Response
from gms_console.model.form import Form
from gms_console.presentation import milliseconds, reason_text
from gms_console.sizes import size_text

_MOST_FORM_ROWS = 500
_MOST_SAID = 400


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body as it is shown: `text` as it came, `pretty` indented where that differs.

    `extent` says how much is shown where it is not all; `words` stands for what is no text.
    """

    text: str = ""
    pretty: str = ""
    extent: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a form; `file` is what is known of the file that it sent."""

    key: str
    value: str
    kind: str
    file: SentFile | None
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """All that a page shows of an Exchange."""

    item: ExchangeItem
    exchange: Exchange
    ok: bool
    status: str
    outcome: str
    path: str
    clock: str
    started: str
    total: str
    size: str
    rows: tuple[RowView, ...]
    more_rows: int
    sent_body: BodyView
    body: BodyView | None
    bars: tuple[Bar, ...]
    beside: str
    beside_words: str

    @property
    def problem(self) -> str:
        """What is wrong with it, in GMS's words or the transport's; a long text is cut."""
        problem = self.item.answer.problem
        said = "" if problem is None else problem.said
        return said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]} …"


def exchange_view(
    item: ExchangeItem, zone: tzinfo | None, beside: str, beside_words: str
) -> ExchangeView:
    """Make an Exchange ready; `beside` is where its whole body lies, seen from the page."""
    exchange = item.exchange
    response, failure = exchange.response, exchange.failure
    status = "–" if response is None else str(response.status)
    rows, more = _rows(exchange.request.form, item.files)
    if failure is not None:
        outcome = failure.kind.heading
    else:
        outcome = "no answer" if response is None else reason_text(response)
    return ExchangeView(
        item=item,
        exchange=exchange,
        ok=item.answer.problem is None,
        status=status,
        outcome=outcome,
        path=_path(exchange.request.url),
        clock=clock_text(exchange.started, zone),
        started=exchange.started.astimezone(zone).isoformat(sep=" ", timespec="milliseconds"),
        total=milliseconds(exchange.timing.total),
        size="" if item.body_size is None else size_text(item.body_size),
        rows=rows,
        more_rows=more,
        sent_body=_sent_body(exchange),
        body=None if response is None else _body(response, item),
        bars=phases_chart(exchange.timing),
        beside=beside,
        beside_words=beside_words,
    )


def beside_name(item: ExchangeItem, number: int) -> str:
    """Give the name of the file for a body that is too large to be shown whole; empty for none."""
    response = item.exchange.response
    if response is None or not response.body:
        return ""
    kind = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if response.size <= BYTES and not is_binary(response.body, kind):
        return ""
    ending = _ENDINGS.get(kind) or ("json" if "json" in kind else "bin")
    return f"answer-{number}.{ending}"


# What a browser would carry out is put beside as text.
_ENDINGS = {
    "application/json": "json",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/xml": "xml.txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "text/html": "txt",
    "text/plain": "txt",
    "text/xml": "txt",
    "text/csv": "csv",
}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def _rows(form: Form | None, files: tuple[SentFile, ...]) -> tuple[tuple[RowView, ...], int]:
    if form is None:
        return (), 0
    left = list(files)
    rows = []
    for row in form.rows[:_MOST_FORM_ROWS]:
        file = left.pop(0) if row.is_file and row.enabled and left else None
        value = row.sent_filename if row.is_file else row.value
        kind = row.content_type or ("file" if row.is_file else "text")
        rows.append(RowView(row.key, value, kind, file, row.enabled))
    return tuple(rows), len(form) - len(rows)


def _sent_body(exchange: Exchange) -> BodyView:
    text = exchange.request.body_preview
    if text.lstrip()[:1] not in {"{", "["}:
        return BodyView(text)
    data = text.encode("utf-8", "replace")
    pretty = first_part(data, len(data), "utf-8", pretty=True)
    return BodyView(text, "" if pretty.text == text else pretty.text)


def _body(response: Response, item: ExchangeItem) -> BodyView:
    kind = response.header("content-type") or ""
    if is_binary(response.body, kind):
        name = kind.partition(";")[0] or "no Content-Type"
        return BodyView(words=f"{name}, {size_text(response.size)}: no text, so it is not shown")
    charset = charset_of_body(response.body, kind)
    raw = first_part(response.body, response.size, charset, pretty=False)
    pretty = ""
    if reads_as_json(response, item.answer):
        pretty = first_part(response.body, response.size, charset, pretty=True).text
    extent = "" if raw.whole else f"The first {raw.extent} of {size_text(response.size)}"
    return BodyView(raw.text, "" if pretty == raw.text else pretty, extent)
