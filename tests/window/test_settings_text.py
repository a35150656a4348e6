"""The settings lose nothing: a file's values, through the fields and back."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pytestqt.qtbot import QtBot

from gms_console.environments.profile import Profile
from gms_console.ui.panes.environment.connection_part import ConnectionPart
from gms_console.ui.panes.environment.credentials_part import CredentialsPart
from gms_console.ui.panes.environment.fields import Section
from gms_console.ui.panes.environment.general_part import GeneralPart
from gms_console.ui.panes.environment.headers_part import HeadersPart
from gms_console.ui.panes.environment.tls_part import TlsPart
from gms_console.ui.settings.check import Others, check, pair_sentence
from gms_console.ui.settings.text import (
    LoginText,
    SecretText,
    SettingsText,
    text_of,
)
from tests.engine.profiles import profile, profiles

PARTS: tuple[type[Section], ...] = (
    GeneralPart,
    HeadersPart,
    CredentialsPart,
    ConnectionPart,
    TlsPart,
)


@given(profiles)
def test_any_profile_comes_back_from_its_texts(given_profile: Profile) -> None:
    checked = check(text_of(given_profile), Others())
    assert checked.errors == {}
    assert checked.profile == given_profile
    assert (checked.values, checked.forgotten) == ({}, ())


@pytest.fixture
def parts(qtbot: QtBot) -> tuple[Section, ...]:
    """All sections, to be filled with one profile after the other."""
    made = tuple(kind() for kind in PARTS)
    for one in made:
        qtbot.addWidget(one)
    return made


@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(profiles.filter(lambda one: "\\ud" not in repr(one)))  # the dialog refuses those
def test_any_profile_comes_back_from_the_fields(
    parts: tuple[Section, ...], given_profile: Profile
) -> None:
    text = text_of(given_profile)
    made = SettingsText()
    for part in parts:
        part.load(text)
        made = part.store(made)
    assert made == text


def test_a_new_value_of_a_shared_secret_gets_a_name_of_its_own() -> None:
    mine = profile(credentials={"user": "a", "password": {"secret": "corp"}})
    text = text_of(mine)
    typed = SettingsText(**{**_fields(text), "server": LoginText("", "a", SecretText("corp", "x"))})
    alone, shared = check(typed, Others()), check(typed, Others.of([mine.changed(name="other")]))
    assert alone.values == {"corp": "x"}
    assert shared.values == {"qa-password": "x"}
    assert shared.forgotten == ()
    gone = SettingsText(
        **{**_fields(text), "server": LoginText("", "a", SecretText("corp", "", True))}
    )
    assert check(gone, Others()).forgotten == ("corp",)
    assert check(gone, Others.of([mine.changed(name="other")])).forgotten == ()


def _fields(text: SettingsText) -> dict[str, object]:
    return {name: getattr(text, name) for name in SettingsText.__dataclass_fields__}


def test_the_two_halves_of_a_pair_are_looked_up_separately() -> None:
    server = LoginText("", "admin", SecretText("p"))
    assert pair_sentence("a", LoginText("a"), server) == (
        "a: user admin of the server, password of the server"
    )
    own = LoginText("a", "chat", SecretText("", "x"))
    assert pair_sentence("a", own, server) == "a: user chat, its own password"
    assert pair_sentence("a", own, LoginText()) == "a: user chat, its own password"
    assert pair_sentence("a", LoginText("a"), LoginText()) == "a: no user, no password"
    empty = LoginText("a", empty_user=True)
    assert pair_sentence("a", empty, server) == "a: an empty user, password of the server"


def test_secrets_are_in_no_repr() -> None:
    text = SettingsText(server=LoginText("", "a", SecretText("", "s3cret")), name="qa")
    checked = check(text, Others())
    assert "s3cret" not in repr(text) + repr(checked)
