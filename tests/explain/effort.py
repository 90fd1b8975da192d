"""How hard the properties over whole rulesets try: each example compiles one."""

from hypothesis import settings

from tests.conftest import LONG

FEW = settings(max_examples=80 if LONG else 15)
