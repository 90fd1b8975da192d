"""Reports as recorded in tests/golden/reports, byte for byte. HEALTHDSL_RECORD=1 records them anew.

Read the difference.

The figures on the page are worked out by hand in tests/explain/hand.py and tests/explain/test_explain.py.
"""

import os
from collections.abc import Callable

import pytest

from healthdsl.reports import render_html, render_json, render_markdown, render_text
from tests.reports.pages import NORTHWIND, TRICKY
from tests.shared import ROOT

GOLDEN = ROOT / "tests" / "golden" / "reports"
RENDERERS: dict[str, Callable[..., str]] = {
    "txt": render_text,
    "md": render_markdown,
    "html": render_html,
    "json": render_json,
}
PAGES = {"northwind": NORTHWIND, "tricky": TRICKY}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("ending", RENDERERS)
def test_the_report_is_as_recorded(page, ending):
    path = GOLDEN / f"{page}.{ending}"
    found = RENDERERS[ending](PAGES[page]).encode("utf-8")
    if os.environ.get("HEALTHDSL_RECORD") == "1":
        path.write_bytes(found)
    assert found == path.read_bytes()
