"""How `make docs` builds the site: Sphinx, offline, of the pages beside this file and the docstrings."""

import re

import earmark

project = "earmark"
author = copyright = "The earmark maintainers"
version = release = earmark.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
exclude_patterns = ["_build"]
nitpicky = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_mock_imports = ["torch", "pytorch_lightning"]
napoleon_numpy_docstring = True
napoleon_google_docstring = False

html_theme = "furo"
html_title = f"earmark {version}"
html_copy_source = html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}
man_pages = [("commands", "earmark", "listens to a music collection", author, 1)]

SECTION, ROW = re.compile(r"(Parameters|Attributes|Raises)$"), re.compile(r"(\*{0,2}\w+(?:, \w+)*) : (.+)")


def describe_in_a_line(app, what, name, obj, options, lines):
    """Docstrings here say what a parameter is behind the colon, where numpydoc has its type: move that a line down."""
    within = False
    for i, line in enumerate(lines):
        if SECTION.match(line):
            within = True
        elif not line.strip():
            within = False
        elif within and (row := ROW.fullmatch(line)):
            lines[i] = f"{row[1]}\n    {row[2]}"
    lines[:] = "\n".join(lines).split("\n")


def setup(app):
    """Called by Sphinx; napoleon reads the docstrings after this."""
    app.connect("autodoc-process-docstring", describe_in_a_line, priority=400)
