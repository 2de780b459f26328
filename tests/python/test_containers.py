"""Dicts and lists: building, merging, aliases, and code that may change them."""

from __future__ import annotations

import pytest

from .reading import Anything, Maybe, arguments, only, value


@pytest.mark.parametrize(
    "build",
    [
        "d = {'a': 1, 'b': 2}",
        "d = dict(a=1, b=2)",
        "d = dict([('a', 1)], b=2)",
        "d = {**{'a': 1}, 'b': 2}",
        "d = {'a': 1} | {'b': 2}",
        "d = {}\nd['a'] = 1\nd['b'] = 2",
        "d = {'a': 0}\nd.update(a=1, b=2)",
        "d = {'a': 0}\nd.update({'a': 1, 'b': 2})",
        "d = {'a': 0}\nd |= {'a': 1, 'b': 2}",
        "d = {'a': 1}\nd.setdefault('a', 5)\nd.setdefault('b', 2)",
        "d = {'a': 1, 'b': 2, 'c': 3}\nd.pop('c')",
        "d = {'a': 1, 'b': 2, 'c': 3}\ndel d['c']",
        "c = {'a': 1}\nd = c\nc['b'] = 2",
        "c = {'a': 1, 'b': 2}\nd = c.copy()\nc['b'] = 3",
        "import copy\nc = {'a': 1, 'b': 2}\nd = copy.deepcopy(c)\nc.clear()",
        "d = {k: v for k, v in zip('ab', (1, 2))}",
        "d = {}\nfor k, v in (('a', 1), ('b', 2)):\n    d[k] = v",
        "def f(x):\n    x['b'] = 2\nd = {'a': 1}\nf(d)",
        "def f(**kw):\n    return kw\nd = f(a=1, b=2)",
        "e = {'d': {'a': 1}}\nd = e['d']\ne['d']['b'] = 2",
        "from types import SimpleNamespace as N\nn = N(a=1)\nn.b = 2\nd = {'a': n.a, 'b': n.b}",
    ],
)
def test_a_known_dict(build: str) -> None:
    call = only(build + "\nSFTConfig(**d)")
    assert arguments(call) == {"a": 1, "b": 2}
    assert call.open is None


def test_a_key_of_one_branch_is_optional() -> None:
    call = only("d = {'a': 1}\nif flag():\n    d['b'] = 2\nelse:\n    d['a'] = 3\nSFTConfig(**d)")
    assert arguments(call) == {"a": Maybe((1, 3)), "b?": 2}
    assert call.open is None


def test_either_of_two_dicts() -> None:
    call = only("d = {'a': 1, 'b': 2} if flag() else {'a': 3}\nSFTConfig(**d)")
    assert arguments(call) == {"a": Maybe((1, 3)), "b?": 2}


@pytest.mark.parametrize(
    "change",
    [
        "opaque(d)",
        "opaque([d])",
        "opaque(x=d)",
        "l = [d]\nopaque(l)",
        "class A: pass\nA.d = d\nopaque(A)",
        "d[flag()] = 2",
        "d.update(flag())",
        "opaque(lambda: d.clear())",
        "def f(): d['a'] = 5\nopaque(f)",
        "m = d.update\nopaque(m)",
    ],
)
def test_code_that_may_change_a_dict_opens_it(change: str) -> None:
    call = only(f"d = {{'a': 1}}\n{change}\nSFTConfig(**d)")
    assert call.open is not None
    assert all(isinstance(found, (Anything, Maybe)) for found in arguments(call).values())


@pytest.mark.parametrize(
    "harmless",
    [
        "print(d)",
        "len(d)",
        "SFTTrainer(**d)",
        "SFTTrainer(x=d)",
        "import json\njson.dumps(d)",
        "str(d)",
        "list(d)",
        "sorted(d)",
        "d.get('z')",
        "for k in d: print(k)",
        "f'{d}'",
        "isinstance(d, dict)",
    ],
)
def test_reading_does_not_open_a_dict(harmless: str) -> None:
    call = only(f"d = {{'a': 1}}\n{harmless}\nSFTConfig(**d)")
    assert arguments(call) == {"a": 1}
    assert call.open is None


def test_unknown_splats_open_the_call() -> None:
    call = only("def f(p):\n    SFTConfig(a=1, **p)")
    assert arguments(call) == {"a": 1}
    assert call.open == "the parameter `p`"
    assert only("SFTConfig(*flag())").open is not None


def test_lists_are_followed() -> None:
    assert value("l = [1]\nk = l\nk.append(2)\nl += [3]\nl.extend((4,))\nl[0] = 0\nSFTConfig(x=l)") == [0, 2, 3, 4]
    assert value("l = [1]\nif flag(): l.append(2)\nSFTConfig(x=l)") == [1, ...]


def test_unpacking() -> None:
    assert value("a, (b, *c) = 1, (2, 3, 4)\nSFTConfig(x=[a, b, c])") == [1, 2, [3, 4]]
