"""Predicates as objects: combination, text, copies, pickles and docstrings."""

import copy
import functools
import inspect
import operator
import pickle
import pydoc
from collections.abc import Callable
from typing import Any

import pytest
from recorded import changed, rows, tables

import getifs
from getifs import Flags, RouteProtocol, filters, rfc
from getifs._predicates.compiler import program_for
from getifs._predicates.tree import Predicate

NAMES = {name: getattr(filters, name) for name in filters.__all__}
READY_MADE = {
    **{name: value for name, value in NAMES.items() if isinstance(value, Predicate)},
    **{f"rfc.{name}": value for name, value in vars(rfc).items() if isinstance(value, Predicate)},
}


# The repr() of a predicate is the expression that made it.
WRITTEN = """
up
~up
~~up
up & running
up | running
up & running & kind('veth')
up & (running & kind('veth'))
up | running | kind('veth')
up | (running | kind('veth'))
up & running | kind('veth')
(up | running) & kind('veth')
up & (running | kind('veth'))
up | running & kind('veth')
up & ~(named('eth*') | kind('veth'))
~(up & running)
~up & running
~(~up | running) & ~(up & ~running)
(up & running) | (up & running)
local & ~private
public | rfc.RFC1918 & ~rfc.FORWARDING_BLACKLIST
within('10.0.0.0/8')
within('10.0.0.0/8', '2001:db8::/32')
ipv6 & (temporary | deprecated | tentative)
default_route & in_table(254) & protocol('kernel') | has_gateway & protocol(99)
on(3) | on('lo')
has_flags(65)
has_flags(Flags.UP)
has_flags(Flags.UP | Flags.LOWER_UP)
has_flags(Flags.UP | 2147483648)
has_flags('UP', Flags.RUNNING, 65536)
protocol(RouteProtocol.BGP)
protocol('kernel', RouteProtocol.BGP, 99)
in_table('main', 100)
lower_up & ~kind('veth', 'bridge') | named('eth*', 'wlan*')
covers('192.0.2.1') & ~covers('fe80::1%eth0')
named("it's")
named('\\udcff*')
"""


def evaluated(text: str) -> Predicate:
    found = eval(text, {**NAMES, "rfc": rfc, "Flags": Flags, "RouteProtocol": RouteProtocol})  # noqa: S307
    assert isinstance(found, Predicate)
    return found


@pytest.mark.parametrize("text", WRITTEN.strip().splitlines())
def test_printed_as_written(text: str) -> None:
    predicate = evaluated(text)
    # Redundant parentheses are not printed.
    assert repr(predicate) == text.replace("(up & running) | (up & running)", "up & running | up & running")


def test_functions_print_their_name() -> None:
    def is_large(row: getifs.Interface) -> bool:
        return row.mtu > 1500

    assert repr(filters.up & is_large) == "up & is_large"
    assert repr(is_large | filters.up) == "is_large | up"
    assert repr(filters.up & ~(filters.running | (lambda _: True))) == "up & ~(running | <lambda>)"
    assert repr(filters.up & functools.partial(is_large)).startswith("up & functools.partial(")


