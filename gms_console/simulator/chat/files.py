"""Files in a chat of API v2, and the limits that hold for them."""

import secrets

from gms_console.simulator.chat import v2_answers
from gms_console.simulator.chat.attachments import ChatFile
from gms_console.simulator.chat.options import LIMITS, ChatOptions
from gms_console.simulator.chat.talk import CLIENT, Chat, Kind
from gms_console.simulator.chat.v2_answers import ChatError
from gms_console.simulator.web.answers import NO_CACHE, Answer
from gms_console.simulator.web.calls import Call
from gms_console.simulator.web.file_control import refused_type
from gms_console.simulator.web.uploads import Upload


def limits(call: Call, chat: Chat) -> dict[str, str]:
    """Return the limits, and what is used up of them (domain: names and sizes in bytes seen)."""
    options = ChatOptions(call.world.config, chat.service)
    return {name: options.text(name) for name in LIMITS} | {
        "used-download-attempts": str(chat.attachments.downloads),
        "used-upload-max-files": str(chat.attachments.uploads),
        "used-upload-max-total-size": str(chat.attachments.uploaded_bytes),
    }


def upload(call: Call, chat: Chat) -> None:
    """Take in the file of a form; raises ChatError when a limit forbids it."""
    if chat.ended:
        raise ChatError(v2_answers.ENDED, f"Chat [{chat.id}] has ended.", ended=True)
    found = next((value for _, value in call.form.rows if isinstance(value, Upload)), None)
    if found is None:
        raise ChatError(v2_answers.MISSING, "Mandatory parameter [file] is missing.")
    _check(call, chat, found)
    kept = ChatFile(secrets.token_hex(8).upper(), found)
    chat.attachments.keep(kept)
    description = call.form.param("description") or ""
    data = _described(kept) | ({"file-description": description} if description else {})
    chat.add(call.now, Kind.FILE_UPLOADED, CLIENT, found.filename, data=data)
    chat.thank_for(call.now, found.filename)


def download(call: Call, chat: Chat, file_id: str) -> Answer:
    """Answer the bytes of a file, as often as the limits allow in one chat."""
    found = _file(chat, file_id)
    attempts = ChatOptions(call.world.config, chat.service).number("download-attempts")
    if chat.attachments.downloads >= attempts:
        raise ChatError(
            v2_answers.NO_MORE_DOWNLOADS, f"No more than {attempts:.0f} downloads are allowed."
        )
    chat.attachments.downloads += 1
    content = found.upload
    return Answer(200, (("Content-Type", content.content_type), *NO_CACHE), content)


def delete(call: Call, chat: Chat, file_id: str) -> None:
    """Delete a file; what it has used of the limits stays used."""
    found = _file(chat, file_id)
    allowed = ChatOptions(call.world.config, chat.service).text("delete-file").strip().lower()
    if allowed in {"", "false", "none"}:
        raise ChatError(v2_answers.NO_DELETE, "Files of this chat cannot be deleted.")
    chat.attachments.drop(file_id)
    chat.add(call.now, Kind.FILE_DELETED, CLIENT, found.upload.filename, data=_described(found))


def _check(call: Call, chat: Chat, found: Upload) -> None:
    """Raise ChatError for a file that a limit forbids."""
    options = ChatOptions(call.world.config, chat.service)
    if options.flag("upload-need-agent") and chat.joined_at is None:
        raise ChatError(v2_answers.NEEDS_AGENT, "Files can be sent once an agent has joined.")
    types = {each.strip().lower() for each in options.text("upload-file-types").split(":")}
    ending = found.filename.rpartition(".")[2].lower() if "." in found.filename else ""
    if ending not in types or refused_type(call.world.config, found):
        raise ChatError(v2_answers.WRONG_TYPE, f"Files such as [{found.filename}] are not allowed.")
    largest = options.number("upload-max-file-size")
    if found.size > largest:
        raise ChatError(v2_answers.FILE_TOO_LARGE, f"A file must not exceed {largest:.0f} bytes.")
    most = options.number("upload-max-files")
    if chat.attachments.uploads >= most:
        raise ChatError(v2_answers.TOO_MANY_FILES, f"No more than {most:.0f} files are allowed.")
    total = options.number("upload-max-total-size")
    if chat.attachments.uploaded_bytes + found.size > total:
        raise ChatError(
            v2_answers.FILES_TOO_LARGE, f"All files together must not exceed {total:.0f} bytes."
        )


def _file(chat: Chat, file_id: str) -> ChatFile:
    found = chat.attachments.files.get(file_id)
    if found is None:
        raise ChatError(v2_answers.NO_FILE, f"File [{file_id}] is not found in this chat.")
    return found


def _described(found: ChatFile) -> dict[str, str]:
    """Return what a message tells about a file; the names are inferred."""
    return {
        "file-id": found.id,
        "file-name": found.upload.filename,
        "file-size": str(found.upload.size),
        "file-type": found.upload.content_type,
    }
