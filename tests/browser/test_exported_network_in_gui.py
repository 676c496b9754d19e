"""An exported network in NengoGUI, started as its users do: drawn with all its layers, running."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from exported_networks import per_layer, residual_network, written

pytestmark = pytest.mark.browser

pytest.importorskip("selenium", reason="no selenium: exported networks were NOT looked at")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402

DRAWN = "return [...document.querySelectorAll('#netgraph text')].map(one => one.textContent)"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where NengoGUI serves the script of a network with a shortcut."""
    network = residual_network(1)
    script = written(network, per_layer(network, 0.01), tmp_path)
    gui = Path(sys.executable).with_name("nengo")
    server = subprocess.Popen(
        # Port 0 is any free one.
        [sys.executable, "-u", gui, "--no-browser", "--port", "0", script.name],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        said = server.stdout.readline() + server.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        # The only address that the browser of the tests reaches.
        yield found[0].replace("localhost", "127.0.0.1")
    finally:
        server.kill()
        server.wait(timeout=20)


def test_nengo_gui_draws_its_layers_and_runs_it(driver: webdriver.Chrome, address: str):
    layers = [layer.name for layer in residual_network(1).spiking_layers]
    driver.get(address)
    wait_for(lambda: set(layers) <= set(driver.execute_script(DRAWN)))
    assert "image" in driver.execute_script(DRAWN)
    driver.find_element(By.ID, "pause_button").click()
    wait_for(lambda: simulated_s(driver) > 0.1)
    driver.get("about:blank")


def wait_for(condition, timeout_s: float = 60) -> None:
    ends = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def simulated_s(driver: webdriver.Chrome) -> float:
    text = driver.find_element(By.ID, "ticks_tr").get_attribute("textContent")
    found = re.search(r"[\d.]+", text)
    return float(found[0]) if found else 0.0
