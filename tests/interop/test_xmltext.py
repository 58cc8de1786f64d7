from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from earmark.interop.xmltext import xml_text


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_read_again(text):
    element = ET.Element("a")
    element.text = xml_text(text)
    again = ET.fromstring(ET.tostring(element, "utf-8")).text or ""
    assert again == element.text.replace("\r\n", "\n").replace("\r", "\n")  # as XML reads the ends of lines


def test_ordinary_text_stays():
    assert xml_text("Ж & <a>\x00\ufffe") == "Ж & <a>"
