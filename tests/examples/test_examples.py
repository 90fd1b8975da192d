"""Every example is sound and does what its README says; on the public tables where they are at hand."""

import csv
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import healthdsl
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.pipeline import compile_source
from healthdsl.records.accounts import read_accounts
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from tests.shared import ROOT

EXAMPLES = ROOT / "examples"
PACKAGE = ROOT / "healthdsl" / "cli"
RULESETS = [*sorted(EXAMPLES.glob("*/*.health")), *sorted(PACKAGE.rglob("*.health"))]
BOOK = ["accounts.csv", "tickets.csv", "logins.csv"]


def script(path: Path) -> ModuleType:
    """A script as a module; its `main` is not run."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.stem)
def test_rulesets_have_no_findings_and_their_tests_pass(path: Path) -> None:
    compilation = compile_source(path.read_bytes(), path.name)
    assert compilation.diagnostics == (), render_diagnostics(compilation.source, compilation.diagnostics)
    outcomes = run_tests(healthdsl.load(path))
    assert len(outcomes) >= 3
    assert [outcome for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.stem)
def test_rulesets_are_laid_out(path: Path) -> None:
    text = path.read_text("utf-8")
    assert format_text(Source(text, path.name)) == text


@pytest.mark.parametrize("name", ["saas_health.health", *BOOK])
def test_the_demo_has_the_same_book(name: str) -> None:
    assert (PACKAGE / "demo_book" / name).read_bytes() == (EXAMPLES / "b2b_book" / name).read_bytes()


def test_the_book_is_what_its_generator_makes(tmp_path: Path) -> None:
    script(EXAMPLES / "b2b_book" / "generate.py").write_book(tmp_path)
    for name in BOOK:
        assert (tmp_path / name).read_bytes() == (EXAMPLES / "b2b_book" / name).read_bytes()


def test_harbourlight_is_worth_explaining() -> None:
    """Every number here can be worked out from the account's own lines."""
    folder = EXAMPLES / "b2b_book"
    compiled = healthdsl.load(folder / "saas_health.health")
    rows = {name: str(folder / f"{name}.csv") for name in ("tickets", "logins")}
    *_, record = read_accounts(str(folder / "accounts.csv"), compiled.ruleset, rows=rows)
    result = compiled.score(record, as_of="2026-03-31")
    assert result.account_name == "Harbourlight Logistics"
    assert result.values["urgent_tickets"] == 1  # the other one is 30 days old
    assert result.parts["utilisation"] == 100  # 19 of 20 seats, at least 90%
    assert result.parts["urgent_tickets"] == 60
    assert result.parts["nps"] == 100
    assert (result.score, result.band) == (40, "at_risk")  # capped: the invoice is 75 days late
    assert result.plays == ("call_finance",)


def table_in(readme: Path) -> dict[str, tuple[int, int]]:
    """Customers and leavers by band, as the README tells them."""
    rows = re.findall(
        r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| [\d.]+% \|$", readme.read_text("utf-8"), re.MULTILINE
    )
    return {
        band: (int(customers.replace(",", "")), int(left.replace(",", ""))) for band, customers, left in rows
    }


@pytest.mark.parametrize(
    ("folder", "ruleset", "table", "outcome", "left", "area"),
    [
        ("telco", "telco_health", "ibm_telco/telco_customer_churn.csv", "Churn", "Yes", "0.825"),
        ("saas_churn", "saas_retention", "saas_churn_pysurvival/saas_churn.csv", "churned", "1.0", "0.879"),
    ],
)
def test_the_readme_tells_how_well_the_bands_separate(  # noqa: PLR0917 -- a row of the table above
    shared: Path, folder: str, ruleset: str, table: str, outcome: str, left: str, area: str
) -> None:
    how_well = script(EXAMPLES / "how_well.py")
    path = EXAMPLES / folder / f"{ruleset}.health"
    scored = list(how_well.scored_accounts(path, shared / "data" / table, outcome, left))
    with (shared / "data" / table).open(encoding="utf-8", newline="") as stream:
        outcomes = [row[outcome] for row in csv.DictReader(stream)]
    assert len(scored) == len(outcomes)
    assert sum(gone for _, _, gone in scored) == outcomes.count(left)
    assert how_well.share_left_by_band(scored) == table_in(EXAMPLES / folder / "README.md")
    assert f"{how_well.area_under_curve(scored):.3f}" == area
    assert f"ROC curve is {area}" in (EXAMPLES / folder / "README.md").read_text("utf-8")


def test_area_under_curve_by_hand() -> None:
    area = script(EXAMPLES / "how_well.py").area_under_curve
    # Pairs (left, stayed): 1<2, 1<3, 2=2 a half, 2<3; an account without a score takes no part.
    scored = [(1.0, "a", True), (2.0, "a", True), (2.0, "a", False), (3.0, "b", False), (None, None, True)]
    assert area(scored) == 3.5 / 4


@pytest.mark.parametrize("name", ["telco", "saas_churn"])
def test_get_data_names_a_package_and_its_checksum(name: str) -> None:
    module = script(EXAMPLES / name / "get_data.py")
    assert re.fullmatch(r"[a-z-]+==[\d.]+", module.PACKAGE)
    assert re.fullmatch(r"[0-9a-f]{64}", module.PACKAGE_SHA256)
    assert (EXAMPLES / ".gitignore").read_text("utf-8").count(f"{name}/{module.TABLE}") == 1
