"""The models of the first steps in NengoGUI, as a user sees them: in a browser, running."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

selenium = pytest.importorskip("selenium", reason="no selenium: NengoGUI was NOT looked at")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.remote.webelement import WebElement  # noqa: E402

from spikesweep.first_steps.gui import MODELS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ROOT / "scripts" / "spikesweep" / "first_steps"
# What is drawn in each plot, axes apart: lines, spikes, or the picture of an HTML view.
DRAWN = """return [...document.querySelectorAll(".graph")]
  .filter(plot => plot.dataset.objectType !== "slider")
  .map(plot => [...plot.querySelectorAll("path.line, circle")].map(shape =>
    shape.getAttribute("d") || shape.getAttribute("cx") || "").join())"""
# NengoGUI draws the axis of a raster before it knows how high it is.
KNOWN = 'attribute transform: Trailing garbage, "translate(0,NaN)"'


@dataclass
class Page:
    """A model in the browser, and the server behind it."""

    driver: webdriver.Chrome
    server: subprocess.Popen[str]
    address: str

    def drawn(self) -> list[str]:
        return self.driver.execute_script(DRAWN)

    def slider(self, label: str) -> WebElement:
        return self.driver.find_element(
            By.XPATH, f"//div[@data-object-type='slider'][contains(., '{label}')]"
        )


@pytest.fixture
def page(driver: webdriver.Chrome, tmp_path: Path, request) -> Iterator[Page]:
    """The model that the test names, loaded and not yet running."""
    model = request.param
    command = [sys.executable, "-u", "-m", "spikesweep.first_steps.gui", model]
    server = subprocess.Popen(
        [*command, "--folder", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        said = server.stdout.readline() + server.stdout.readline()
        address = re.search(r"http://\S+", said)
        assert address, said
        driver.get(address[0])
        layout = (LAYOUTS / f"{model}.py.cfg").read_text()
        plots = len(re.findall(r"^_viz_\d+ = ", layout, re.MULTILINE))
        wait_for(lambda: len(driver.find_elements(By.CSS_SELECTOR, ".graph")) == plots)
        yield Page(driver, server, address[0])
        driver.get("about:blank")
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0


@pytest.mark.parametrize("page", MODELS, indirect=True)
def test_its_plots_move(page: Page, request, tmp_path):
    model = request.node.callspec.params["page"]
    layout = (LAYOUTS / f"{model}.py.cfg").read_text()
    page.driver.find_element(By.ID, "pause_button").click()
    wait_for(lambda: all(page.drawn()) and simulated_s(page.driver) > 1)
    before = page.drawn()
    wait_for(lambda: all(new != old for new, old in zip(page.drawn(), before, strict=True)))
    page.driver.save_screenshot(str(tmp_path / f"{model}.png"))

    wrong = [
        entry["message"]
        for entry in page.driver.get_log("browser")
        if entry["level"] == "SEVERE" and KNOWN not in entry["message"]
    ]
    assert wrong == []
    # What a user drags about is kept in the copy.
    assert (LAYOUTS / f"{model}.py.cfg").read_text() == layout


@pytest.mark.parametrize("page", ["trained_network"], indirect=True)
def test_scale_and_synapse_can_be_felt(page: Page):
    page.driver.find_element(By.ID, "pause_button").click()
    hidden = 1  # of the plots that are no sliders, the first raster
    wait_for(lambda: simulated_s(page.driver) > 1.2)
    spikes = page.drawn()[hidden].count("M")
    assert page.slider("synapse (ms)").is_displayed()
    scale = page.slider("scale")
    assert "20.00" in scale.text
    handle = scale.find_element(By.CSS_SELECTOR, ".btn")
    ActionChains(page.driver).drag_and_drop_by_offset(handle, 0, -90).perform()
    assert float(re.search(r"\d+\.\d+", scale.text)[0]) > 60
    wait_for(lambda: page.drawn()[hidden].count("M") > 2 * spikes)


@pytest.mark.parametrize("page", ["neuron"], indirect=True)
def test_only_this_machine_gets_in_and_only_with_the_token(page: Page):
    address = urlsplit(page.address)
    assert address.hostname == "127.0.0.1"
    assert listening_hosts(address.port) == ["127.0.0.1"]
    page.driver.delete_all_cookies()
    page.driver.get(f"http://127.0.0.1:{address.port}/")
    assert page.driver.current_url.endswith("/login")
    page.driver.get(page.address)


def wait_for(condition, timeout_s: float = 30) -> None:
    """Wait until the condition holds; fail the test if it does not come to that."""
    ends = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def text_of(driver: webdriver.Chrome, selector: str) -> str:
    """Text of an element, also if it is faded out."""
    return driver.find_element(By.CSS_SELECTOR, selector).get_attribute("textContent")


def simulated_s(driver: webdriver.Chrome) -> float:
    found = re.search(r"[\d.]+", text_of(driver, "#ticks_tr"))
    return float(found[0]) if found else 0.0


def listening_hosts(port: int) -> list[str]:
    """Addresses on which some process of this machine listens at a port."""
    hosts = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            _, local, _, state, *_ = line.split()
            host, _, number = local.partition(":")
            if int(number, 16) == port and state == "0A":
                hosts.append(".".join(str(byte) for byte in reversed(bytes.fromhex(host))))
    return hosts
