"""The plain evaluator of graphs, which explaining runs too."""

from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.lower import lower_ruleset
from healthdsl.pipeline import compile_source

TEXT = """\
ruleset r
  language 1

rows visits
  minutes number
  weight number
  place text

signal long = sum minutes of visits where weight above 1
signal places = distinct place of visits
"""


class Row(dict):
    """A row that notes which of its columns are read."""

    def __init__(self, **columns):
        super().__init__(columns)
        self.read = []

    def get(self, name, default=None):
        self.read.append(name)
        return super().get(name, default)


def test_an_aggregate_reads_its_own_columns_once_a_row():
    ruleset = compile_source(TEXT, "r.health").ruleset
    assert ruleset is not None
    rows = [Row(minutes=10.0, weight=2.0, place="a"), Row(minutes=5.0, weight=1.0, place="b")]
    found = evaluate(lower_ruleset(ruleset), {}, {"visits": rows})
    assert (found["long"], found["places"]) == (10.0, 2.0)
    assert [sorted(row.read) for row in rows] == [["minutes", "place", "weight"]] * 2
