"""A small declarative language for account-health rulesets: compile, score, explain."""

TYPE_CHECKING = False
"""As in `typing`, which would take most of the time before the program hears a signal."""

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset, Result, load, loads
    from healthdsl.backends.record.errors import RecordError
    from healthdsl.backends.unavailable import BackendUnavailable
    from healthdsl.batch.bad_cells import BadCellsError
    from healthdsl.batch.remarks import BookWarning
    from healthdsl.diagnostics.diagnostic import Diagnostic, RulesetError
    from healthdsl.records.errors import FileError

__version__ = "0.1.0"

__all__ = [
    "BackendUnavailable",
    "BadCellsError",
    "BookWarning",
    "CompiledRuleset",
    "Diagnostic",
    "FileError",
    "RecordError",
    "Result",
    "RulesetError",
    "__version__",
    "load",
    "loads",
]

_HOMES = {
    "BackendUnavailable": "healthdsl.backends.unavailable",
    "BadCellsError": "healthdsl.batch.bad_cells",
    "BookWarning": "healthdsl.batch.remarks",
    "CompiledRuleset": "healthdsl.api",
    "Diagnostic": "healthdsl.diagnostics.diagnostic",
    "FileError": "healthdsl.records.errors",
    "RecordError": "healthdsl.backends.record.errors",
    "Result": "healthdsl.api",
    "RulesetError": "healthdsl.diagnostics.diagnostic",
    "load": "healthdsl.api",
    "loads": "healthdsl.api",
}


def __getattr__(name: str) -> object:
    """A public name, imported when it is first asked for: `healthdsl check` starts without what scores."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'healthdsl' has no attribute '{name}'")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
