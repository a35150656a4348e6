"""The options of curl: which there are, which take a value, and what they mean to an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gms_console.importing.address import without_login
from gms_console.importing.calls import Notes
from gms_console.importing.marks import shown
from gms_console.importing.words import Word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Option:
    """An option as it was given: its long name, and its value if it takes one."""

    name: str
    value: str
    line: int


SHORT = {
    "0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6",
    "a": "append", "A": "user-agent", "b": "cookie", "B": "use-ascii", "c": "cookie-jar",
    "C": "continue-at", "d": "data", "D": "dump-header", "e": "referer", "E": "cert",
    "f": "fail", "F": "form", "g": "globoff", "G": "get", "H": "header", "h": "help",
    "i": "include", "I": "head", "j": "junk-session-cookies", "J": "remote-header-name",
    "k": "insecure", "K": "config", "l": "list-only", "L": "location", "m": "max-time",
    "M": "manual", "n": "netrc", "N": "no-buffer", "o": "output", "O": "remote-name",
    "p": "proxytunnel", "P": "ftp-port", "q": "disable", "Q": "quote", "r": "range",
    "R": "remote-time", "s": "silent", "S": "show-error", "t": "telnet-option",
    "T": "upload-file", "u": "user", "U": "proxy-user", "v": "verbose", "V": "version",
    "w": "write-out", "x": "proxy", "X": "request", "y": "speed-time", "Y": "speed-limit",
    "z": "time-cond", "Z": "parallel", "#": "progress-bar", ":": "next",
}  # fmt: skip

READ = _words(
    """request header data data-ascii data-raw data-binary data-urlencode json form form-string
    url url-query user cookie user-agent referer upload-file oauth2-bearer"""
)
"""Options with a value that make the request."""

READ_FLAGS = frozenset({"get", "head", "next"})

HARMLESS = _words(
    """output write-out stderr trace trace-ascii trace-config dump-header output-dir cookie-jar
    etag-save libcurl speed-time speed-limit limit-rate max-filesize keepalive-time
    parallel-max create-file-mode"""
)
"""Options with a value that change nothing of what is sent."""

HARMLESS_FLAGS = _words(
    """silent show-error verbose fail fail-with-body fail-early include show-headers progress-bar
    progress-meter no-progress-meter buffer no-buffer compressed globoff path-as-is http1.1
    tcp-nodelay keepalive styled-output create-dirs remote-name remote-name-all
    remote-header-name remote-time clobber skip-existing sessionid trace-time trace-ids disable
    parallel parallel-immediate alpn basic use-ascii raw tr-encoding ipv4 ipv6 remove-on-error
    compressed-ssh"""
)

SECRET = frozenset({"user", "proxy-user", "oauth2-bearer", "pass", "proxy-pass", "delegation",
                    "tlspassword", "proxy-tlspassword", "aws-sigv4", "proxy-header",
                    "variable"})  # fmt: skip
"""Options whose value is a credential, or may hold one."""

_PROXIES = _words("proxy preproxy proxy1.0 socks4 socks4a socks5 socks5-hostname")
_PROXY_LOGIN = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)?[^/?#]*@")
_CERTIFICATE = re.compile(r"(?:[A-Za-z]:(?=[\\/]))?(?:\\.|[^:\\])*", re.DOTALL)
"""The file of `file:password`."""

LISTED = _words(
    """abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config
    connect-timeout connect-to continue-at crlfile curves delegation dns-interface
    dns-ipv4-addr dns-ipv6-addr dns-servers doh-url ech egd-file engine etag-compare
    expect100-timeout ftp-port happy-eyeballs-timeout-ms hostpubmd5 hsts interface
    ip-tos ipfs-gateway key key-type krb local-port login-options mail-from max-redirs max-time
    netrc-file noproxy pass pinnedpubkey pinnedpubkey-type preproxy proto proto-default
    proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-header proxy-key proxy-pass
    proxy-user proxy1.0 quote random-file range rate request-target resolve retry retry-delay
    retry-max-time service-name socks4 socks4a socks5 socks5-hostname telnet-option time-cond
    tls-max tls13-ciphers tlspassword tlsuser unix-socket variable vlan-priority"""
)
"""Options with a value that change how something is sent, and that are told of."""

ADVICE = {
    "insecure": "switch off the check of certificates in the environment",
    "cacert": "set the certificates to trust in the environment",
    "cert": "set the client certificate in the environment",
    "key": "set the client certificate in the environment",
    "proxy": "set the proxy in the environment",
    "proxy-user": "set the proxy's credentials in the environment",
    "max-time": "set the time-outs in the environment",
    "connect-timeout": "set the time-outs in the environment",
    "location": "redirects on the same origin are followed anyway",
    "http2": "offer HTTP/2 in the environment",
    "user": "set the credentials in the environment",
    "oauth2-bearer": "set the credentials in the environment",
}


def options_of(words: list[Word], notes: Notes) -> Iterator[Option]:
    """Read the words after `curl`; a URL counts as the option `url`."""
    left = iter(words)
    only_urls = False
    for word in left:
        if only_urls or not word.text.startswith("-") or word.text == "-":
            yield Option("url", word.text, word.line)
        elif word.text == "--":
            only_urls = True
        elif word.text.startswith("--"):
            yield from _long(word, left, notes)
        else:
            yield from _joined(word, left, notes)


def _long(word: Word, left: Iterator[Word], notes: Notes) -> Iterator[Option]:
    name, sign, value = word.text[2:].partition("=")
    if sign:
        # Of the value nothing is told: it may be a credential.
        told = f" {told_value(name, value)}" if _known(name) and not _is_text(name) else ""
        told = told.rstrip()
        notes.add(
            f"line {word.line}: curl takes no = after --{name}, so this was not read; "
            f"write --{name}{told}"
        )
        return
    yield from _with_value(name, word, left, notes)


def _is_text(name: str) -> bool:
    return name in READ


def _joined(word: Word, left: Iterator[Word], notes: Notes) -> Iterator[Option]:
    letters = word.text[1:]
    for place, letter in enumerate(letters, start=1):
        name = SHORT.get(letter)
        if name is None:
            notes.add(f"line {word.line}: -{letter} is no option of curl that is known")
            continue
        rest = letters[place:]
        if takes_value(name) and rest:
            yield Option(name, rest, word.line)
            return
        yield from _with_value(name, word, left, notes)


def _with_value(name: str, word: Word, left: Iterator[Word], notes: Notes) -> Iterator[Option]:
    if not takes_value(name):
        if not _known(name):
            notes.add(
                f"line {word.line}: --{name} is no option of curl that is known; it was taken as "
                "one without a value"
            )
            return
        yield Option(name, "", word.line)
        return
    value = next(left, None)
    if value is None:
        notes.add(f"line {word.line}: --{name} has no value after it, and was not read")
        return
    yield Option(name, value.text, word.line)


def takes_value(name: str) -> bool:
    """Whether an option takes a value."""
    return name in READ or name in HARMLESS or name in LISTED


def told_value(name: str, value: str) -> str:
    """Give the value of an option for a message, without the credentials that it may hold."""
    if name in SECRET:
        return ""
    if name in {"cert", "proxy-cert"}:
        found = _CERTIFICATE.match(value)
        value = found[0] if found is not None else ""
    elif name in _PROXIES:
        value = _PROXY_LOGIN.sub(lambda found: found[1] or "", value)
    return shown(without_login(value))


def _known(name: str) -> bool:
    flags = READ_FLAGS | HARMLESS_FLAGS | _FLAGS
    return takes_value(name) or name in flags or name.removeprefix("no-") in flags


_FLAGS = _words(
    """append anyauth ca-native cert-status crlf digest disable-eprt disable-epsv
    disallow-username-in-url doh-cert-status doh-insecure false-start form-escape
    ftp-create-dirs ftp-pasv ftp-skip-pasv-ip get haproxy-protocol head help http0.9 http1.0
    http2 http2-prior-knowledge http3 http3-only ignore-content-length insecure
    junk-session-cookies list-only location location-trusted mail-rcpt-allowfails manual metalink
    mptcp negotiate netrc netrc-optional ntlm ntlm-wb post301 post302 post303 proxy-anyauth
    proxy-basic proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxytunnel
    retry-all-errors retry-connrefused sasl-ir socks5-basic socks5-gssapi ssl ssl-allow-beast
    ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3
    suppress-connect-headers tcp-fastopen tftp-no-options tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
    version xattr"""
)
"""Flags that change how something is sent, and that are told of."""


def is_harmless(name: str) -> bool:
    """Whether an option changes nothing of what is sent."""
    bare = name.removeprefix("no-")
    return bool({name, bare} & (HARMLESS | HARMLESS_FLAGS))
