"""A browser that tests can drive."""

import os
import shutil
from collections.abc import Iterator

import pytest

selenium = pytest.importorskip("selenium", reason="no selenium: pages were NOT used")
from selenium import webdriver  # noqa: E402


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Headless Chromium that reaches no other machine."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    remote = shutil.which("chromedriver")
    if not browser or not remote:
        pytest.skip(
            "no Chromium with its driver (Debian: apt install chromium chromium-driver): "
            "pages were NOT used"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in (
        "--headless=new",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=1500,900",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(remote))
    yield driver
    driver.quit()
