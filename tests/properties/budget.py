"""How many examples a property gets: properties that compile several rulesets an example get fewer."""

from __future__ import annotations

from hypothesis import settings

# Of the profile's number: 40 in `make test`, 120 in CI, 2,000 with HEALTHDSL_LONG=all.
COMPILING = settings(max_examples=settings().max_examples // 5)
SCORING = settings(max_examples=settings().max_examples // 2)
