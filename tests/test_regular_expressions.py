"""No regular expression of the package may hold the event loop, whatever text it meets."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import bot
from tests.support.hostile_texts import hostile

MOST_SECONDS = 0.25  # linear takes a hundredth of it, cubic an hour
LONGEST = 600  # seconds for a child that takes ten by its own clock, however busy the machine is
FUNCTIONS = {"compile", "match", "search", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
FLAGS_AT = {"compile": 1, "split": 3, "sub": 4, "subn": 4}  # where a call has its flags; else third

Expression = tuple[str, int]


def modules() -> Iterator[ModuleType]:
    """All of the package that can be imported here; what needs more to be installed has no text to look at."""
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        if found.name != "bot.__main__" and "migrations" not in found.name:
            yield importlib.import_module(found.name)
    yield importlib.import_module("bot.__main__")


def expressions() -> dict[str, Expression]:
    """Every regular expression in the package, by where it stands."""
    found = {}
    for module in modules():
        assert module.__file__
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_re(node.func):
                found[f"{module.__name__}:{node.lineno}:{node.col_offset}"] = _expression(node, module)
    return found


def _is_re(called: ast.expr) -> bool:
    whose = called.value if isinstance(called, ast.Attribute) else None
    return (
        isinstance(called, ast.Attribute)
        and called.attr in FUNCTIONS
        and isinstance(whose, ast.Name)
        and whose.id == "re"
    )


def _expression(call: ast.Call, module: ModuleType) -> Expression:
    """What a call of ``re`` is given, as its module knows it; values that only a function knows are letters."""
    assert isinstance(call.func, ast.Attribute)
    first, flags_at = call.args[0], FLAGS_AT.get(call.func.attr, 2)
    given = [word.value for word in call.keywords if word.arg == "flags"] + call.args[flags_at : flags_at + 1]
    pattern = _value(_Lettered().visit(first) if isinstance(first, ast.JoinedStr) else first, module)
    flags = _value(given[0], module) if given else 0
    if isinstance(pattern, re.Pattern):
        return str(pattern.pattern), pattern.flags
    return str(pattern), int(flags)


def _value(node: ast.expr, module: ModuleType) -> Any:
    code = compile(ast.fix_missing_locations(ast.Expression(node)), "<pattern>", "eval")
    return eval(code, dict(vars(module)) | dict.fromkeys(_unknown(node, module), "a"))


def _unknown(node: ast.expr, module: ModuleType) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return {name for name in names if name not in vars(module) and name not in dir(__builtins__)}


class _Lettered(ast.NodeTransformer):
    """Takes a letter for what a function puts into an expression by calling something."""

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        return ast.Constant("a") if isinstance(node.value, ast.Call) else node


def seconds(asked: dict[str, Expression]) -> dict[str, float]:
    """How long each expression takes for its worst text, measured by a child that is killed if it hangs."""
    lines = [json.dumps([pattern, flags, hostile(pattern, flags)]) for pattern, flags in asked.values()]
    child = [sys.executable, str(Path(__file__).with_name("support") / "regular_expressions.py")]
    try:
        done = subprocess.run(
            child, input="\n".join(lines), capture_output=True, text=True, timeout=LONGEST, check=True
        )
        told = done.stdout
    except subprocess.TimeoutExpired as error:
        told = (error.stdout or b"").decode()
    measured = dict(zip(asked, map(float, told.split()), strict=False))
    return {name: measured.get(name, float(LONGEST)) for name in asked}


@pytest.mark.long
def test_no_expression_of_the_package_takes_long_for_any_text() -> None:
    """One reply must not keep the whole workspace waiting."""
    found = expressions()
    assert "bot.service.reply_rules" in str(found)
    slow = {f"{name} {found[name][0]}": spent for name, spent in seconds(found).items() if spent > MOST_SECONDS}
    assert slow == {}


def test_expressions_that_try_all_ways_are_caught() -> None:
    """A sieve that holds nothing back proves nothing."""
    exponential = [r"(?::[\w+-]+:|[^\w?]|_)+$", r"(?:\s*,\s*|\s)*;"]
    cubic = [r"\s*/?\s*=?\s*x", r"(.*?,){3}x"]
    linear = [r"(?::[\w+-]++:|[^\w?:])++", r"[^<>]*+>", r"<@\w+(?:\|[^<>]*)?>", r"\A\s+", "a{1,9}b"]
    spent = seconds({pattern: (pattern, 0) for pattern in [*exponential, *cubic, *linear]})
    assert {pattern for pattern, taken in spent.items() if taken > MOST_SECONDS} == {*exponential, *cubic}
