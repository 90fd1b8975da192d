"""How much is tried: a little in `make test`, more in CI (HEALTHDSL_LONG=1), most when there is time
(HEALTHDSL_LONG=all).
"""

from __future__ import annotations

import os

LEVEL = os.environ.get("HEALTHDSL_LONG", "")
LONG = LEVEL in {"1", "all"}


def effort(quick: int, long: int, most: int) -> int:
    """The number for this run: of `make test`, of CI, of a run that takes hours."""
    if not LONG:
        return quick
    return most if LEVEL == "all" else long
