"""The report of a whole evaluation: it stands alone, and holds every part."""

import re
from html.parser import HTMLParser

import pytest

from tones import measured


class Page(HTMLParser):
    """Collects tags and whatever would be loaded from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.loads, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes) -> None:
        self.tags.append(tag)
        links = [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        self.loads += [link for link in links if not link.startswith(("#", "data:"))]


@pytest.mark.parametrize("columns", [["pitch"], ["low tone", "high tone"]])
def test_the_report_stands_alone_and_holds_every_part(pitch_model, tones, tmp_path, columns):
    found = measured(pitch_model, tones, columns, tmp_path / "out", report=True, naive_too=True)
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    page = Page(text)

    assert page.loads == []
    assert "script" not in page.tags
    assert not re.search(r"url\((?!#)", text)
    assert page.tags.count("svg") >= 4
    for part in ("worst mistakes", "What the model puts together", "checked for leakage", "random split", "mean what"):
        assert part in text
    figure = found["accuracy"] if columns == ["pitch"] else found["roc_auc"]["macro"]
    assert f"<b>{figure:.3f}</b>" in text


def test_the_mislabelled_file_is_the_worst_mistake(pitch_model, tones, tmp_path):
    measured(pitch_model, tones, ["pitch"], tmp_path / "out", report=True)
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    mistakes = text[text.index("The worst mistakes") :]
    assert re.findall(r"<code>(.*?)</code>", mistakes) == ["high/3.wav"]
    assert "said low" in mistakes
