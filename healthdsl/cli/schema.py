"""`healthdsl schema`: the JSON Schema of the records that a ruleset takes."""

from __future__ import annotations

from healthdsl.cli.common.options import OutOption, RootOption, RulesetArgument
from healthdsl.cli.common.output import output
from healthdsl.cli.common.rulesets import load_ruleset


def schema(ruleset: RulesetArgument, out: OutOption = None, root: RootOption = None) -> None:
    """Print the JSON Schema of one account record: every signal with its type, its range and its rows.

    \b
    Examples:
      healthdsl schema saas_health.health
      healthdsl schema saas_health.health -o account.schema.json
    """
    import json

    from healthdsl.records.cells import printable_lines

    text = json.dumps(load_ruleset(ruleset, root).schema(), indent=2, ensure_ascii=False)
    with output(out, [ruleset]) as stream:
        stream.write(f"{printable_lines(text)}\n")
