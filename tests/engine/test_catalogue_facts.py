"""What the domain notes say of the services is in the catalogue, each fact with its mark."""

import pytest

from gms_console.catalogue import (
    AnswerField,
    Catalogue,
    Parameter,
    ParameterType,
    Provenance,
    RequestKind,
    ServiceKind,
    State,
    Tone,
    builtin_catalogue,
    value_problem,
)
from gms_console.model.form import Form

MARKS = {
    "D": Provenance.DOCUMENTED,
    "T": Provenance.SEEN,
    "R": Provenance.UNVERIFIED,
}
SCENARIOS = [
    "VOICE-NOW-USERORIG",
    "VOICE-WAIT-USERORIG",
    "VOICE-NOW-USERTERM",
    "VOICE-WAIT-USERTERM",
    "VOICE-SCHEDULED-USERTERM",
    "CHAT-NOW",
    "CHAT-WAIT",
    "VOICE-PREVIEW-USERTERM",
]
ORS = [
    "request-inbound-poll",
    "request-inbound-immediate",
    "request-inbound-delay",
    "request-outbound-immediate",
    "request-outbound-delay",
]

FACTS = """
request-interaction D
  parameters _phone_number:D _provide_code:D _resource_group:D _ttl:R _booking_expiration_timeout:D
  answer _id:D _access_number:D _access_code:D _expiration_time:T
match-interaction D
  parameters _access_number:D _phone_number:D _access_code:D _return_user_data:D
  answer _id:D _data_id:D
request-access D
  parameters _id:D _resource_group:D _provide_code:D _phone_number:D _access_code_length:D
  parameters _booking_expiration_timeout:D
  answer _access_number:D _expiration_time:D _access_code:D
request-chat D
  parameters _verbose:D
  answer _id:D _chatIxnAPI-CREATE-URL:D
  states CONNECTED:D TRANSCRIPT:D DISCONNECTED:D
callback D
  parameters _customer_number:D _desired_time:D _callback_state:T _urs_virtual_queue:T _vq:D
  parameters _request_queue_time_stat:D _request_ewt_service:D _call_direction:D _wait_for_agent:D
  parameters _wait_for_user_confirm:D _media_type:D _provide_code:R _device_notification_id:R
  parameters _device_os:R _redirect:T _ors:R _target:R _service_name:T _customer_id:T
  parameters _agent_preview:T _userterminated_first_connect_party:T
  answer _id:D _dialog_id:T _action:T _text:T _ok_title:T _label:T _tel_url:T _content:T
  answer _start_chat_url:T _comet_url:T _chat_parameters:T _expiration_time:T error:T
  requests check-queue-position:T update:D status:D availability:D
  states SCHEDULED:T QUEUED:T PAUSED:T PROCESSING:T COMPLETED:T ROUTING:R
VOICE-NOW-USERORIG D
VOICE-WAIT-USERORIG D
VOICE-NOW-USERTERM T
VOICE-WAIT-USERTERM T
VOICE-SCHEDULED-USERTERM T
CHAT-NOW D
CHAT-WAIT D
VOICE-PREVIEW-USERTERM R
request-inbound-poll D
  answer _id:D
  requests status:D update:D start:R cancel:R get-dialog:R
  states waiting-for-agent:D
request-inbound-immediate R
request-inbound-delay R
request-outbound-immediate R
request-outbound-delay R
advance-chat-pool D
app-to-connect-basic D
office-hours D
  parameters start:D end:D number-of-days:D
  answer error:D
capacity D
  parameters start:D end:D timezone:D
get T
custom T
hello T
  answer msg:T
availability-v2 D
  parameters start:D end:D number-of-days:D max-time-slots:D start-ms:D end-ms:D timezone:D
  parameters report-busy:D
  answer durationMin:D timezone:D slots:D
callback-queues D
  parameters target:D start_time:D end_time:D states:D max:D
  answer <service>:D
callback-watermarks D
  parameters service_name:D
  answer services:T total:T
callback-bulk-cancel D
  parameters reason:D ids:D
callback-reportcancelled D
  parameters callback_reason:D exported_properties:D
chat-v2 D
  parameters nickname:D firstName:D lastName:D subject:D emailAddress:D userData[key]:D
  parameters userData[TimeZone]:D
  answer statusCode:D alias:D userId:D secureKey:D chatId:D nextPosition:D chatEnded:D messages:D
  answer userData:D errors:D
storage D
  answer id:D
storage-custom D
  answer id:D
node-status D
node D
node-changestatus D
statistic D
  parameters objectId:D objectType:D tenant:D tenantPassword:D metric:D statisticType:D filter:D
  parameters notificationMode:D timeProfile:D timeRange:D timeRange2:D
internal-statistic D
  parameters objectId:D objectType:D tenant:D tenantPassword:D metric:D statisticType:D filter:D
  parameters notificationMode:D timeProfile:D timeRange:D timeRange2:D
patterns D
patterns-group D
phonenumber D
  parameters number:D country:D geocodingLocale:D
  answer number-specified:T number-original:T number-E164:T number-international:T
  answer number-national:T number-national-short:T number-type:T extension:T is-possible-number:T
  answer is-valid-number:T is-valid-number-for-region:T is-premium:T italian-leading-zero:T
  answer country-code:T country-code-source:T country-default:T region-code:T language-specified:T
  answer location:T time-zone:T carrier:T
"""

