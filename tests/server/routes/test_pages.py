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


def test_the_head_names_every_module_so_that_all_are_fetched_at_once(live):
    with live.stranger() as anyone:
        named = re.findall(r'rel="modulepreload" href="(/static/js/[\w/]+\.js)"', anyone.get("/tracks").text)
    modules = {f"/static/{path.relative_to(STATIC).as_posix()}" for path in STATIC.glob("js/**/*.js")}
    assert set(named) == modules - {"/static/js/boot.js"}