@pytest.mark.parametrize("other", [1, "up", None, ["up"], Flags.UP])
@pytest.mark.parametrize("operation", [operator.and_, operator.or_])
def test_combined_with_functions_only(other: object, operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        operation(filters.up, other)
    with pytest.raises(TypeError, match="unsupported operand"):
        operation(other, filters.up)


def test_no_truth_value() -> None:
    """Otherwise `up and running` would be `running`, and `not up` would be False."""
    for predicate in (
        filters.up,
        ~filters.up,
        filters.up & filters.running,
        rfc.RFC1918,
        filters.named("*"),
        filters.private,
    ):
        with pytest.raises(TypeError, match=r"truth value.*&"):
            bool(predicate)
    with pytest.raises(TypeError, match="truth value"):
        filters.up and filters.running
    with pytest.raises(TypeError, match="truth value"):
        not filters.up


# Copies.

COPIES: list[Callable[[Predicate], Predicate]] = [
    copy.copy,
    copy.deepcopy,
    *(
        lambda predicate, protocol=protocol: pickle.loads(pickle.dumps(predicate, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
]
every_copy = pytest.mark.parametrize("copied", COPIES)


def is_large(row: getifs.Interface) -> bool:
    return row.mtu > 1500


@every_copy
@pytest.mark.parametrize("name", READY_MADE)
def test_copy_of_a_ready_made_predicate_is_the_same_object(name: str, copied: Callable[[Predicate], Predicate]) -> None:
    predicate = READY_MADE[name]
    assert copied(predicate) is predicate
    inside = copied(predicate | filters.on(1))
    assert isinstance(inside, type(predicate | filters.on(1)))
    assert inside._parts[0] is predicate  # type: ignore[attr-defined]


@every_copy
@pytest.mark.parametrize("text", WRITTEN.strip().splitlines())
def test_copies_print_and_select_the_same(text: str, copied: Callable[[Predicate], Predicate]) -> None:
    predicate = evaluated(text)
    other = copied(predicate)
    assert type(other) is type(predicate)
    assert repr(other) == repr(predicate)
    for kind in (getifs.Interface, getifs.IfNet, getifs.Route):
        for table in tables(kind)[::5]:
            assert chosen(table, other) == chosen(table, predicate)


def chosen(table: getifs.Table[Any], predicate: Predicate) -> list[Any] | str:
    """The rows that match, equal in C and in Python, or the text of the TypeError."""
    try:
        found = list(table.where(predicate))
    except TypeError as error:
        return str(error)
    assert [row for row in table if predicate(row)] == found
    return found


@every_copy
def test_copies_with_a_function(copied: Callable[[Predicate], Predicate]) -> None:
    predicate = copied(filters.up & ~(is_large & filters.running))
    assert repr(predicate) == "up & ~(is_large & running)"
    row = rows(getifs.Interface)[0]
    assert [predicate(changed(row, flags=0x41, mtu=mtu)) for mtu in (1500, 1501)] == [True, False]


def test_pickle_of_a_lambda_fails_as_usual() -> None:
    def error_of(thing: object) -> tuple[type, str]:
        with pytest.raises(Exception, match="pickle") as caught:
            pickle.dumps(thing)
        return caught.type, str(caught.value)

    function: Callable[[Any], bool] = lambda _: True  # noqa: E731
    assert error_of(filters.up & function) == error_of(function)
    assert repr(copy.deepcopy(filters.up & function)) == "up & <lambda>"


def test_caches_are_not_pickled() -> None:
    predicate = filters.on(3) & filters.named("eth*") & ~filters.up
    before = pickle.dumps(predicate)
    row = rows(getifs.Interface)[0]
    assert program_for(predicate, getifs.Interface) is not None
    assert predicate(changed(row, index=3)) is False
    assert pickle.dumps(predicate) == before
    assert program_for(copy.copy(predicate), getifs.Interface) is not program_for(predicate, getifs.Interface)


# Docstrings.


@pytest.mark.parametrize("name", READY_MADE)
def test_ready_made_predicates_have_docstrings_of_their_own(name: str) -> None:
    predicate = READY_MADE[name]
    text = predicate.__doc__
    assert text
    assert inspect.getdoc(predicate) == inspect.cleandoc(text)
    assert text not in {cls.__doc__ for cls in type(predicate).__mro__}
    assert text.splitlines()[0] in pydoc.plain(pydoc.render_doc(predicate))
    assert predicate.__module__ == f"{getifs.__name__}.{'rfc' if name.startswith('rfc.') else 'filters'}"


def test_docstrings_are_all_different() -> None:
    texts = [value.__doc__ for name, value in READY_MADE.items() if not name.startswith("rfc.")]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", [name for name, value in NAMES.items() if not isinstance(value, Predicate)])
def test_functions_have_docstrings(name: str) -> None:
    assert NAMES[name].__doc__


def test_predicate_is_a_public_class() -> None:
    assert (Predicate.__module__, Predicate.__qualname__) == (getifs.__name__, "Predicate")
    assert "where=" in (Predicate.__doc__ or "")
    assert not [name for name in vars(Predicate) if not name.startswith("_")]


@pytest.mark.parametrize("name", READY_MADE)
def test_docstring_says_which_rows_are_taken(name: str) -> None:
    """Docstrings of predicates that do not take addresses name the classes of rows that they take."""
    predicate = READY_MADE[name]
    text = (predicate.__doc__ or "").replace("`", "")
    kinds = ("Interface", "IfNet", "IfAddr", "Route", "NextHop", "Neighbour", "Rule")
    taken = []
    for kind in kinds:
        try:
            predicate._expression(getattr(getifs, kind))
        except TypeError:
            continue
        taken.append(kind)
    if taken != ["IfNet", "IfAddr", "Route", "Neighbour"]:
        assert f"Takes {' and '.join(taken)}." in text
