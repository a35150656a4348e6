"""Credentials in commands of curl become variables, and are written nowhere."""

from tests.engine.imports import SERVICE, imported, rows_of

CREATE = f"{SERVICE}/request-interaction"


def test_a_password_with_an_at_sign_in_the_address_is_not_written() -> None:
    found = imported("curl http://me:hun@ter2@gms.example:8080/genesys/1/service/s -d a=1")
    assert found.base_urls == ("http://gms.example:8080/genesys",)
    assert "ter2" not in repr(found)


def test_a_row_named_as_a_credential_becomes_a_variable() -> None:
    found = imported(f"curl {CREATE} -d user=me -d password=hunter2 -d 'access_token='")
    assert rows_of(found.flow.steps[0]) == [
        ("user", "me"),
        ("password", "{{password}}"),
        ("access_token", ""),
    ]
    assert "hunter2" not in repr(found)
    assert found.base_urls == ("http://gms.example:8080/genesys",)


def test_different_credentials_of_one_name_stay_different() -> None:
    lines = [f"curl {SERVICE}/s -d password={value}" for value in ("hunter2", "abc123", "hunter2")]
    found = imported("\n".join(lines))
    assert [row.value for step in found.flow.steps for row in step.form] == [
        "{{password}}",
        "{{password2}}",
        "{{password}}",
    ]
    assert "hunter2" not in repr(found)
