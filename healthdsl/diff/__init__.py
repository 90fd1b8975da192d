"""What changed between two rulesets, in meaning and not in text.

In: two Rulesets. Out: `Change` values, each a plain sentence with what it can do to a score, and the Ruleset
in between that has only some of them.
"""
