"""Prepares what is asked of a site: its nodes, statistics, calendar, patterns (domain 4.6, 4.7)."""

from __future__ import annotations

from gms_console.model.environment import Environment
from gms_console.model.exchange import Operation, OperationKind
from gms_console.model.form import Form
from gms_console.wire.request import PreparedRequest, prepare_create, prepare_request

STATUS_PATHS = ("/1/admin/node/status", "/1/node")
"""Where a node tells its status: since 8.1.2, and in 8.1.1."""

ONLINE, OFFLINE = "ONLINE", "OFFLINE"

STATISTIC_PATHS = ("/1/statistic", "/1/internal_statistic")
STATISTIC_KEYS = (
    "objectId",
    "objectType",
    "tenant",
    "tenantPassword",
    "metric",
    "statisticType",
    "filter",
    "notificationMode",
    "timeProfile",
    "timeRange",
    "timeRange2",
)
NOTIFICATION_MODES = ("NoNotification", "Reset", "Immediate")


def prepare_status(environment: Environment, path: str = STATUS_PATHS[0]) -> PreparedRequest:
    """Prepare to ask one node for its status. Raises PathSegmentError."""
    return _ask(environment, "node status", path, method="GET")


def prepare_change(environment: Environment, status: str) -> PreparedRequest:
    """Prepare to set a node ONLINE or OFFLINE.

    Only a person may ask for it, node by node: OFFLINE takes the node out of the load balancer
    (domain 4.6).
    """
    path = f"/1/admin/node/changestatus/{status}"
    return _ask(environment, f"set node {status}", path)


def prepare_statistic(environment: Environment, form: Form, path: str) -> PreparedRequest:
    """Prepare to ask for a statistic; rows without a value are left out."""
    rows = Form(tuple(row for row in form if row.value))
    return _ask(environment, "statistic", path, rows)


def prepare_patterns(environment: Environment, form: Form, group: str = "") -> PreparedRequest:
    """Prepare to match values with patterns, those of one group or all."""
    path = "/1/patterns/group/{id}" if group else "/1/patterns"
    return _ask(environment, "patterns", path, form, place=group)


def prepare_number(
    environment: Environment, number: str, country: str = "", language: str = ""
) -> PreparedRequest:
    """Prepare to have a phone number taken apart."""
    given = (("number", number), ("country", country), ("geocodingLocale", language))
    form = Form.of(*(pair for pair in given if pair[1]))
    return _ask(environment, "phone number", "/1/phonenumber", form, method="GET")


def prepare_hours(environment: Environment, service: str, form: Form) -> PreparedRequest:
    """Prepare to ask a calendar or capacity service, which GMS answers by GET."""
    rows = Form(tuple(row for row in form if row.value))
    return prepare_create(environment, service, rows, method="GET", asks=True)


def _ask(
    environment: Environment,
    title: str,
    path: str,
    form: Form | None = None,
    *,
    method: str = "POST",
    place: str = "",
) -> PreparedRequest:
    operation = Operation(kind=OperationKind.REQUEST, instance_id=place, request=title, label=title)
    return prepare_request(environment, operation, form, method=method, path=path)
