"""Writes a Flow as a script or a collection of another tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gms_console.exporting.planning import RequestPath, plan_script
from gms_console.exporting.script import Script
from gms_console.exporting.types import Exported, ExportError
from gms_console.flow.types import Flow
from gms_console.model.environment import Environment
from gms_console.redaction import Masker, secrets_of

FORMATS = ("curl", "httpx", "locust", "postman")
"""What a Flow can be exported to."""

SHELLS = ("bash", "cmd", "powershell")
"""The shells that curl can be written for."""

_NONE: Mapping[str, str] = MappingProxyType({})


def export_flow(
    flow: Flow,
    to: str,
    *,
    environment: Environment | None,
    shell: str = "bash",
    variables: Mapping[str, str] = _NONE,
    request_path: RequestPath | None = None,
    beside: Path | None = None,
) -> Exported:
    """Write a Flow as `to`, one of FORMATS; `shell` counts for curl alone.

    Without an Environment the script has to be told where to send, with BASE. `variables` are
    those of `--var`; `beside` is the folder that the script will lie in, the flow's own unless
    given, for files are looked for from there. No secret of the Environment stands in the text:
    each is an environment variable that the script names. Raises ExportError.
    """
    choices = to in {"httpx", "locust"}
    script = plan_script(flow, environment, variables, request_path, choices=choices, beside=beside)
    exported = _writer(to, shell)(script)
    secrets = secrets_of(environment) if environment is not None else ()
    text = Masker(secrets).mask(exported.text)
    if text == exported.text:
        return exported
    said = "A secret of the environment stood in a text of the flow; *** stands in its place."
    return Exported(text, (*exported.left_out, said))


def _writer(to: str, shell: str) -> Callable[[Script], Exported]:
    """Find the writer; each is loaded only where it is wanted."""
    if to == "httpx":
        from gms_console.exporting.httpx_script import httpx_script  # noqa: PLC0415

        return httpx_script
    if to == "locust":
        from gms_console.exporting.locust_file import locust_file  # noqa: PLC0415

        return locust_file
    if to == "postman":
        from gms_console.exporting.postman import postman_collection  # noqa: PLC0415

        return postman_collection
    if to == "curl" and shell in SHELLS:
        return _curl_writer(shell)
    raise ExportError(f"found {to} for {shell}, expected one of {', '.join(FORMATS)}")


def _curl_writer(shell: str) -> Callable[[Script], Exported]:
    if shell == "bash":
        from gms_console.exporting.curl_bash import bash_script  # noqa: PLC0415

        return bash_script
    if shell == "cmd":
        from gms_console.exporting.curl_cmd import cmd_script  # noqa: PLC0415

        return cmd_script
    from gms_console.exporting.curl_powershell import powershell_script  # noqa: PLC0415

    return powershell_script
