"""Says in words why TLS failed: which part of a certificate, which version, which alert."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from gms_console.model.certificate import Certificate

_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED, _SELF_SIGNED_ROOT = 18, 19
_UNKNOWN = {2, 20, 21, 27}
_WRONG_HOST = {62, 63, 64}
_NAMES_SHOWN = 6

_OLD = {
    "UNSUPPORTED_PROTOCOL",
    "WRONG_SSL_VERSION",
    "NO_PROTOCOLS_AVAILABLE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "VERSION_TOO_LOW",
}
_NO_TLS = {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"}
_WANTS_OURS = {"TLSV13_ALERT_CERTIFICATE_REQUIRED"}
_REFUSES_OURS = {
    "SSLV3_ALERT_BAD_CERTIFICATE": "it is refused as bad",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "its kind is not supported there",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it has been revoked",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it is refused without a reason",
    "TLSV1_ALERT_UNKNOWN_CA": "its authority is unknown there",
    "TLSV1_ALERT_ACCESS_DENIED": "it has no right of access",
    "TLSV1_ALERT_DECRYPT_ERROR": "its signature could not be checked there",
}


def why_tls_failed(
    error: ssl.SSLError,
    host: str,
    certificate: Certificate | None = None,
    *,
    own: bool = False,
    now: datetime | None = None,
) -> str:
    """Give one sentence. `own`: whether a client certificate was at hand."""
    if isinstance(error, ssl.SSLCertVerificationError):
        found = _of_certificate(error, host, certificate, now or datetime.now(UTC))
        return f"The certificate of {host} is not trusted: {found}"
    reason = error.reason or ""
    about_ours = _of_own(reason, host, own=own)
    if about_ours is not None:
        return about_ours
    if reason in _OLD:
        return f"{host} speaks no TLS version that is safe: it offers none from 1.2 on"
    if reason in _NO_TLS:
        return f"{host} does not speak TLS on this port; perhaps the base URL needs http"
    return f"TLS with {host} failed: {_plain(error, own=own)}"


def _of_own(reason: str, host: str, *, own: bool) -> str | None:
    """Say what the other side finds wrong with our certificate, if that is it."""
    if reason in _WANTS_OURS:
        return f"{host} requires a client certificate, and {_ours(own=own)}"
    if reason in _REFUSES_OURS:
        if own:
            return f"{host} does not accept the client certificate: {_REFUSES_OURS[reason]}"
        return f"{host} requires a client certificate, and none was sent ({reason.lower()})"
    return None


def _ours(*, own: bool) -> str:
    return "the one of this environment was not sent" if own else "this environment has none"


def _plain(error: ssl.SSLError, *, own: bool = False) -> str:
    if error.reason == "SSLV3_ALERT_HANDSHAKE_FAILURE":
        ending = "" if own else ", or it requires a client certificate"
        return f"it knows no cipher that this side offers{ending}"
    if error.reason == "TLSV1_UNRECOGNIZED_NAME":
        return "nothing is served there under this name"
    return (error.reason or str(error) or type(error).__name__).replace("_", " ").lower()


def _of_certificate(
    error: ssl.SSLCertVerificationError, host: str, certificate: Certificate | None, now: datetime
) -> str:
    """Say which rule it breaks, by OpenSSL's code, else by what the certificate says."""
    code = getattr(error, "verify_code", 0)
    if code == _EXPIRED or (not code and certificate and certificate.not_after < now):
        return _expired(certificate, now)
    if code == _NOT_YET or (not code and certificate and certificate.not_before > now):
        return _not_yet(certificate, now)
    if code in _WRONG_HOST:
        return f"it is not made out for {host}{_names(certificate)}"
    if code in {_SELF_SIGNED, _SELF_SIGNED_ROOT} or code in _UNKNOWN:
        return _unknown(code, certificate)
    said = getattr(error, "verify_message", "") or _plain(error)
    return said[0].lower() + said[1:]


def _expired(certificate: Certificate | None, now: datetime) -> str:
    if certificate is None:
        return "it has expired"
    if certificate.not_after >= now:
        return "a certificate of its chain has expired"
    return f"it expired on {_day(certificate.not_after)}"


def _not_yet(certificate: Certificate | None, now: datetime) -> str:
    advice = "; check the clock of this computer"
    if certificate is None or certificate.not_before <= now:
        return f"it, or one of its chain, is not valid yet{advice}"
    return f"it is not valid before {_day(certificate.not_before)}{advice}"


def _unknown(code: int, certificate: Certificate | None) -> str:
    if code == _SELF_SIGNED:
        return "it is self-signed, so nobody else vouches for it"
    issuer = f" “{certificate.issuer}”" if certificate is not None else ""
    return f"its authority{issuer} is unknown on this computer"


def _names(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    if not certificate.names:
        return ", and names no host at all"
    shown = ", ".join(certificate.names[:_NAMES_SHOWN])
    more = len(certificate.names) - _NAMES_SHOWN
    return f" but for {shown}" + (f" and {more} more" if more > 0 else "")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
