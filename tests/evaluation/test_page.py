"""Parts of a page."""

from earmark.evaluation.page import card, escape, page, paragraph, section, table


def test_text_is_escaped_and_parts_are_not():
    whole = page("a < b", [section("c & d", paragraph("<e>")), "", table(["f"], [["<g>"]])])

    assert "<title>a &lt; b</title>" in whole
    assert "<h2>c &amp; d</h2>\n<p>&lt;e&gt;</p></section>\n<div" in whole  # the empty part leaves no line
    assert "<td>&lt;g&gt;</td>" in whole


def test_figures_have_three_digits_and_undefined_ones_a_dash():
    assert "<td>0.500</td><td>–</td><td>7</td>" in table(["a", "b", "c"], [(0.5, None, 7)])
    assert "<b>0.250</b>" in card("accuracy", 0.25, (0.1, 0.4))
    assert "95 % interval 0.100 to 0.400" in card("accuracy", 0.25, (0.1, 0.4))
    assert "<b>–</b>" in card("accuracy", None)


def test_any_text_is_shown_as_text():
    assert escape('<script>\x1b[1m\u202e & "x"') == r"&lt;script&gt;\x1b[1m\u202e &amp; &quot;x&quot;"
    assert "<b>" not in page("<b>", [section("<b>"), paragraph("<b>\u2067")])
    assert "\u2067" not in paragraph("\u2067")
