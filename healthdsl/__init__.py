"""A small declarative language for account-health rulesets: compile, score, explain."""

from healthdsl.api import CompiledRuleset, Result, load, loads
from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.unavailable import BackendUnavailable
from healthdsl.batch.bad_cells import BadCellsError
from healthdsl.diagnostics.diagnostic import Diagnostic, RulesetError
from healthdsl.records.errors import FileError

__version__ = "0.1.0"

__all__ = [
    "BackendUnavailable",
    "BadCellsError",
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
