"""Lays an own kind over the one that it overrides, and finds the way back for a mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from gms_console.yaml_text import Steps

Entry = dict[str, JsonValue]

BY_NAME = frozenset({"parameters", "answer", "requests", "states"})
"""Lists that merge entry by entry; every other field is replaced."""


def merge(base: Mapping[str, JsonValue], own: Mapping[str, JsonValue]) -> Entry:
    """Give `base` with the fields of `own`; entries of the same name merge in turn."""
    merged = dict(base)
    for field, value in own.items():
        below = merged.get(field)
        if field in BY_NAME and isinstance(value, list) and isinstance(below, list):
            merged[field] = _merge_lists(below, value)
        else:
            merged[field] = value
    return merged


def own_steps(base: JsonValue, own: JsonValue, steps: Steps) -> Steps:
    """Turn the way to a field of a merged entry into the way to it in the own file."""
    found: list[int | str] = []
    for step in steps:
        place = step
        if isinstance(step, int) and found and found[-1] in BY_NAME and isinstance(own, list):
            places = _places(base if isinstance(base, list) else [], own)
            if step not in places:
                break
            place = places.index(step)
        base, own = _child(base, step), _child(own, place)
        found.append(place)
    return tuple(found)


def _merge_lists(base: Sequence[JsonValue], own: Sequence[JsonValue]) -> list[JsonValue]:
    merged = list(base)
    for entry, place in zip(own, _places(base, own), strict=True):
        if place == len(merged):
            merged.append(entry)
            continue
        below = merged[place]
        if isinstance(below, dict) and isinstance(entry, dict):
            merged[place] = merge(below, entry)
    return merged


def _places(base: Sequence[JsonValue], own: Sequence[JsonValue]) -> list[int]:
    """Give the index in the merged list of every own entry; a name that comes again is new."""
    free = {_name(entry): index for index, entry in reversed(list(enumerate(base)))}
    free.pop("", None)
    places: list[int] = []
    end = len(base)
    for entry in own:
        place = free.pop(_name(entry), end)
        end += place == end
        places.append(place)
    return places


def _name(entry: JsonValue) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


def _child(value: JsonValue, step: int | str) -> JsonValue:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
