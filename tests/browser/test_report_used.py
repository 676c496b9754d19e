"""The report of the smoke study, used as readers do: at a desk, on a phone, on paper."""

import base64
import csv
import hashlib
import io
import re
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from spikesweep.data.download import npm_pack
from spikesweep.errors import UserError

pytestmark = pytest.mark.browser

pytest.importorskip("selenium", reason="no selenium: the report was NOT used")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

AXE = "axe-core@4.14.1"
AXE_SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
# A4 between its margins, in pixels of 1/96 inch.
PAPER_WIDTH, PAPER_HEIGHT = 695, 1047
# All but those by which Vega saves a chart.
OUR_LINKS = "a:not(.vega-embed a)"
# Elements that reach beyond the window, apart from what scrolls by itself.
TOO_WIDE = """return [...document.querySelectorAll("main *, nav *")].filter(one =>
  one.checkVisibility() && !one.closest(".scroll, .chart, pre, svg.plot, svg.graph")
  && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 120))"""
# Size of every visible text, in points: in figures, as large as the figure is shown.
TEXT_SIZES = """const points = one => {
  const plot = one.closest("svg"), size = parseFloat(getComputedStyle(one).fontSize) * 0.75;
  // The box is laid out, whether or not the figure in it is.
  const shown = (plot?.closest(".drawn") ?? plot)?.getBoundingClientRect().width;
  return plot ? size * shown / plot.viewBox.baseVal.width : size;
};
const written = child => child.nodeType === 3 && child.data.trim();
return [...document.querySelectorAll("main *")]
  .filter(one => one.checkVisibility() && [...one.childNodes].some(written))
  .map(one => [points(one), one.outerHTML.slice(0, 120)])"""
SERIOUS = """const done = arguments[0];
axe.run(document, {iframes: false}).then(found => done(found.violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`)))"""


@pytest.fixture
def page(driver: webdriver.Chrome, smoke_results: Path) -> webdriver.Chrome:
    """The report, freshly opened in a wide window."""
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    driver.set_window_size(1500, 900)
    driver.get((smoke_results / "report.html").as_uri())
    return driver


@pytest.fixture
def charts(page: webdriver.Chrome) -> webdriver.Chrome:
    if not page.find_elements(By.ID, "chart-program"):
        pytest.skip("no envs/charts.js (make setup fetches it): charts were NOT used")
    page.execute_script("document.getElementById('explore').scrollIntoView()")
    wait_for(lambda: page.execute_script("return document.getElementById('explore').dataset.drawn"))
    return page


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """The script that finds what hinders readers."""
    folder = request.config.cache.mkdir("axe")
    tarball = folder / f"{AXE.replace('@', '-')}.tgz"
    if not tarball.is_file():
        try:
            npm_pack(AXE, folder)
        except UserError as error:
            pytest.skip(f"no axe-core ({error}): what hinders readers was NOT looked for")
    assert hashlib.sha256(tarball.read_bytes()).hexdigest() == AXE_SHA256
    with tarfile.open(tarball) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()


def wait_for(condition, seconds: float = 60.0):
    """The first true value of the condition; fails after a time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)
    return found


# Where the key numbers lie: in their box, and on the page.
KEY_NUMBERS = """const table = document.getElementById("key-numbers");
const box = table.closest(".scroll");
const bottom = row => row.getBoundingClientRect().bottom;
return {hidden: box.scrollWidth - box.clientWidth, rows: [...table.tBodies[0].rows].map(bottom)}"""


@contextmanager
def screen(page: webdriver.Chrome, width: int, height: int, mobile: bool = False) -> Iterator[None]:
    """The page on a screen of this size, in CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_is_small_enough_to_be_sent(smoke_results):
    assert (smoke_results / "report.html").stat().st_size < 5_000_000


