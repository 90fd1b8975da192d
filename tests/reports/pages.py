"""Explanations to report on: a plain one, and one made of text that tries to be more than text."""

from datetime import date

from healthdsl.explain.explain import explain
from healthdsl.explain.explanation import Explanation
from healthdsl.explain.reach import Reach
from tests.explain.hand import RULESET, VALUES

REACHES = {f"{node.name}__{role}": Reach(0.0, 100.0) for node in RULESET.nodes for role in ("points", "base")}
AS_OF = date(2026, 3, 31)


def page(name: str | None, account_id: str = "A-1042", **values: object) -> Explanation:
    return explain(
        RULESET,
        {**VALUES, **values},
        account_id=account_id,
        account_name=name,
        as_of=AS_OF,
        fingerprint="0123456789ab",
        reaches=REACHES,
    )


NORTHWIND = page("Northwind Traders")
TRICKS = "<script>alert(1)</script> \x1b[31mred\x07 \u202eevil\u202c | `a` [x](http://x.y) @me\n# h & \x9b2J"
TRICKY = page(TRICKS, account_id="{{ 7 * 7 }}")
