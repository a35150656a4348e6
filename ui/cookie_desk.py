"""The CookieDesk: the cookies of one instance, as its inspector shows and deletes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from gms_console.cookies import NEVER, Cookie, clear_cookies, delete_cookie, list_cookies
from gms_console.instance import Instance
from gms_console.redaction import MASK

if TYPE_CHECKING:
    from .console import Console

NOTHING_YET = (
    "No cookies. Each instance has its own, as one phone has. Behind a load balancer GMS answers "
    "with JSESSIONID; what it ends with after the dot names the node that knows the instance, and "
    "requests that bring the cookie along go there."
)


@dataclass(frozen=True, slots=True)
class CookieRow:
    """One cookie in words. `masked` is the value with all hidden but the node's name."""

    cookie: Cookie
    masked: str
    expires: str
    marks: str
    points_to: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others of the jar."""
        return self.cookie.kept_domain, self.cookie.path, self.cookie.name


class CookieDesk(QObject):
    """What the inspector of an instance's cookies reads and does; values go to it alone.

    `changed` comes when the cookies may be other ones.
    """

    changed = Signal()

    def __init__(self, console: Console, instance: Instance, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._console = console
        self.instance = instance
        console.bridge.instance_changed.connect(self._on_change)

    def _on_change(self, instance: Instance) -> None:
        if instance is self.instance:
            self.changed.emit()

    @property
    def title(self) -> str:
        """Name the instance and where it lives."""
        one = self.instance
        return f"{one.service or '(reopened by id)'}  ·  {one.id}  ·  {one.environment.title}"

    def rows(self) -> list[CookieRow]:
        """Give the cookies that the instance has now, in the order of the jar."""
        return [_row(cookie) for cookie in list_cookies(self.instance)]

    @property
    def warning(self) -> str:
        """Say that the sticky cookie leads to another node; empty when it does not."""
        strays = next((one for one in list_cookies(self.instance) if one.elsewhere), None)
        if strays is None:
            return ""
        node = self.instance.environment.node
        return (
            f"{strays.name} points to {strays.points_to}, and this instance is on {node}. "
            f"A load balancer would send its requests to the other one, which may not know it."
        )

    def copy(self, row: CookieRow) -> None:
        """Copy the value of a cookie, as a person asked to."""
        QGuiApplication.clipboard().setText(row.cookie.value)
        self._console.message.emit(f"Value of {row.cookie.name} copied")

    def delete(self, row: CookieRow) -> None:
        """Take a cookie from the instance."""
        if delete_cookie(self.instance, row.cookie):
            self._console.message.emit(f"{row.cookie.name} deleted; requests go without it")
        self._tell()

    def delete_all(self) -> None:
        """Take all cookies from the instance."""
        count = len(list_cookies(self.instance))
        clear_cookies(self.instance)
        self._console.message.emit(f"{count} cookie{'' if count == 1 else 's'} deleted")
        self._tell()

    def _tell(self) -> None:
        self._console.instances.note(self.instance)
        # The preview of a request has the cookies that go along.
        self._console.refresh_preview()
        self.changed.emit()


def _row(cookie: Cookie) -> CookieRow:
    marks = ("HttpOnly" if cookie.http_only else "", "Secure" if cookie.secure else "")
    return CookieRow(
        cookie=cookie,
        masked=f"{MASK}.{cookie.worker}" if cookie.worker else MASK,
        expires=expires_text(cookie.expires),
        marks=", ".join(mark for mark in marks if mark),
        points_to=cookie.points_to,
    )


def expires_text(at: datetime | None) -> str:
    """Say when a cookie ends, in the reader's own zone; None is the end of the session."""
    if at is None:
        return "with the session"
    return "never" if at == NEVER else at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
