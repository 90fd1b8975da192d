"""What a builder raises for a line whose form is right and whose content cannot be read; the parser reports
it.
"""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic


class Mistake(Exception):  # noqa: N818 - it is the user's mistake, not an error of the program
    """Carries the one diagnostic of a line; it never leaves the parser."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
