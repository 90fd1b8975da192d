"""Why a score is what it is, and what would move it.

From a Ruleset and named output values to an `Explanation`.
"""
