"""A small declarative language for account-health rulesets: compile, score, explain."""

from healthdsl.api import CompiledRuleset, Result, load, loads
from healthdsl.backends.record.errors import RecordError
from healthdsl.diagnostics.diagnostic import Diagnostic, RulesetError

__version__ = "0.1.0"

__all__ = [
    "CompiledRuleset",
    "Diagnostic",
    "RecordError",
    "Result",
    "RulesetError",
    "__version__",
    "load",
    "loads",
]
