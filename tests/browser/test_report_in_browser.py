"""The report of the smoke study, as a reader sees it: in a browser, without a network."""

import html
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.browser

# Goes into a copy of the page: writes down what the browser made of it.
PROBE = """<script>
addEventListener("load", () => {
  const drawn = image => image.matches("svg") ? image.querySelector("path, image") !== null
                                              : image.complete && image.naturalWidth > 0;
  const figures = [...document.querySelectorAll("svg.plot, img")].map(image => ({
    loaded: drawn(image),
    width: image.getBoundingClientRect().width,
    height: image.getBoundingClientRect().height,
    caption: image.closest("figure")?.querySelector("figcaption")?.innerText ?? "",
  }));
  const dead_links = [...document.querySelectorAll("a[href^='#']")]
    .map(link => decodeURIComponent(link.getAttribute("href").slice(1)))
    .filter(id => !document.getElementById(id));
  const found = {figures, dead_links,
                 overflow: document.documentElement.scrollWidth - innerWidth};
  const output = document.createElement("pre");
  output.id = "probe";
  output.textContent = JSON.stringify(found);
  document.body.append(output);
});
</script></body>"""

BAD_PAGE = """<!doctype html><body>
<img src="http://images.invalid/figure.png"><a href="#nowhere">nowhere</a>
<script>undefined_function()</script>
</body>"""


@dataclass
class Visit:
    """What the browser found on a page, what the page asked for, what went wrong in it."""

    page: dict[str, Any]
    requests: list[str]
    errors: list[str]


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium (Debian: apt install chromium): the report was NOT looked at")
    return found


@pytest.fixture(scope="module")
def report_visit(
    chromium: str, smoke_results: Path, tmp_path_factory: pytest.TempPathFactory
) -> Visit:
    page = (smoke_results / "report.html").read_text()
    return visit(chromium, page, tmp_path_factory.mktemp("report"))


def test_the_probe_sees_a_bad_page(chromium, tmp_path):
    bad = visit(chromium, BAD_PAGE, tmp_path)
    assert bad.requests == ["http://images.invalid/figure.png"]
    assert any("undefined_function" in error for error in bad.errors)
    assert [figure["loaded"] for figure in bad.page["figures"]] == [False]
    assert bad.page["dead_links"] == ["nowhere"]


def test_every_figure_of_the_study_is_shown(report_visit, smoke_results):
    figures = report_visit.page["figures"]
    assert len(figures) == len(list((smoke_results / "figures").rglob("*.svg")))
    for figure in figures:
        assert figure["loaded"], figure
        assert figure["width"] > 300, figure
        assert figure["height"] > 100, figure
        assert len(figure["caption"]) > 40, figure


def test_it_needs_no_network(report_visit):
    assert report_visit.requests == []


def test_nothing_goes_wrong_in_the_page(report_visit):
    assert report_visit.errors == []
    assert report_visit.page["dead_links"] == []


def test_it_fits_the_window(report_visit):
    assert report_visit.page["overflow"] <= 0


def test_the_first_screen_is_not_empty(chromium, smoke_results, tmp_path):
    screenshot = tmp_path / "page.png"
    browse(chromium, smoke_results / "report.html", tmp_path, f"--screenshot={screenshot}")
    pixels = np.asarray(Image.open(screenshot).convert("L"))
    assert pixels.shape == (1000, 1400)
    # Text and lines cover a few per cent of a page; an error page or a blank one does not.
    assert 0.01 < np.mean(pixels < 160) < 0.5


def visit(chromium: str, page: str, folder: Path) -> Visit:
    """Open a copy of the page with the probe in it."""
    assert page.count("</body>") == 1
    probed, net_log = folder / "page.html", folder / "net.json"
    probed.write_text(page.replace("</body>", PROBE))
    run = browse(chromium, probed, folder, "--dump-dom", f"--log-net-log={net_log}")
    found = re.search(r'<pre id="probe">(.*?)</pre>', run.stdout, re.DOTALL)
    assert found, f"the page did not finish loading: {run.stderr[-2000:]}"
    return Visit(
        page=json.loads(html.unescape(found[1])),
        requests=requests_of_the_page(net_log),
        errors=[line for line in run.stderr.splitlines() if "CONSOLE" in line],
    )


def browse(
    chromium: str, page: Path, folder: Path, *options: str
) -> subprocess.CompletedProcess[str]:
    """Load a page to its end in a fresh headless browser that reaches no other machine."""
    command = [
        chromium,
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--enable-logging=stderr",
        "--window-size=1400,1000",
        "--virtual-time-budget=10000",
        f"--user-data-dir={folder / 'profile'}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)


def requests_of_the_page(net_log: Path) -> list[str]:
    """Addresses that the page asked for; the browser's own requests have no origin."""
    log = json.loads(net_log.read_text())
    started = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    requests = [event.get("params", {}) for event in log["events"] if event["type"] == started]
    return [
        request["url"]
        for request in requests
        if request.get("initiator", "not an origin") != "not an origin"
        and not request["url"].startswith(("file:", "data:"))
    ]
