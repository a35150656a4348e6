"""The stored user data of an instance, by key (domain: requests seen in the vendor's sample)."""

from gms_console.simulator.services.builtins import described
from gms_console.simulator.web.answers import (
    NO_CACHE,
    TEXT_TYPE,
    Answer,
    GmsError,
    empty_answer,
    json_answer,
)
from gms_console.simulator.web.forms import Form
from gms_console.simulator.web.uploads import Upload
from gms_console.simulator.world.instances import World


def read_all(world: World, any_id: str) -> Answer:
    """Answer all keys as a JSON map; a file shows as its file name."""
    return json_answer(described(world.get_for_storage(any_id).data))


def read_text(world: World, any_id: str, key: str) -> Answer:
    """Answer one value as plain text, a file as its file name."""
    return text_of(_value(world, any_id, key))


def read_bytes(world: World, any_id: str, key: str) -> Answer:
    """Answer the bytes of a file with the type that it came with, or those of a text."""
    return bytes_of(_value(world, any_id, key))


def text_of(value: str | Upload) -> Answer:
    """Answer a stored value as plain text, a file as its file name."""
    text = value.filename if isinstance(value, Upload) else value
    return Answer(200, (("Content-Type", TEXT_TYPE), *NO_CACHE), text.encode("utf-8", "replace"))


def bytes_of(value: str | Upload) -> Answer:
    """Answer a stored file with the type that it came with, or a text as its bytes."""
    if isinstance(value, Upload):
        return Answer(200, (("Content-Type", value.content_type), *NO_CACHE), value)
    return text_of(value)


def write(world: World, any_id: str, form: Form) -> Answer:
    """Add or replace values; keys that begin with `_` are no user data and are not kept."""
    world.get_for_storage(any_id).keep(form.user_data())
    return empty_answer()


def delete(world: World, any_id: str, key: str) -> Answer:
    """Remove one key."""
    if not world.get_for_storage(any_id).drop(key):
        raise _missing(any_id, key)
    return empty_answer()


def _value(world: World, any_id: str, key: str) -> str | Upload:
    value = world.get_for_storage(any_id).data.get(key)
    if value is None:
        raise _missing(any_id, key)
    return value


def _missing(any_id: str, key: str) -> GmsError:
    return GmsError(404, f"Key [{key}] is not found in the storage of [{any_id}].")