REQUESTS = """
callback/check-queue-position POST {id}/{request}
  answer _position:T _eta:T _total_waiting:T _agent_ready_threshold_passed:T ewt:T
callback/status POST {id}/{request}
  answer status:D dialog:D
request-inbound-poll/status POST {id}/{request}
  answer status:D dialog:D
callback/callback record GET callback
  parameters _id:D
  answer _id:D _desired_time:D _service_name:D _callback_state:D _expiration_time:D
  answer _customer_number:D url:T _url:D _callback_reason:D _ors_session_id:D
  answer desiredTime:T _customerNumber:T _callbackState:T
callback/cancel callback DELETE {service}/{id}
  parameters discard_ors_failure:T
callback/reschedule callback PUT {service}/{id}
  parameters _new_desired_time:T _desired_time:D _callback_state:T
callback/find callbacks GET callback
  parameters _customer_number:D _callback_state:D
callback/find callbacks of service GET {service}
  parameters operand:D
callback/availability GET {service}/availability
  parameters start:D end:D number-of-days:D max-time-slots:D
request-chat/create chat POST {id}/ixn/chat
  parameters notify_by:D firstName:D lastName:D email:D subject:D subscriptionID:D
  parameters userDisplayName:D _verbose:D push_notification_deviceid:D push_notification_type:D
  parameters push_notification_language:D push_notification_debug:D
  answer chatIxnState:D chatSessionId:D transcriptPosition:D chatServiceMessage:D startedAt:D
  answer transcriptToShow:D userId:D secureKey:D checkChatServiceLoadBalancerPath:D
  answer chatServerLoadBalancerAlias:D chatServerHost:D chatWebApiPort:D isTLSrequired:D
  answer clientTimeZoneOffset:D exception:T
request-chat/send message POST {id}/ixn/chat/send
  parameters message:D
request-chat/refresh chat POST {id}/ixn/chat/refresh
  parameters transcriptPosition:D message:D
request-chat/start typing POST {id}/ixn/chat/startTyping
request-chat/stop typing POST {id}/ixn/chat/stopTyping
request-chat/disconnect chat POST {id}/ixn/chat/disconnect
capacity/update capacity POST {service}
chat-v2/send text POST {service}/{id}/send
  parameters userId:D secureKey:D alias:D message:D messageType:D transcriptPosition:D
chat-v2/refresh POST {service}/{id}/refresh
  parameters userId:D secureKey:D alias:D transcriptPosition:D message:D
chat-v2/startTyping POST {service}/{id}/startTyping
  parameters userId:D secureKey:D alias:D message:D
chat-v2/stopTyping POST {service}/{id}/stopTyping
  parameters userId:D secureKey:D alias:D message:D
chat-v2/disconnect POST {service}/{id}/disconnect
  parameters userId:D secureKey:D alias:D
chat-v2/pushUrl POST {service}/{id}/pushUrl
  parameters userId:D secureKey:D alias:D pushUrl:D
chat-v2/updateNickname POST {service}/{id}/updateNickname
  parameters userId:D secureKey:D alias:D nickname:D
chat-v2/updateData POST {service}/{id}/updateData
  parameters userId:D secureKey:D alias:D userData[key]:D
chat-v2/customNotice POST {service}/{id}/customNotice
  parameters userId:D secureKey:D alias:D message:D
chat-v2/file/limits POST {service}/{id}/file/limits
  parameters userId:D secureKey:D alias:D
chat-v2/file POST {service}/{id}/file
  parameters userId:D secureKey:D alias:D file:D description:D
storage/read storage GET /1/storage/{id}
storage/update storage POST /1/storage/{id}/30
storage/delete storage DELETE /1/storage/{id}
storage-custom/read storage GET /1/storage/{id}
storage-custom/update storage POST /1/storage/{id}/30
storage-custom/delete storage DELETE /1/storage/{id}
"""

