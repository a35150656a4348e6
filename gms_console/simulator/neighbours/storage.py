"""The storage API below `/1/storage/`: data of an app's own, kept for a while (domain: documented).

This simulator's choices: keys may begin with `_`; an id that is not there, or no longer, is 404; a
custom id without the header `gms_user` is 400, with that of somebody else 403; a create with a
custom id that is there already replaces what it held.
"""

from gms_console.simulator.services.builtins import described
from gms_console.simulator.services.data import bytes_of, text_of
from gms_console.simulator.web.answers import Answer, GmsError, empty_answer, json_answer
from gms_console.simulator.web.calls import Call, Handler
from gms_console.simulator.web.endpoint import NOWHERE, Endpoint
from gms_console.simulator.web.file_control import controlled
from gms_console.simulator.web.uploads import Upload
from gms_console.simulator.world.entries import Entry
from gms_console.simulator.world.instances import World

USER_HEADER = "gms_user"

WRONG_TTL_SECONDS = 30.0
"""How long data is kept whose ttl is no number above zero (domain: documented)."""

_MAX_TTL = 10 * 365 * 86400.0


def endpoint(world: World, method: str, segments: tuple[str, ...]) -> Endpoint:
    """Find what answers below `/1/storage/`; a path of two segments is told by its method."""
    del world
    match segments:
        case ("custom", custom_id, ttl) if custom_id and method != "GET":
            return _endpoint("create", POST=lambda call: _create_custom(call, custom_id, ttl))
        case ("binary", entry_id, key) if entry_id and key:
            return _endpoint("read", GET=lambda call: bytes_of(_value(call, entry_id, key)))
        case (first,) if first and method == "POST":
            return _endpoint("create", POST=lambda call: _create(call, first))
        case (entry_id,) if entry_id:
            operation = "delete" if method == "DELETE" else "read"
            return _endpoint(
                operation,
                GET=lambda call: _read_all(call, entry_id),
                DELETE=lambda call: _delete(call, entry_id),
                POST=lambda call: _create(call, entry_id),
            )
        case (entry_id, last) if entry_id and last:
            operation = "read" if method == "GET" else "update"
            return _endpoint(
                operation,
                GET=lambda call: text_of(_value(call, entry_id, last)),
                POST=lambda call: _update(call, entry_id, last),
            )
        case _:
            return NOWHERE


def _endpoint(operation: str, **by_method: Handler) -> Endpoint:
    return Endpoint(controlled(by_method), operation)


def _create(call: Call, ttl: str) -> Answer:
    """Store the rows of a form and answer the new id."""
    entries = call.world.entries
    return _keep(call, Entry(entries.new_id(), call.now), ttl)


def _create_custom(call: Call, custom_id: str, ttl: str) -> Answer:
    """Store under an id that the app chooses, for nobody but that user (since 8.5.103)."""
    user = call.header(USER_HEADER)
    if not user:
        raise GmsError(400, f"Header [{USER_HEADER}] is mandatory for a custom id.")
    found = call.world.entries.find(custom_id, call.now)
    if found is not None:
        _check_user(call, found)
        found.clear()
    return _keep(call, Entry(custom_id, call.now, user), ttl)


def _update(call: Call, entry_id: str, ttl: str) -> Answer:
    """Add or replace values, and keep them all for so long from now on."""
    return _keep(call, _entry(call, entry_id), ttl)


def _keep(call: Call, entry: Entry, ttl: str) -> Answer:
    entry.keep(call.form.rows)
    entry.expires = call.now + _seconds(ttl)
    call.world.entries.put(entry, call.now)
    return json_answer({"id": entry.id})


def _read_all(call: Call, entry_id: str) -> Answer:
    """Answer all keys as a JSON map; a file shows as its file name."""
    return json_answer(described(_data(call, entry_id)))


def _delete(call: Call, entry_id: str) -> Answer:
    call.world.entries.drop(_entry(call, entry_id).id)
    return empty_answer()


def _value(call: Call, entry_id: str, key: str) -> str | Upload:
    value = _data(call, entry_id).get(key)
    if value is None:
        raise GmsError(404, f"Key [{key}] is not found in the storage of [{entry_id}].")
    return value


def _data(call: Call, entry_id: str) -> dict[str, str | Upload]:
    """Return the values under an id; that may be the `_data_id` of a service too (domain)."""
    if call.world.entries.find(entry_id, call.now) is None:
        instance = call.world.find_for_storage(entry_id)
        if instance is not None and instance.data_id == entry_id:
            return instance.data
    return _entry(call, entry_id).data


def _entry(call: Call, entry_id: str) -> Entry:
    found = call.world.entries.find(entry_id, call.now)
    if found is None:
        raise GmsError(404, f"Storage [{entry_id}] is not found.")
    _check_user(call, found)
    return found


def _check_user(call: Call, entry: Entry) -> None:
    if entry.user is not None and call.header(USER_HEADER) != entry.user:
        raise GmsError(403, f"Storage [{entry.id}] belongs to another [{USER_HEADER}].")


def _seconds(ttl: str) -> float:
    """Return how long data is kept; wrong values become 30 s (domain: documented)."""
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 16 and int(ttl) > 0:
        return min(float(ttl), _MAX_TTL)
    return WRONG_TTL_SECONDS
