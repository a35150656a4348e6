"""Which requests are of those who run a site: they stand beside services, and in no one's story."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from gms_console.model.exchange import Exchange

_BESIDE = re.compile(
    r"/\d+/(?:storage|admin|node|statistic|internal_statistic|patterns|phonenumber"
    r"|service/[^/]+/storage)(?:/|$)"
)


def is_beside_services(exchange: Exchange) -> bool:
    """Whether a request went to an API beside services (domain 4.4, 4.6, 4.7), or to stored data.

    An id in it is then none of a customer's instance, or nothing is asked of that.
    """
    return _BESIDE.search(urlsplit(exchange.request.url).path) is not None