Entry = Parameter | AnswerField | RequestKind | State


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return builtin_catalogue()


def named(catalogue: Catalogue, name: str) -> ServiceKind:
    kind = catalogue.named(name)
    assert kind is not None, name
    return kind


def marked(owner: ServiceKind | RequestKind, field: str) -> dict[str, Provenance]:
    """The marks of an entry's list by name."""
    entries: tuple[Entry, ...] = getattr(owner, field)
    return {entry.name: entry.provenance for entry in entries}


def facts_of(line: str) -> tuple[str, dict[str, Provenance]]:
    field, *marks = line.split()
    return field, {name: MARKS[mark] for name, mark in (one.rsplit(":", 1) for one in marks)}


def check_fact(owner: ServiceKind | RequestKind, line: str) -> None:
    field, wanted = facts_of(line)
    have = marked(owner, field)
    assert {name: have.get(name) for name in wanted} == wanted, owner.name


def test_every_service_of_the_notes_is_there_with_its_mark(catalogue: Catalogue) -> None:
    kind: ServiceKind | None = None
    names = []
    for line in FACTS.strip().splitlines():
        if line.startswith(" "):
            assert kind is not None
            check_fact(kind, line)
        else:
            name, mark = line.split()
            kind = named(catalogue, name)
            assert kind.provenance is MARKS[mark], name
            names.append(name)
    assert sorted(names) == sorted(one.name for one in catalogue)


def test_nothing_is_there_that_the_notes_do_not_know(catalogue: Catalogue) -> None:
    """A parameter, answer field or state that is not in the lists above would be invented."""
    known: dict[tuple[str, str], set[str]] = {}
    name = ""
    for line in FACTS.strip().splitlines():
        if line.startswith(" "):
            field, wanted = facts_of(line)
            known.setdefault((name, field), set()).update(wanted)
        else:
            name = line.split()[0]
    for kind in catalogue:
        if kind.name in {*SCENARIOS, *ORS}:
            continue
        for field in ("parameters", "answer", "states"):
            assert set(marked(kind, field)) <= known.get((kind.name, field), set()), kind.name


def test_every_request_of_the_notes_has_its_method_and_path(catalogue: Catalogue) -> None:
    request: RequestKind | None = None
    for line in REQUESTS.strip().splitlines():
        if line.startswith(" "):
            assert request is not None
            check_fact(request, line)
        else:
            name, method, path = line.rsplit(" ", 2)
            service, _, wanted = name.partition("/")
            request = named(catalogue, service).request(wanted)
            assert request is not None, name
            assert (request.method, request.path) == (method, path)


def test_a_request_with_a_blank_in_its_name_is_known_by_its_path_alone(
    catalogue: Catalogue,
) -> None:
    for kind in catalogue:
        for request in kind.requests:
            assert (" " in request.name) <= ("{request}" not in request.path), request.name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("VOICE-NOW-USERORIG", "voice USERORIGINATED false false"),
        ("VOICE-WAIT-USERORIG", "voice USERORIGINATED true true"),
        ("VOICE-NOW-USERTERM", "voice USERTERMINATED false false"),
        ("VOICE-WAIT-USERTERM", "voice USERTERMINATED true true"),
        ("VOICE-SCHEDULED-USERTERM", "voice USERTERMINATED true true"),
        ("CHAT-NOW", "chat USERORIGINATED false false"),
        ("CHAT-WAIT", "chat USERORIGINATED true true"),
    ],
)
def test_a_scenario_is_four_values(catalogue: Catalogue, name: str, values: str) -> None:
    kind = named(catalogue, name)
    keys = ("_media_type", "_call_direction", "_wait_for_agent", "_wait_for_user_confirm")
    assert [kind.values[key] for key in keys] == values.split()
    extra = {"_desired_time"} if name == "VOICE-SCHEDULED-USERTERM" else set()
    assert set(kind.values) - set(keys) == extra


def test_the_preview_has_the_values_that_were_seen_and_a_name_of_ours(catalogue: Catalogue) -> None:
    kind = named(catalogue, "VOICE-PREVIEW-USERTERM")
    assert kind.values == {
        "_media_type": "voice",
        "_call_direction": "USERTERMINATED",
        "_wait_for_user_confirm": "false",
        "_agent_preview": "true",
        "_userterminated_first_connect_party": "AGENT",
    }
    assert "ours" in kind.meaning


