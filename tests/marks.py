"""Parametrized tests of which `make test` runs some, and the long run all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def thinned(names: Iterable[str], every: int = 4) -> list[Any]:
    """Each `every`-th by itself, the others with the mark `slow`."""
    return [
        name if number % every == 0 else pytest.param(name, marks=pytest.mark.slow)
        for number, name in enumerate(names)
    ]
