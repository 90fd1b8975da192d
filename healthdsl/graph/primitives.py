"""The primitives: everything a backend has to know, each with its exact meaning.

Numbers are IEEE doubles and None is missing; conditions are True, False or None (unknown). Unless a row
says otherwise a missing operand makes the result missing, and a result that is not finite is missing.
"""

from __future__ import annotations

from enum import StrEnum


class Primitive(StrEnum):
    # Sources. `Op.value` holds the name, (table, column) or the constant.
    INPUT = "input"  # an input signal as the contract gives it: typed, in range, snapped; or None
    COLUMN = "column"  # the same for a column of the current row
    SUPPLIED = "supplied"  # whether a row table was supplied: True or False; value: table name
    TODAY = "today"  # the as-of date as an ordinal
    CONSTANT = "constant"

    # Arithmetic on two operands.
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"  # missing when the divisor is 0
    MINIMUM = "minimum"
    MAXIMUM = "maximum"

    # Arithmetic on one operand.
    FLOOR = "floor"  # the caller snaps first
    CEILING = "ceiling"
    SNAP = "snap"  # to 9 decimals, half away from zero; |x| >= 4194304 unchanged; never -0.0
    ROUND = "round"  # value: decimals d >= 0: sign * floor(snap(|x| * 10**d) + 0.5) / 10**d
    LN = "ln"  # missing for x <= 0, like the next two
    LOG2 = "log2"
    LOG10 = "log10"
    POWER = "power"  # two operands; missing when undefined (-8 to the 1/3, 0 to the -1)

    # Dates (ordinals).
    DAYS_BETWEEN = "days_between"  # b - a in days
    MONTHS_BETWEEN = "months_between"  # whole calendar months from a to b, negative when b is earlier
    ADD_DAYS = "add_days"  # date plus a whole number of days

    # Comparisons of numbers, dates, text or yes/no: two operands of one family.
    LESS = "less"
    AT_MOST = "at_most"
    EQUAL = "equal"
    MEMBER = "member"  # value: tuple of texts
    CONTAINS = "contains"  # value: the text that stands somewhere in the operand, sign for sign; never empty
    FOLD_CASE = "fold_case"  # ASCII letters to lower case

    # Three-valued logic, any number of operands.
    AND = "and"
    OR = "or"
    NOT = "not"
    IS_KNOWN = "is_known"  # of any operand; never unknown
    IS_TRUE = "is_true"  # unknown becomes False

    # Choice.
    SELECT = "select"  # c1, v1, c2, v2, .., rest: the value of the first condition that is true
    COALESCE = "coalesce"  # the first operand that is known

    # Rows. value: (gather, table); operands (row operations, each may be -1): value, weight, condition, date.
    # Rows count where the condition is true. A table that was not supplied gives None.
    AGGREGATE = "aggregate"

    # Operations are looked up by the ten thousand while compiling, and Enum's own hash is a Python function.
    __hash__ = str.__hash__
