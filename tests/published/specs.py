"""Each specification: its ruleset, its adapter, and where its expected keys are read.

`answers` names the expected keys that a ruleset answers where several share a specification: together they
answer all. `cases` is the number of cases the specification holds, so that one that went missing is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.published import adapters as adapt
from tests.published import results as read
from tests.published.adapters import Adapter
from tests.published.results import Reading

COLOURS = {part: read.level_of(part) for part in ("license", "engagement", "scm", "ci")}
CATEGORIES = (
    "user_engagement",
    "product_experience",
    "company_engagement",
    "product_analytics",
    "session_replay",
    "feature_flags_experiments",
    "surveys_warehouse",
)
COMPONENTS = tuple(f"component_{number}" for number in range(1, 6))


@dataclass(frozen=True)
class Spec:
    """`kind` picks the cases of one kind; `ruleset` is below rulesets/published, without the ending.

    `answers` None: every key.
    """

    name: str
    ruleset: str
    cases: int
    adapter: Adapter = adapt.as_is
    readings: Mapping[str, Reading] = field(default_factory=dict)
    kind: str | None = None
    answers: frozenset[str] | None = None


def flags(*names: str) -> dict[str, Reading]:
    return {name: read.flag(name) for name in names}


def points(**nodes: str) -> dict[str, Reading]:
    return {key: read.points_of(node) for key, node in nodes.items()}


def vendor(kind: str, cases: int, adapter: Adapter = adapt.as_is, **nodes: str) -> Spec:
    ruleset = f"vendor_worked_examples/{kind}"
    return Spec("vendor_worked_examples", ruleset, cases, adapter, points(**nodes), kind)


def vendor_shown(kind: str, adapter: Adapter, node: str) -> Spec:
    """7 cases with the score as it is, and as it is shown."""
    readings = {"exact": read.points_of(node), "score": read.shown_score}
    return Spec("vendor_worked_examples", f"vendor_worked_examples/{kind}", 7, adapter, readings, kind)


def mattermost(version: str, *also: str) -> Spec:
    """Score and band of each version stand under its key; those of the last one at the top as well."""
    return Spec(
        "mattermost_versions",
        f"mattermost/{version}",
        80,
        adapt.mattermost,
        {version: read.score_and_band},
        answers=frozenset({version, *also}),
    )


SPECS = (
    Spec("apgar", "apgar", 50),
    Spec("cha2ds2_vasc", "cha2ds2_vasc", 50, readings=points(annual_rate_pct="annual_rate")),
    Spec(
        "cs_dashboard_40_40_20",
        "cs_dashboard_40_40_20",
        50,
        readings=flags("expansion_ready", "needs_attention", "renewal_risk"),
    ),
    Spec("dbt_b2b_customer_health", "dbt_b2b_customer_health", 60, readings=flags("churn_risk")),
    Spec(
        "gitlab_product_usage",
        "gitlab_product_usage",
        95,
        adapt.gitlab,
        {
            **COLOURS,
            "cd": read.band_of("cd"),
            "security": read.band_of("security"),
            "use_cases_adopted": read.value_of("use_cases_adopted"),
        },
    ),
    Spec("hubspot_score_mechanics", "hubspot_score_mechanics", 50, adapt.hubspot),
    Spec("librariesio_sourcerank", "librariesio_sourcerank", 50),
    Spec(
        "looker_saas_demo",
        "looker_saas_demo",
        60,
        readings=points(usage="usage", user="user", support="support", csat="csat"),
    ),
    *(mattermost(f"v{version}") for version in range(1, 6)),
    mattermost("v6", "score", "band"),
    Spec("medtech_cxm", "medtech_cxm", 50),
    Spec("nerdboard", "nerdboard", 50, readings=points(velocity="velocity")),
    Spec("news2", "news2", 130, readings={"any_three": read.value_of("red_score")}),
    Spec("nps_rollup", "nps_rollup", 50, adapt.nps_rollup, points(nps="nps", pes="pes")),
    Spec("odoo_lead_score_demo", "odoo_lead_score_demo", 50, adapt.odoo),
    Spec(
        "ossf_criticality",
        "ossf_criticality",
        60,
        readings=points(pike_depsdev="depsdev", legacy_python="legacy"),
    ),
    Spec("ossf_scorecard", "ossf_scorecard", 50, adapt.checks),
    Spec("pardot_default_score", "pardot_default_score", 50, adapt.events),
    Spec("posthog_health", "posthog_health", 85, readings={"categories": read.map_of(*CATEGORIES)}),
    Spec("posthog_icp_score", "posthog_icp_score", 50),
    Spec("posthog_lead_score", "posthog_lead_score", 50),
    Spec("rfm_segment_macro", "rfm_segment_macro", 125, readings={"band": read.level_of("segment")}),
    Spec("saas_calc", "saas_calc", 50),
    Spec(
        "sourcegraph_pql",
        "sourcegraph_pql",
        60,
        adapt.sourcegraph,
        {
            "band": read.level_of("grade"),
            "cloud": read.level_of("cloud"),
            "install": read.level_of("install"),
            "pql": read.flag("pql"),
        },
    ),
    Spec("ubiquity_client_health_v1", "ubiquity_client_health_v1", 55),
    vendor("gainsight_band", 7),
    vendor_shown("gainsight_group", adapt.weighted("measures", "measures"), "group_score"),
    Spec(
        "vendor_worked_examples",
        "vendor_worked_examples/natero",
        9,
        adapt.natero,
        {"components": read.points_of(*COMPONENTS)},
        "natero",
    ),
    vendor("natero_nps", 5),
    vendor("planhat", 9, adapt.listed("factors", "points", "points")),
    vendor_shown("planhat_group", adapt.listed("companies", "health", "scores"), "group_health"),
    vendor("vitally_overall", 8, adapt.weighted("categories", "scores")),
    vendor("vitally_score", 8, adapt.listed("measures", "state", "states")),
)
