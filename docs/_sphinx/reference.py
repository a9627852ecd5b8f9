"""What the reference needs of Sphinx: docstrings with Markdown's code, links to types, tables of predicates.

Docstrings have code in single backquotes and examples that are only indented, as editors show them best.
"""

from __future__ import annotations

import importlib
import inspect
import re
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import signature, stringify_signature
from sphinx.util.logging import getLogger

import getifs
from getifs import errors, filters, probe, replay, rfc, session

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

OUTSIDE = re.compile(r"\]\(\.\./(?=[A-Za-z])")  # links from docs/ to other files of the repository
SUFFIX = re.compile(r"(`[^`]+`)(?=[a-z])")
REPOSITORY = "https://github.com/getifs/getifs/blob/main/"
logger = getLogger(__name__)
PYTHON = "https://docs.python.org/3/library/"
BUILTIN = re.compile(r"(builtins\.)?([a-z]+|[A-Z]\w*Error|None|Ellipsis)")
STANDARD = ("asyncio", "collections.abc", "enum", "ipaddress", "os", "socket", "typing")
# Names in annotations that stand for something that is explained with the attribute.
ALIASES = {"Bytes", "AnyRow", "Result", "AllRoutes", "getifs.session.Queries", "Self", "typing_extensions.Self"}


class NameRole(XRefRole):
    """The role of text in backquotes: a link if it is a name of this package, otherwise code. `~` is an operator."""

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,  # noqa: ARG002  # of the base
        title: str,
        target: str,
    ) -> tuple[str, str]:
        refnode["py:module"] = env.ref_context.get("py:module")
        refnode["py:class"] = env.ref_context.get("py:class")
        return title, target


def link_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Node | None:
    """A name that this package does not have: code, or a link to the documentation of Python."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    module = target.rpartition(".")[0]
    if module in STANDARD:
        return nodes.reference("", "", content, refuri=f"{PYTHON}{module}.html#{target}", internal=False)
    if target.startswith("getifs.enums."):  # annotations of lazy modules
        name = f"getifs.{target.rpartition('.')[2]}"
        return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "class", name, node, content)
    if node["reftype"] == "name" or target in ALIASES or BUILTIN.fullmatch(target):
        return content
    return None


def sign_queries(
    _app: Sphinx, _what: str, _name: str, obj: object, _options: object, _signature: object, _returns: object
) -> tuple[str, str] | None:
    """The functions of the module are bound methods, whose first argument is bound already."""
    if not inspect.ismethod(obj) or not isinstance(obj.__self__, session.Queries):
        return None
    text = stringify_signature(signature(obj.__func__, bound_method=True), unqualified_typehints=True)
    arguments, _, returned = text.rpartition(" -> ")
    return arguments, returned


def link_outside(_app: Sphinx, name: str, source: list[str]) -> None:
    """Files outside of docs/ are not in the built pages: links lead to the repository."""
    if "/" not in name:
        source[0] = OUTSIDE.sub(f"]({REPOSITORY}", source[0])


def as_restructured_text(_app: Sphinx, what: str, _name: str, _obj: object, _options: object, lines: list[str]) -> None:
    """Marks examples, indented text after an ordinary paragraph, as code. Separates code from a suffix: `Event`s."""
    # An empty comment keeps napoleon from reading "text: text" as a type and a description.
    found = ["..", ""] if what in ("attribute", "data", "property") else []
    in_section = in_code = False
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if line and not indent:
            in_section = line.startswith(("- ", "Args:", "Attributes:", "Returns:", "Raises:"))
            in_code = False
        elif indent >= 4 and not in_section and not in_code and not found[-1].strip():
            found += [".. code-block:: python", ""]
            in_code = True
        found.append(line if in_code else SUFFIX.sub(r"\1\\ ", line))
    lines[:] = found


def members(module: object) -> list[str]:
    """The public names of a module."""
    names = getattr(module, "__all__", None)
    if names is None:
        own = module.__name__  # type: ignore[attr-defined]
        names = [name for name, value in vars(module).items() if inspect.isfunction(value) and value.__module__ == own]
    return [name for name in names if not name.startswith("_")]


class Predicates(SphinxDirective):
    """`.. predicates:: filters`: a table of the predicates of a module, and a target for each of them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = importlib.import_module(f"getifs.{self.arguments[0]}")
        table = [".. list-table::", "   :header-rows: 1", "   :widths: 25 20 55", ""]
        table += ["   * - predicate", "     - takes", "     - accepts"]
        targets = []
        for name in members(module):
            value = getattr(module, name)
            if not callable(value) or inspect.isclass(value) or name == "get":
                continue
            makes_one = inspect.isfunction(value)
            if not makes_one:
                targets += [f".. py:data:: {name}", "   :no-typesetting:", ""]
            summary = (value.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
            meaning, _, takes = summary.partition(" Takes ")
            table.append(f"   * - :py:obj:`{name}{'(…)' * makes_one} <{module.__name__}.{name}>`")
            table.append(f"     - {takes.rstrip('.') or 'rows with an address, addresses'}")
            table.append(f"     - {meaning}")
        found = nodes.container()
        self.state.nested_parse(StringList([*targets, "", *table], source=module.__name__), 0, found)
        return found.children


def check_complete(_app: Sphinx, env: BuildEnvironment) -> None:
    """Each public name must be in the reference."""
    known = env.domains["py"].objects  # type: ignore[attr-defined]
    public = [f"getifs.{name}" for name in getifs.__all__ if not inspect.ismodule(getattr(getifs, name))]
    for module in (errors, filters, probe, replay, rfc):
        within = "getifs" if module is errors else module.__name__
        public += [f"{within}.{name}" for name in members(module)]
    for name in public:
        if name not in known:
            logger.warning("%s is not in the reference", name)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role_to_domain("py", "name", NameRole(innernodeclass=nodes.literal))
    app.connect("source-read", link_outside)
    app.connect("missing-reference", link_name)
    app.connect("autodoc-process-signature", sign_queries)
    app.connect("autodoc-process-docstring", as_restructured_text, priority=100)  # before napoleon
    app.connect("env-check-consistency", check_complete)
    app.add_directive("predicates", Predicates)
    return {"parallel_read_safe": True}
