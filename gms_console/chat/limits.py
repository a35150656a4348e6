"""What a chat takes of files, as `file/limits` says it (domain: documented, chat API v2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from gms_console.model.reading import JsonValue, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Limits of files; None or empty where GMS said nothing. Sizes are in bytes.

    `used_files` and `used_size` are what this chat has taken already.
    """

    max_files: int | None = None
    max_file_size: int | None = None
    max_total_size: int | None = None
    types: tuple[str, ...] = ()
    need_agent: bool = False
    can_delete: bool | None = None
    downloads: int | None = None
    used_files: int | None = None
    used_size: int | None = None

    def refusal(self, name: str, size: int, *, agent: bool) -> str:
        """Say why GMS would not take a file; empty where these limits let it through."""
        if self.need_agent and not agent:
            return "Files are taken only once an agent is there."
        ending = PurePath(name).suffix.lstrip(".").lower()
        if self.types and ending not in self.types:
            known = ", ".join(self.types)
            return f"Files of this kind are not taken; these are: {known}."
        if self.max_file_size is not None and size > self.max_file_size:
            return f"The file has {size:,} bytes; {self.max_file_size:,} are taken at most."
        if self.max_files is not None and (self.used_files or 0) >= self.max_files:
            return f"The chat takes {self.max_files} files at most, and has them all."
        total = (self.used_size or 0) + size
        if self.max_total_size is not None and total > self.max_total_size:
            left = max(0, self.max_total_size - (self.used_size or 0))
            return f"The file has {size:,} bytes; {left:,} are left for this chat."
        return ""

    def text(self) -> str:
        """Say the limits in one line; empty where there are none."""
        said = []
        if self.max_files is not None:
            known = self.used_files is not None
            used = f"{self.used_files} of {self.max_files} used"
            said.append(used if known else f"up to {self.max_files}")
        if self.max_file_size is not None:
            said.append(f"{size_text(self.max_file_size)} each")
        if self.max_total_size is not None:
            said.append(f"{size_text(self.max_total_size)} in all")
        if self.types:
            said.append(" ".join(self.types))
        if self.need_agent:
            said.append("once an agent is there")
        return ", ".join(said)


def read_limits(data: JsonValue) -> FileLimits | None:
    """Read the `userData` of a `file/limits` answer; None where it says nothing of files."""
    if not isinstance(data, Mapping):
        return None
    found = {str(key): text_of(value) or "" for key, value in data.items()}
    if not any(key.startswith(("upload-", "download-", "used-", "delete-")) for key in found):
        return None
    kinds = found.get("upload-file-types", "").replace(",", ":").replace(";", ":").split(":")
    return FileLimits(
        max_files=_number(found.get("upload-max-files")),
        max_file_size=_number(found.get("upload-max-file-size")),
        max_total_size=_number(found.get("upload-max-total-size")),
        types=tuple(kind.strip(" .*").lower() for kind in kinds if kind.strip(" .*")),
        need_agent=_truth(found.get("upload-need-agent")) or False,
        can_delete=_truth(found.get("delete-file")),
        downloads=_number(found.get("download-attempts")),
        used_files=_number(found.get("used-upload-max-files")),
        used_size=_number(found.get("used-upload-max-total-size")),
    )


def size_text(size: int) -> str:
    """Say a size for a person, such as `2.5 MB`."""
    if size < 1024:
        return f"{size} bytes"
    value, unit = size / 1024, "KB"
    for larger in ("MB", "GB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


def _number(text: str | None) -> int | None:
    """Read a limit; what is below zero or no number limits nothing."""
    try:
        value = int(float(text or ""))
    except (ValueError, OverflowError):
        return None
    return value if value >= 0 else None


def _truth(text: str | None) -> bool | None:
    lowered = (text or "").strip().lower()
    if lowered in {"true", "yes", "1", "on"}:
        return True
    return False if lowered in {"false", "no", "0", "off"} else None
