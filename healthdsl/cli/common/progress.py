"""A bar on standard error for work that takes long, when a person looks at it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def progress_bar() -> Iterator[Callable[[float], None] | None]:
    """What takes the share that is done, 0 to 1; None when nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    began = time.monotonic()
    with Progress(console=Console(file=sys.stderr), transient=True, disable=False) as shown:
        task = shown.add_task("Scoring", total=1.0, visible=False)

        def told(share: float) -> None:
            if time.monotonic() - began >= PATIENCE:
                shown.update(task, completed=min(share, 1.0), visible=True)

        yield told
