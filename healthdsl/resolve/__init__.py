"""Names and types: syntax nodes -> Ruleset.

`resolve_ruleset` runs the passes of `ruleset.py` in order: `collect` fills the scope with every declared
name, `definitions` works out types in an order without recursion, then each kind of declaration is built
by the file of its name (`signals`, `nodes` with `rows`, `parts`, `steps` and `like`, `bands`, `flags`,
`tests`), and `cycles` looks at what was bound. Expressions are resolved by `expressions`, which hands
itself to `comparisons`, `counting` and `aggregates`.

Imports run one way: problems, suggest, fold, graphs <- scope <- types <- arithmetic, names <- comparisons
<- aggregates <- counting <- expressions <- rows, steps <- parts, clauses <- nodes, bands <- ruleset.
"""

from healthdsl.resolve.ruleset import resolve_ruleset

__all__ = ["resolve_ruleset"]
