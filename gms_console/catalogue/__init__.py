"""The catalogue of ServiceKinds: what is known of GMS's services. It suggests, never forbids."""

from gms_console.catalogue.advice import Advice, advise, describe
from gms_console.catalogue.catalogue import Catalogue
from gms_console.catalogue.kinds import (
    AnswerField,
    Choice,
    Family,
    Parameter,
    ParameterType,
    Provenance,
    RequestKind,
    ServiceKind,
    State,
    Tone,
)
from gms_console.catalogue.load import builtin_catalogue, load_family
from gms_console.catalogue.own import (
    LoadedCatalogue,
    bind,
    export_own,
    import_own,
    load_catalogue,
    unbind,
)
from gms_console.catalogue.reading import CatalogueError
from gms_console.catalogue.values import format_hint, read_time, value_problem, write_time

__all__ = [
    "Advice",
    "AnswerField",
    "Catalogue",
    "CatalogueError",
    "Choice",
    "Family",
    "LoadedCatalogue",
    "Parameter",
    "ParameterType",
    "Provenance",
    "RequestKind",
    "ServiceKind",
    "State",
    "Tone",
    "advise",
    "bind",
    "builtin_catalogue",
    "describe",
    "export_own",
    "format_hint",
    "import_own",
    "load_catalogue",
    "load_family",
    "read_time",
    "unbind",
    "value_problem",
    "write_time",
]
