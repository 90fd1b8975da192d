"""How hard the properties over whole rulesets try: each example compiles one."""

from hypothesis import settings

from tests.effort import effort

FEW = settings(max_examples=effort(15, 80, 1_000))
