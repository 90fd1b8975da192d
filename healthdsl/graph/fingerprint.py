"""The fingerprint of a ruleset: equal for equal meaning, whatever its layout, comments and order of
declarations.
"""

from __future__ import annotations

from hashlib import sha256

from healthdsl.model.meaning import meaning, written
from healthdsl.model.ruleset import Ruleset

DIGITS = 12


def fingerprint(ruleset: Ruleset) -> str:
    """12 hexadecimal digits of the canonical form; places, source wording and tests take no part."""
    return sha256(written(meaning(ruleset)).encode("ascii")).hexdigest()[:DIGITS]
