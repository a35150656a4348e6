"""Redaction: masks an Exchange, and all that is told about it, before anything is written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gms_console.body_files import BodyFiles
from gms_console.evidence.body_redaction import redacted_bytes, redacted_file, redacted_preview
from gms_console.evidence.items import Masking
from gms_console.evidence.pseudonyms import Hit, Pseudonyms
from gms_console.evidence.rules import RedactionRules, Rule
from gms_console.evidence.text_redaction import TextRedactor
from gms_console.model.exchange import (
    Exchange,
    Failure,
    HeaderList,
    Operation,
    Response,
    SentRequest,
    StoredBody,
)
from gms_console.model.form import Form, Row
from gms_console.model.timeline import Attempt, StateSpan
from gms_console.redaction import Masker, header_secrets

__all__ = ["Hit", "RedactionRules", "Redactor", "Rule"]

_REMEMBERED = 64
"""Redacted Exchanges that are kept for what refers to them: the result of a step, a redirect."""

_FILES = 16
"""Redacted bodies in files that are kept; a writer takes a body when it gets its Exchange."""

_T = TypeVar("_T")


class Redactor:
    """Masks what goes into one report, or into several of the same Exchanges.

    Equal values stay equal: a phone number is `[phone-1]` in JSON, in a form, in a URL and in a
    header. Credentials become `***`. Keys stay, and JSON stays JSON. `secrets` are known values,
    masked whatever the rules say. Not for more than one thread at a time.
    """

    def __init__(
        self,
        rules: RedactionRules | None = None,
        secrets: Iterable[str] = (),
        *,
        note: Callable[[Hit], None] | None = None,
    ) -> None:
        """`note` is told each value as it is masked, for a preview."""
        self._names = Pseudonyms(note)
        self._texts = TextRedactor(rules or RedactionRules(), self._names, secrets)
        self._done: OrderedDict[str, Exchange] = OrderedDict()
        self._bodies = BodyFiles()
        self._files: OrderedDict[Path, StoredBody] = OrderedDict()

    @property
    def rules(self) -> RedactionRules:
        """The rules that it was made with."""
        return self._texts.rules

    def also(self, secrets: Iterable[str]) -> None:
        """Mask these values too from now on."""
        self._texts.also(secrets)

    def text(self, text: str, place: str = "text") -> str:
        """Mask what stands within a text."""
        self._names.place = place
        return self._texts.text(text)

    def value(self, key: str, value: str, place: str = "") -> str:
        """Mask a whole value by its key, such as one that was captured from an answer."""
        self._names.place = place or key
        return self._texts.secrets(self._texts.value(key, value))

    def data(self, key: str, value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
        """Mask a JSON value, as dicts, lists and scalars hold it, by its key and the keys in it."""
        return self._data(key, value, self.rules.of_key(key))

    def attempt(self, attempt: Attempt) -> Attempt:
        """Mask what an attempt of a poll has seen."""
        return replace(
            attempt,
            state=_if_any(attempt.state, self.text),
            fault=_if_any(attempt.fault, self.text),
        )

    def span(self, span: StateSpan) -> StateSpan:
        """Mask a state of a timeline."""
        return replace(span, state=self.text(span.state))

    def exchange(self, exchange: Exchange) -> Exchange:
        """Give an Exchange that can be handed on; what was typed to make it is left out.

        Of a file that was sent only the name stays. A body in a file is masked into a file of its
        own, which lasts until a writer has taken it; of one whose file is gone the first part
        stays. Raises OSError when a file cannot be read or written.
        """
        known = self._done.get(exchange.id)
        if known is not None:
            return known
        for headers in _headers_of(exchange):
            if self.rules.holds(Rule.CREDENTIALS):
                self.also(header_secrets(_without_cookies(headers)))
        before = exchange.redirected_from
        masked = replace(
            exchange,
            redirected_from=None if before is None else self.exchange(before),
            draft=None,
            **self._sides(exchange),
        )
        self._done[exchange.id] = masked
        while len(self._done) > _REMEMBERED:
            self._done.popitem(last=False)
        return masked

    def tally(self) -> tuple[Masking, ...]:
        """Say what was masked so far, and why."""
        return self._names.tally()

    def close(self) -> None:
        """Remove the masked bodies that are left in files."""
        self._files.clear()
        self._bodies.close()

    def form(self, form: Form) -> Form:
        """Mask the rows of a form by their keys; of a file its name stays."""
        return Form(tuple(self._row(row) for row in form))

    def _sides(self, exchange: Exchange) -> dict[str, Any]:
        # What has keys comes first: values that are learnt there are found in the rest.
        request, response, failure = exchange.request, exchange.response, exchange.failure
        with self._texts.within(_head_text(exchange)):
            form = None if request.form is None else self.form(request.form)
            heads = self._headers(request.headers, "request")
        answered = None if response is None else self._response(response)
        sent = replace(self._request(request), form=form, headers=heads)
        self._names.place = "operation"
        return {
            "request": sent,
            "response": answered,
            "operation": self._operation(exchange.operation),
            "failure": None if failure is None else self._failure(failure),
        }

    def _request(self, request: SentRequest) -> SentRequest:
        self._names.place = "body of the request"
        body = redacted_preview(request.body_preview, request.headers, self._texts)
        body = self._texts.secrets(body)  # across its parts too
        self._names.place = "URL"
        return replace(request, url=self._texts.url(request.url), body_preview=body)

    def _response(self, response: Response) -> Response:
        headers = self._headers(response.headers, "answer")
        self._names.place = "body of the answer"
        stored = response.stored
        if stored is not None and not stored.path.is_file():
            stored = None  # who received it has forgotten it: the first part is all there is
        cut = stored is None and response.stored is not None
        if stored is None:
            body = redacted_bytes(response.body, response.headers, self._texts, cut=cut)
        else:
            stored = self._stored(stored, response.headers)
            with stored.path.open("rb") as stream:
                body = stream.read(len(response.body))
        reason = self._texts.words(response.reason)
        return replace(
            response,
            reason=reason,
            headers=headers,
            body=body,
            stored=stored,
            complete=response.complete and not cut,
        )

    def _stored(self, stored: StoredBody, headers: HeaderList) -> StoredBody:
        file = self._bodies.begin(Masker())
        try:
            for piece in redacted_file(stored.path, headers, self._texts):
                file.write(piece)
            masked = file.finish()
        except BaseException:
            file.discard()
            raise
        self._files[masked.path] = masked
        self._files.move_to_end(masked.path)
        while len(self._files) > _FILES:
            self._bodies.forget(self._files.popitem(last=False)[1])
        members = stored.members
        return replace(
            masked,
            members=None if members is None else self.data("", dict(members)),
            broken=self._texts.text(stored.broken),
        )

    def _headers(self, headers: HeaderList, side: str) -> HeaderList:
        return tuple((name, self._header(name, value, side)) for name, value in headers)

    def _header(self, name: str, value: str, side: str) -> str:
        self._names.place = f"header {name} of the {side}"
        return self._texts.header(name, value)

    def _row(self, row: Row) -> Row:
        self._names.place = f"row {row.key}"
        words = self._texts.words
        return replace(
            row,
            key=words(row.key),
            value=self._texts.secrets(self._texts.value(row.key, row.value)),
            file=None if row.file is None else Path(words(row.file.name)),
            filename=None if row.filename is None else words(row.filename),
            note=self._texts.text(row.note),
        )

    def _operation(self, operation: Operation) -> Operation:
        words = self._texts.words
        return replace(
            operation,
            service=words(operation.service),
            instance_id=words(operation.instance_id),
            request=words(operation.request),
            label=words(operation.label),
        )

    def _failure(self, failure: Failure) -> Failure:
        self._names.place = "failure"
        return replace(failure, message=self._texts.text(failure.message))

    def _data(self, key: str, value: Any, rule: Rule | None) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, Mapping):
            return {
                self._texts.words(name): self._data(name, one, self.rules.of_key(name) or rule)
                for name, one in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._data("", one, rule) for one in value]
        if value is None or (isinstance(value, bool) and rule is not Rule.OWN_KEYS):
            return value
        plain = str(value).lower() if isinstance(value, bool) else str(value)
        masked = self._texts.secrets(self._texts.value(key, plain, rule))
        return value if masked == plain else masked


def _if_any(value: str | None, change: Callable[[str], str]) -> str | None:
    return None if value is None else change(value)


def _head_text(exchange: Exchange) -> str:
    """Give the headers and rows of a request as one text."""
    request = exchange.request
    rows = () if request.form is None else request.form
    parts = [value for _, value in request.headers]
    parts += (part for row in rows for part in (row.key, row.value, row.sent_filename, row.note))
    return "\n".join(parts)


def _headers_of(exchange: Exchange) -> Iterable[HeaderList]:
    yield exchange.request.headers
    if exchange.response is not None:
        yield exchange.response.headers


def _without_cookies(headers: HeaderList) -> HeaderList:
    return tuple(one for one in headers if "cookie" not in one[0].lower())