def test_the_scenarios_share_all_that_makes_a_callback(catalogue: Catalogue) -> None:
    generic = named(catalogue, "callback")
    assert generic.service_text("callme") == "callback/callme"
    assert (generic.poll, generic.state_field) == ("callback record", "_callback_state")
    for name in SCENARIOS:
        kind = named(catalogue, name)
        same = ("path", "poll", "state_field", "parameters", "answer", "requests", "states")
        assert all(getattr(kind, field) == getattr(generic, field) for field in same)
        assert kind.title
        assert kind.title != generic.title
        on = {row.key: row.value for row in kind.missing_rows(Form()) if row.enabled}
        assert on == {"_customer_number": "", **kind.values}


def test_the_callback_record_is_asked_for_by_the_instance_s_own_id(catalogue: Catalogue) -> None:
    request = named(catalogue, "callback").request("callback record")
    assert request is not None
    parameter = request.parameter("_id")
    assert parameter is not None
    assert (parameter.default, parameter.mandatory) == ("{id}", True)
    assert request.parameter("_nothing") is None


def test_states_come_in_their_order_and_only_the_last_ones_end_a_poll(catalogue: Catalogue) -> None:
    callback = named(catalogue, "callback")
    order = ["SCHEDULED", "QUEUED", "PAUSED", "ROUTING", "PROCESSING", "COMPLETED"]
    assert [state.name for state in callback.states] == order
    assert callback.terminal_states == {"COMPLETED"}
    for name in ORS:
        kind = named(catalogue, name)
        assert kind.terminal_states == {"completed", "cancelled", "failed"}
        assert (kind.poll, kind.state_field) == ("status", "status")
        tones = {state.name: state.tone for state in kind.states}
        assert tones["waiting-for-agent"] is Tone.WAITING
        assert tones["failed"] is Tone.BAD
    assert named(catalogue, "request-chat").terminal_states == {"DISCONNECTED"}


@pytest.mark.parametrize("name", ["office-hours", "capacity", "get"])
def test_a_calendar_is_read_by_get(catalogue: Catalogue, name: str) -> None:
    assert named(catalogue, name).method == "GET"


def test_ranges_units_and_what_gms_enforces(catalogue: Catalogue) -> None:
    voice = named(catalogue, "request-interaction")
    hold = voice.parameter("_booking_expiration_timeout")
    phone = voice.parameter("_phone_number")
    code = voice.parameter("_provide_code")
    assert hold is not None
    assert phone is not None
    assert code is not None
    assert (hold.type, hold.least, hold.most) == (ParameterType.INTEGER, 5, 1800)
    assert (hold.unit, hold.default) == ("s", "30")
    assert (phone.mandatory, phone.enforced) == (True, False)
    assert code.configured_wins
    held = named(catalogue, "request-access").parameter("_booking_expiration_timeout")
    assert held is not None
    assert not held.configured_wins, "the request wins here"


def test_every_default_and_every_value_fits_its_own_type(catalogue: Catalogue) -> None:
    for kind in catalogue:
        owners: list[ServiceKind | RequestKind] = [kind, *kind.requests]
        for owner in owners:
            for parameter in owner.parameters:
                if parameter.default not in {"", "{id}"}:
                    assert not value_problem(parameter, parameter.default), parameter.name
        for name, value in kind.values.items():
            parameter_of_value = kind.parameter(name)
            assert parameter_of_value is not None
            assert not value or not value_problem(parameter_of_value, value)


def test_every_family_has_its_picture_and_its_place(catalogue: Catalogue) -> None:
    icons = [family.icon for family in catalogue.families]
    first = ["voice", "inbound", "outbound", "callback", "chat", "calendar", "custom"]
    assert icons == [*first, "storage", "node"]
    assert [family.order for family in catalogue.families] == [*range(1, 10)]


def test_a_poll_waits_for_the_first_good_state_of_its_kind() -> None:
    catalogue = builtin_catalogue()
    awaited = {
        name: kind.awaited
        for name in ("request-inbound-poll", "callback", "custom")
        if (kind := catalogue.kind(name)) is not None
    }
    assert awaited["request-inbound-poll"] == "status=agent-ready"
    assert awaited["callback"].startswith("_callback_state=")
    assert awaited["custom"] == ""


def test_a_request_has_rows_of_its_own_with_the_instance_filled_in() -> None:
    kind = builtin_catalogue().kind("callback/callme")
    record = kind.request("callback record") if kind is not None else None
    assert record is not None
    rows = record.missing_rows(Form(), "a-7")
    assert ("_id", "a-7", True) in [(row.key, row.value, row.enabled) for row in rows]
    assert record.missing_rows(Form(tuple(rows)), "a-7") == []
