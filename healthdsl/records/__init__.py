"""Account files in, result files out: CSV, JSON and JSON Lines.

Reading and writing modules are imported where they are used, so that commands without records start quickly.
"""

from healthdsl.records.accounts import read_accounts
from healthdsl.records.errors import FileError

__all__ = ["FileError", "read_accounts"]