def test_it_opens_quickly(page):
    # The best of several: other processes of the machine must not decide.
    def opened_after_ms():
        page.refresh()
        return page.execute_script(
            "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        )

    assert min(opened_after_ms() for _ in range(4)) < 1500


def test_every_link_leads_to_a_file_or_to_a_place_in_the_page(page, smoke_results):
    links = {
        link.get_dom_attribute("href") for link in page.find_elements(By.CSS_SELECTOR, OUR_LINKS)
    }
    places = {link for link in links if link.startswith("#")}
    assert len(places) > 20
    assert len(links - places) > 20
    for link in places:
        assert page.find_elements(By.ID, unquote(link[1:])), link
    for link in links - places:
        assert (smoke_results / unquote(link)).exists(), link


def test_navigation_shows_where_the_reader_is(page):
    def here():
        return page.execute_script(
            "return document.querySelector('.side [aria-current]')?.hash ?? ''"
        )

    def top_of(name):
        # Nothing lies above the text, so a heading in the window is in sight.
        return page.execute_script(
            f"return document.querySelector('{name}').getBoundingClientRect().top"
        )

    assert here() == "#top"
    for name in ("#recommendation", "#firing-rates"):
        page.execute_script(f"document.querySelector('.side a[href=\"{name}\"]').click()")
        wait_for(lambda name=name: here() == name and 0 <= top_of(name) < 300, 20)


def test_a_pick_in_one_chart_is_picked_in_all_and_can_be_copied(charts):
    def picked():
        return charts.find_element(By.ID, "picked-words").text

    first = picked()
    cells = charts.find_elements(By.CSS_SELECTOR, "#chart-sweep .mark-rect.role-mark path")
    assert len(cells) > 3
    ActionChains(charts).move_to_element(cells[0]).click().perform()
    wait_for(lambda: picked() != first, 10)
    config = charts.find_element(By.ID, "picked-config").text
    assert re.search(
        r"firing_rates:\s+settings:\s+- {synapse_s: \S+, scale_firing_rates: \d+}", config
    )
    # What it shows when the pointer is on it.
    assert "accuracy" in charts.find_element(By.ID, "vg-tooltip-element").text
    button = charts.find_element(By.ID, "copy-config")
    charts.execute_script("arguments[0].click()", button)
    wait_for(lambda: button.text in {"Copied", "Selected: copy it with Ctrl+C"}, 10)


def test_arrow_keys_pick_the_next_setting(charts):
    words = charts.find_element(By.ID, "picked-words")
    chart = charts.find_element(By.XPATH, "//*[@id='chart-sweep']/..")
    # At one end of the scales at least one of them does nothing.
    before = words.text
    chart.send_keys(Keys.ARROW_LEFT)
    chart.send_keys(Keys.ARROW_LEFT)
    wait_for(lambda: words.text != before, 10)
    moved = words.text
    chart.send_keys(Keys.ARROW_RIGHT)
    wait_for(lambda: words.text != moved, 10)


def test_another_network_begins_with_its_best_setting_and_has_its_own_seeds(charts):
    network, seed = charts.find_elements(By.CSS_SELECTOR, "#choose-sweep select")
    words = charts.find_element(By.ID, "picked-words")
    for name in reversed([one.text for one in Select(network).options]):
        Select(network).select_by_visible_text(name)
        rows, seeds = charts.execute_script(
            "const rows = charts.data.settings.filter(row => row.network === arguments[0]);"
            "return [rows.filter(row => row.seed === 'mean').map(row => row.accuracy),"
            "        [...new Set(rows.map(row => row.seed))]]",
            name,
        )
        told = f": {100 * max(rows):.1f}"
        wait_for(
            lambda name=name, told=told: words.text.startswith(name) and told in words.text, 10
        )
        offered = [one.text for one in Select(seed).options if one.is_enabled()]
        assert offered == seeds


def test_charts_are_filtered_by_network_and_seed(charts):
    network, seed = charts.find_elements(By.CSS_SELECTOR, "#choose-sweep select")
    words = charts.find_element(By.ID, "picked-words")
    seen = set()
    for option in [one.text for one in Select(network).options]:
        Select(network).select_by_visible_text(option)
        wait_for(lambda option=option: words.text.startswith(option), 10)
        seen.add(words.text)
    assert len(seen) == len(Select(network).options)
    assert "mean" in [option.text for option in Select(seed).options]


def test_the_slider_moves_the_time_at_which_the_answer_is_read(charts):
    slider = charts.find_element(By.CSS_SELECTOR, "#choose-time input[type=range]")
    before = charts.execute_script("return charts.time.signal('read')")
    slider.send_keys(Keys.ARROW_LEFT)
    wait_for(lambda: charts.execute_script("return charts.time.signal('read')") == before - 1, 10)


def test_the_first_screen_holds_the_answers_and_the_first_key_numbers(page):
    with screen(page, 1300, 900):
        found = page.execute_script(KEY_NUMBERS)
        assert found["hidden"] == 0
        assert found["rows"][0] < 900


def test_tables_are_sorted_filtered_and_saved(page):
    table = page.find_element(By.ID, "key-numbers")

    def column(number):
        return [
            row.find_elements(By.XPATH, "./*")[number].text.split("\n")[0]
            for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")
            if row.is_displayed()
        ]

    spikes = table.find_elements(By.CSS_SELECTOR, "thead th")[4].find_element(By.TAG_NAME, "button")
    for direction in (1, -1):
        spikes.click()
        found = [direction * float(re.sub(r"\s", "", text)) for text in column(4)]
        assert found == sorted(found)
    everything = column(1)
    search = page.find_element(By.CSS_SELECTOR, ".tools input")
    search.send_keys("most accurate")
    assert set(column(1)) < set(everything)
    assert all("most accurate" in text for text in column(1))
    # What would be saved holds what is shown.
    saved = page.execute_script(
        """let saved; const make = URL.createObjectURL;
        URL.createObjectURL = blob => { saved = blob; return make(blob); };
        document.querySelector('.tools button').click();
        return saved.text()"""
    )
    rows = list(csv.reader(io.StringIO(saved)))
    assert len(rows) == 1 + len(column(1))
    assert {len(row) for row in rows} == {10}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_serious_hinders_readers(page, axe, scheme, width):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    page.set_window_size(width, 900)
    page.execute_script(axe)
    page.set_script_timeout(180)
    assert page.execute_async_script(SERIOUS) == []


def test_a_phone_shows_all_of_it_without_scrolling_sideways(page):
    with screen(page, 390, 844, mobile=True):
        page.refresh()
        assert page.execute_script("return innerWidth") == 390
        assert page.execute_script("return document.documentElement.scrollWidth") == 390
        assert page.execute_script(TOO_WIDE) == []
        # Nor has the table of key numbers to be scrolled.
        assert page.execute_script(KEY_NUMBERS)["hidden"] == 0
        menu = page.find_element(By.CSS_SELECTOR, ".menu summary")
        link = page.find_element(By.CSS_SELECTOR, '.menu a[href="#provenance"]')
        assert not link.is_displayed()
        menu.click()
        link.click()
        wait_for(lambda: not link.is_displayed(), 10)


def test_in_the_dark_the_page_is_dark(page):
    def brightness():
        colour = page.execute_script("return getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert brightness() == 3 * 255
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark"}]},
    )
    assert brightness() < 150


def test_on_paper_it_is_short_and_nothing_is_cut_off(page):
    printed = page.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(printed["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    with screen(page, PAPER_WIDTH, PAPER_HEIGHT):
        assert not page.find_element(By.CLASS_NAME, "side").is_displayed()
        config = page.find_element(By.CSS_SELECTOR, "section[aria-labelledby=provenance] pre")
        assert not config.is_displayed()
        assert page.execute_script(TOO_WIDE.replace(".scroll, ", "")) == []
        assert [text for size, text in page.execute_script(TEXT_SIZES) if size < 7.9] == []
        # The key numbers are on the first page.
        assert page.execute_script(KEY_NUMBERS)["rows"][-1] < PAPER_HEIGHT
        # No figure is split.
        heights = page.execute_script(
            "return [...document.querySelectorAll('.drawn')].map(box => box.offsetHeight)"
        )
        assert 0 < max(heights) < PAPER_HEIGHT


def test_figures_out_of_view_keep_their_place_and_are_not_laid_out(page):
    skipped = page.execute_script(
        """return [...document.querySelectorAll(".drawn")].map(box => [
          getComputedStyle(box).contentVisibility === "auto",
          box.offsetHeight, box.firstElementChild.getBoundingClientRect().height])"""
    )
    assert len(skipped) > 20
    for auto, place, height in skipped:
        assert auto
        assert place == pytest.approx(height, abs=1.5)


def test_on_a_phone_figures_are_as_large_as_can_be_read(page):
    with screen(page, 390, 844, mobile=True):
        page.refresh()
        sizes = [size for size, text in page.execute_script(TEXT_SIZES) if text.startswith("<text")]
        assert len(sizes) > 100
        # Points of a screen that is held closer than paper.
        assert min(sizes) > 6


def test_without_scripts_the_figures_stand(driver, smoke_results):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get((smoke_results / "report.html").as_uri())
        plots = driver.find_elements(By.CSS_SELECTOR, "svg.plot")
        assert len(plots) == len(list((smoke_results / "figures").rglob("*.svg")))
        assert not driver.find_elements(By.CSS_SELECTOR, ".tools")
        assert not any(one.is_displayed() for one in driver.find_elements(By.ID, "explore"))
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_is_said_on_the_console(page):
    page.get_log("browser")
    page.refresh()
    if page.find_elements(By.ID, "chart-program"):
        page.execute_script("document.getElementById('explore').scrollIntoView()")
        wait_for(
            lambda: page.execute_script("return document.getElementById('explore').dataset.drawn")
        )
    assert [entry["message"] for entry in page.get_log("browser")] == []
