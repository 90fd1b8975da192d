"""Mutation: a ruleset is changed in one small way after the other, and its tests are to notice.

In: a resolved Ruleset with its tests. Out: for each mutant whether a test failed by it, and if none did, an
account that tells the two apart, or that none was found.
"""
