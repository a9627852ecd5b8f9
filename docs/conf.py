"""Settings of Sphinx. `make docs` builds the pages; the Markdown of most is readable without it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_sphinx"))

import getifs

project = "getifs"
author = "The getifs developers"
version = release = getifs.__version__
copyright = author

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon", "myst_parser", "reference"]
exclude_patterns = ["drawings"]
suppress_warnings = ["toc.empty_glob"]  # pages of optional parts
nitpicky = True

# Names in backquotes are Markdown's code, and links if they are names of this package: see _sphinx/reference.py.
default_role = "py:name"
myst_enable_extensions = ["attrs_block", "deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autosummary_generate = False
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_display_short_literal_types = True
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = f"getifs {release}"
html_theme_options = {
    "source_repository": "https://github.com/getifs/getifs/",
    "source_branch": "main",
    "source_directory": "docs/",
}
html_copy_source = False
html_show_copyright = False
