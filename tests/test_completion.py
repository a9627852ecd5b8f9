"""Completions and docstrings in editors, tested with jedi, which reads the source without running it."""

import inspect
from pathlib import Path

import jedi
import pytest

import getifs
from getifs import filters, rfc
from getifs._predicates.tree import Predicate

PREDICATES = {
    **{f"filters.{name}": getattr(filters, name) for name in filters.__all__},
    **{f"rfc.{name}": value for name, value in vars(rfc).items() if isinstance(value, Predicate)},
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jedi.settings, "cache_directory", str(tmp_path))


def script(code: str) -> jedi.Script:
    project = jedi.Project(Path(getifs.__file__).parents[1])
    return jedi.Script(code, project=project, environment=jedi.InterpreterEnvironment())


def completions(code: str) -> dict[str, str]:
    """The completions of the code: names and the docstrings that an editor shows."""
    return {found.name: found.docstring() for found in script(code).complete()}


def shown(name: str) -> str:
    """The docstring that an editor shows for an attribute under the cursor."""
    (found,) = script(f"from getifs import filters, rfc\n{name}").help()
    return found.docstring()


@pytest.mark.parametrize("module", ["filters", "rfc"])
def test_completion_shows_the_docstring_of_each_predicate(module: str) -> None:
    found = completions(f"from getifs import {module}\n{module}.")
    for name, value in PREDICATES.items():
        if name.startswith(f"{module}."):
            assert inspect.getdoc(value) in found[name.removeprefix(f"{module}.")]


@pytest.mark.parametrize("name", PREDICATES)
def test_help_shows_the_docstring_of_a_predicate(name: str) -> None:
    assert inspect.getdoc(PREDICATES[name]) in shown(name)


@pytest.mark.parametrize("name", ["filters.private", "filters.up", "rfc.RFC1918"])
def test_predicates_are_known_as_predicates(name: str) -> None:
    (found,) = script(f"from getifs import filters, rfc\n{name}").infer()
    assert found.name in ("Predicate", "AddressSet")


def test_completion_lists_what_the_package_loads_lazily() -> None:
    found = completions("import getifs\ngetifs.")
    assert set(getifs.__all__) <= found.keys()
    for name in ("interfaces", "route_table", "Interface"):
        assert inspect.getdoc(getattr(getifs, name)) in found[name], name
