"""Which types of files are taken in (domain: options of section `server`, since 8.5.2)."""

from collections.abc import Mapping

from gms_console.simulator.config.sections import Sections
from gms_console.simulator.web.answers import Answer, GmsError
from gms_console.simulator.web.calls import Call, Handler
from gms_console.simulator.web.uploads import Upload


def refused_type(config: Sections, upload: Upload) -> bool:
    """Return whether `allow-file-control` is on and `allowed-mime-types` lacks a file's type.

    The list is written with commas; `image/*` allows all images, which is this simulator's choice.
    """
    if not config.flag("server", "allow-file-control"):
        return False
    kind = upload.content_type.partition(";")[0].strip().lower()
    family = f"{kind.partition('/')[0]}/*"
    allowed = {each.lower() for each in config.items("server", "allowed-mime-types")}
    return not allowed & {kind, family, "*/*"}


def controlled(by_method: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """Let handlers refuse a form with a file of a type that is not allowed.

    That they do so by 400 is this simulator's choice.
    """
    return {method: _controlled(carry_out) for method, carry_out in by_method.items()}


def _controlled(carry_out: Handler) -> Handler:
    def answer(call: Call) -> Answer:
        for _, value in call.form.rows:
            if isinstance(value, Upload) and refused_type(call.world.config, value):
                raise GmsError(400, f"Files of type [{value.content_type}] are not allowed.")
        return carry_out(call)

    return answer
