"""The smallest pieces of generated text: variables, constants, a snap."""

from __future__ import annotations

from healthdsl.graph.arithmetic import HALF_UP, SNAP_LIMIT


def name(index: int) -> str:
    return f"v{index}"


def literal(value: object) -> str:
    """Python text for a checked constant: number, ASCII-escaped text, truth, None or a tuple of texts."""
    if isinstance(value, tuple):
        return f"({''.join(f'{literal(item)}, ' for item in value)})"
    if isinstance(value, str):
        return ascii(str(value))
    assert value is None or isinstance(value, bool | int | float)
    return f"({value!r})" if isinstance(value, int | float) and value < 0 else repr(value)


def snap_text(text: str, bounds: tuple[float, float]) -> str:
    """Snapping written out where the sign is known; `t` is a variable for this alone."""
    low, high = bounds
    if low >= 0.0 and high < SNAP_LIMIT:
        return f"(floor({text} * 1e9 + {HALF_UP}) / 1e9)"
    if low > -SNAP_LIMIT and high < SNAP_LIMIT:
        below = f"-floor({HALF_UP} - t * 1e9) / 1e9"
        return f"(floor(t * 1e9 + {HALF_UP}) / 1e9 if (t := {text}) >= 0.0 else {below})"
    return f"(floor(t * 1e9 + {HALF_UP}) / 1e9 if 0.0 <= (t := {text}) < {SNAP_LIMIT!r} else snap(t))"
