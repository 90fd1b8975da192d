"""What a ruleset means: types, bound expressions, and the Ruleset that every later stage reads."""
