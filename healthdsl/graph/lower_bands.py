"""Bands to operations: the name of the first band whose test holds on the points a node ends with."""

from __future__ import annotations

from healthdsl.graph.lower_tables import lower_table
from healthdsl.graph.scope import Scope
from healthdsl.model.expressions import PointsOf
from healthdsl.model.ruleset import Bands, Missing, Outcome, Table, TableKind


def lower_bands(scope: Scope, bands: Bands) -> None:
    """Bands are a ladder of the points with `when` rows anywhere; missing points reach only these and
    `missing` rows, and no row at all gives no band.
    """
    ladder = Table(TableKind.LADDER, PointsOf(bands.node), bands.rows)
    band = lower_table(scope, ladder, None, Missing(Outcome.SKIP)).level
    scope.bands[bands.node] = band
    scope.builder.output(bands.node, "band", band)
