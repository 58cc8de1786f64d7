import re

import pytest

from earmark.server.routes.pages import STATIC

VIEWS = ["/", "/tracks", "/tracks/0123", "/similar", "/jobs", "/settings", "/analysis/0123"]


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_of_the_page_is_an_address_of_its_own(live, path):
    with live.stranger() as anyone:
        page = anyone.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "/static/js/app.js" in page.text
        assert "://" not in page.text


def test_the_page_says_where_to_go_without_scripts(live):
    with live.stranger() as anyone:
        assert '<a href="/api">' in anyone.get("/").text
        assert anyone.get("/static/page.css").headers["content-type"].startswith("text/css")


def test_the_token_is_for_the_page_alone(live):
    with live.stranger() as anyone:
        assert anyone.get("/api/v1/catalogue", params={"token": live.token}).status_code == 401
        assert anyone.get("/enter").status_code == 401


def preloaded(anyone, path: str) -> set[str]:
    return set(re.findall(r'rel="modulepreload" href="/static/(js/[\w/]+\.js)"', anyone.get(path).text))


@pytest.mark.parametrize(
    ("path", "own", "others"),
    [
        ("/", "start", "map"), ("/tracks", "tracks", "trackbody"), ("/tracks/0123", "track", "tracks"),
        ("/settings", "settings", "write"), ("/map", "map", "settings"),
    ],
)  # fmt: skip
def test_the_head_names_what_the_view_needs_so_that_all_is_fetched_at_once(live, path, own, others):
    with live.stranger() as anyone:
        named = preloaded(anyone, path)
    assert {"js/app.js", "js/dom.js", f"js/pages/{own}.js"} <= named
    assert f"js/pages/{others}.js" not in named
    for name in named:
        text = (STATIC / name).read_text(encoding="utf-8")
        needed = {
            (STATIC / name).parent / other for other in re.findall(r'^import .* from "(.+)";', text, re.MULTILINE)
        }
        assert {x.resolve().relative_to(STATIC.resolve()).as_posix() for x in needed} <= named


def test_every_module_is_reached_from_some_view(live):
    views = [
        "/",
        *(f"/{x}" for x in "tracks similar map playlists write jobs settings".split()),
        "/tracks/0",
        "/analysis/0",
    ]
    with live.stranger() as anyone:
        named = set().union(*(preloaded(anyone, path) for path in views))
    assert named == {x.relative_to(STATIC).as_posix() for x in STATIC.glob("js/**/*.js")} - {"js/boot.js"}
