"""The log keeps the newest exchanges, within a number and within bytes."""

from dataclasses import replace

from gms_console.exchange_log import ExchangeLog
from gms_console.model.exchange import Exchange
from tests.engine.helpers import exchange_with


def kept(log: ExchangeLog, exchanges: list[Exchange]) -> list[int]:
    """Which of the exchanges the log still has."""
    return [place for place, one in enumerate(exchanges) if log.get(one.id) is one]


def filled(log: ExchangeLog, sizes: list[int]) -> list[Exchange]:
    """Add exchanges with answers of these sizes."""
    exchanges = [exchange_with(bytes(size)) for size in sizes]
    for exchange in exchanges:
        log.add(exchange)
    return exchanges


def test_the_oldest_go_when_there_are_too_many() -> None:
    log = ExchangeLog(most=3, most_bytes=1000)
    exchanges = filled(log, [0] * 5)
    assert kept(log, exchanges) == [2, 3, 4]
    assert len(log) == 3


def test_exactly_the_bound_fits() -> None:
    log = ExchangeLog(most=3, most_bytes=300)
    assert kept(log, filled(log, [100, 100, 100])) == [0, 1, 2]


def test_the_oldest_go_when_there_are_too_many_bytes() -> None:
    log = ExchangeLog(most=100, most_bytes=300)
    assert kept(log, filled(log, [100, 100, 100, 1])) == [1, 2, 3]
    log = ExchangeLog(most=100, most_bytes=300)
    assert kept(log, filled(log, [10, 10, 290])) == [1, 2]


def test_the_newest_stays_however_large_it_is() -> None:
    log = ExchangeLog(most=100, most_bytes=300)
    exchanges = filled(log, [10, 1000])
    assert kept(log, exchanges) == [1]
    exchanges += filled(log, [10])
    assert kept(log, exchanges) == [2]
    exchanges += filled(log, [10] * 29)
    assert len(kept(log, exchanges)) == 30


def test_what_was_sent_counts_too() -> None:
    log = ExchangeLog(most=100, most_bytes=300)
    plain = exchange_with(answered=False)
    sent = replace(plain.request, body_preview="x" * 200)
    exchanges = [replace(plain, request=sent, id=f"{n}") for n in range(2)]
    for exchange in exchanges:
        log.add(exchange)
    assert kept(log, exchanges) == [1]


def test_an_unknown_id_is_nothing() -> None:
    assert ExchangeLog().get("nothing") is None
    assert len(ExchangeLog()) == 0
