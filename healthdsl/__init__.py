"""A small declarative language for account-health rulesets: compile, score, explain."""

__version__ = "0.1.0"
