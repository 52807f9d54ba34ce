"""The code of an entry in one of the engine's registries, as it stands in its file."""

import ast
import inspect
from functools import lru_cache
from textwrap import dedent
from types import ModuleType


@lru_cache(maxsize=128)
def entry_source(module: ModuleType, table: str, key: str) -> str:
    """The lines of `table[key]` in `module`, and of all functions of the module that they name.

    Raises `KeyError` where there is no such entry.
    """
    text = inspect.getsource(module)
    tree = ast.parse(text)
    entry = _entry(tree, table, key)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return "\n\n\n".join([*(ast.get_source_segment(text, f) for f in _named(entry, functions)), _cut(text, entry)])


def _entry(tree: ast.Module, table: str, key: str) -> ast.expr:
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == table:
            entries = {k.value: value for k, value in zip(node.value.keys, node.value.values, strict=True)}
            return entries[key]
    raise KeyError(table)


def _named(node: ast.AST, functions: dict) -> list[ast.FunctionDef]:
    """The functions that a piece of code names, and those that they name, first those that others build upon."""
    found: dict[str, ast.FunctionDef] = {}
    for inner in ast.walk(node):
        name = getattr(inner, "id", "")
        if name in functions and name not in found:
            found |= {f.name: f for f in _named(functions[name], {k: v for k, v in functions.items() if k != name})}
            found[name] = functions[name]
    return list(found.values())


def _cut(text: str, node: ast.expr) -> str:
    return dedent("\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno]))
