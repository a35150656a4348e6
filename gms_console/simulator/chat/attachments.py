"""The files of a chat, and what was ever done with files in it."""

from dataclasses import dataclass, field

from gms_console.simulator.web.uploads import Upload


@dataclass
class ChatFile:
    """A file that the customer has sent."""

    id: str
    upload: Upload


@dataclass
class Attachments:
    """The files by id; the counts stand when a file is deleted."""

    files: dict[str, ChatFile] = field(default_factory=dict)
    uploads: int = 0
    uploaded_bytes: int = 0
    downloads: int = 0

    def keep(self, file: ChatFile) -> None:
        """Take in a file."""
        file.upload.kept = True
        self.files[file.id] = file
        self.uploads += 1
        self.uploaded_bytes += file.upload.size

    def drop(self, file_id: str) -> None:
        """Forget a file; without effect on one that is not there."""
        file = self.files.pop(file_id, None)
        if file is not None:
            file.upload.remove()

    def clear(self) -> None:
        """Forget all files."""
        for file_id in list(self.files):
            self.drop(file_id)
