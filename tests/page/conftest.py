"""A real server over a small catalogue, and a real browser that looks at its page.

Whatever a page asks of other hosts, and every fault that the browser reports, fails the test that saw it.
"""

import re
import shutil

import pytest

import earmark
from live_server import LiveServer
from server_fixtures import own_server_folder  # noqa: F401
from sounds import tune, write_sound

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
REFUSED = re.compile(r"status of (400|401|404|409|412|422)")  # the page shows them, Chromium notes them
HOSTILE = '<script>alert(1)</script> "\u202equoted" & \U0001f3ba\u200f ' + "long " * 60
WATCH = """
window.__faults = [];
addEventListener("securitypolicyviolation", (e) => window.__faults.push(`CSP: ${e.violatedDirective} ${e.blockedURI}`));
"""


@pytest.fixture(scope="session")
def collection(tmp_path_factory):
    """music/ and its catalogue/: four tunes, one with a title that no page may read as markup, a broken file."""
    root = tmp_path_factory.mktemp("page")
    (root / "music").mkdir()
    for seed, title in enumerate(["Alpha", "Beta", "Gamma", HOSTILE], 1):
        tags = {"title": title, "artist": "Ann & Co" if seed < 3 else "Bob", "album": "One"}
        write_sound(root / "music" / f"{seed}.flac", tune(seed, 20.0), tags=tags)
    (root / "music" / "broken.mp3").write_bytes(b"no sound at all" * 200)
    earmark.Catalogue(root / "catalogue").scan(root / "music")
    return root


@pytest.fixture(scope="session")
def server(collection):
    server = LiveServer(collection / "catalogue")
    yield server
    server.end()


@pytest.fixture(scope="session")
def api(server):
    with server.client() as client:
        yield client


@pytest.fixture(scope="session")
def ids(api):
    return {track["title"]: track["track_id"] for track in api.get("/api/v1/tracks").json()["items"]}


@pytest.fixture(scope="module")  # no longer: a browser that waits holds the thread's one event loop
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    if CHROMIUM is None:
        pytest.skip("needs chromium, which is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, server):
    """Opens an address of the server: open_page("/tracks", width=390, scheme="dark"); faults fail the test."""
    contexts, faults = [], []

    def open_page(path, width=1280, scheme="light", let_in=True):
        height = 844 if width < 700 else 900
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.set_default_timeout(15_000)  # milliseconds
        contexts.append(context)
        if let_in:
            _, key = server.keys.create("browser", ("admin",))
            context.request.post(f"{server.base}/api/v1/session", headers={"Authorization": f"Bearer {key}"})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: _note_foreign(request.url, server.base, faults))
        page.goto(server.base + path)
        return page

    yield open_page
    for context in contexts:
        faults += [fault for page in context.pages for fault in page.evaluate("window.__faults")]
        context.close()
    assert [fault for fault in faults if not REFUSED.search(fault)] == []


def _note_foreign(url: str, base: str, faults: list[str]) -> None:
    if not url.startswith((f"{base}/", "data:")):
        faults.append(f"asked elsewhere: {url}")
