"""What a mutant changes, in the words of a report."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    DROP_ROW = "row left out"
    DROP_COLUMN = "column left out"
    DROP_STEP = "step left out"
    DROP_PART = "part left out"
    DROP_CLAUSE = "clause left out"
    DROP_POLICY = "missing policy left out"
    THRESHOLD = "threshold moved by one step"
    EDGE_WORD = "edge word flipped"
    COMPARISON = "comparison flipped"
    NEGATION = "condition negated"
    LOGIC = "and and or exchanged"
    CONDITION = "piece of a condition left out"
    WINDOW = "window changed"
    NUMBER = "number in a formula changed"
    OPERATOR = "operator exchanged"
    WEIGHT = "weight changed"
    POINTS = "points changed"
    RESULT = "result exchanged"
    AMOUNT = "amount of a step changed"
    LIMIT = "limit left out"
    ROUNDING = "rounding changed"
    METHOD = "way of combining exchanged"
    DEFAULT = "stand-in value changed"
    EXPIRY = "expiry changed"
