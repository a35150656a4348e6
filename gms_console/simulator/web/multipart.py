"""Reading multipart/form-data piece by piece, files straight to where they are kept."""

import contextlib

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from gms_console.simulator.web.answers import GmsError
from gms_console.simulator.web.uploads import Upload, UploadFolder

FIELD_LIMIT = 16 * 1024 * 1024
"""Bytes of all text parts of a form together; files have no limit."""


class MultipartReader:
    """Turns the bytes of a multipart body into rows, added to `rows` in the order of arrival.

    A part with a file name is a file, every other part is text in UTF-8 (Latin-1 when its
    bytes are no UTF-8).
    """

    def __init__(
        self, boundary: bytes, files: UploadFolder, rows: list[tuple[str, str | Upload]]
    ) -> None:
        """Raises GmsError 400 when the boundary is missing or too long."""
        if not boundary:
            raise GmsError(400, "Multipart body without a boundary in its Content-Type.")
        self._files = files
        self._rows = rows
        self._ended = False
        self._text_size = 0
        self._start_part()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._start_part,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": self._on_part_data,
                    "on_part_end": self._on_part_end,
                    "on_end": self._on_end,
                },
            )
        except FormParserError as error:
            raise GmsError(400, f"Multipart body cannot be read: {error}") from error

    def write(self, data: bytes) -> None:
        """Take the next bytes; raises GmsError 400 for a malformed body, 413 for long text."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise GmsError(400, f"Multipart body cannot be read: {error}") from error

    def finish(self) -> None:
        """Check that the closing boundary has come; raises GmsError 400 when not."""
        if not self._ended:
            raise GmsError(400, "Multipart body ends before its closing boundary.")

    def _start_part(self) -> None:
        self._headers: dict[str, str] = {}
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._name = ""
        self._text = bytearray()
        self._upload: Upload | None = None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header_name.decode("latin-1").lower()] = self._header_value.decode(
            "latin-1"
        )
        self._header_name = bytearray()
        self._header_value = bytearray()

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        if b"name" not in options:
            raise GmsError(400, "Multipart part without a name.")
        self._name = _decode(options[b"name"])
        if b"filename" in options:
            content_type = self._headers.get("content-type", "application/octet-stream")
            self._upload = self._files.new(_decode(options[b"filename"]), content_type)
            self._rows.append((self._name, self._upload))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._upload.write(data[start:end])
            return
        self._text_size += end - start
        if self._text_size > FIELD_LIMIT:
            raise GmsError(413, f"Text of the form exceeds {FIELD_LIMIT} bytes.")
        self._text += data[start:end]

    def _on_part_end(self) -> None:
        if self._upload is not None:
            self._upload.finish()
        else:
            self._rows.append((self._name, _decode(bytes(self._text))))

    def _on_end(self) -> None:
        self._ended = True


def _decode(data: bytes) -> str:
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8")
    return data.decode("latin-1")
