"""Faces: what a package offers, each name imported when it is first asked for.

A face lists its names once, as imports under `if TYPE_CHECKING:`, where type checkers, editors and
readers find them; `face` makes those very names importable. So `import podprep` is quick, and torch is
loaded only where a model is. The idea is that of lazy loading in scientific Python (SPEC 1).
"""

import ast
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def face(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """What a package's `__init__` sets as `__getattr__`, `__dir__` and `__all__`.

    Args:
        package: its `__name__`.
        file: its `__file__`, in which the names are listed.
    """
    home = _listed(Path(file).read_text(encoding="utf-8"))

    def get(name: str) -> Any:
        """A name of the face, from its module."""
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f".{home[name]}", package), name)

    return get, lambda: sorted(home), list(home)


def _listed(source: str) -> dict[str, str]:
    """The names under `if TYPE_CHECKING:`, each with the module it is imported from."""
    blocks = [node for node in ast.parse(source).body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: node.module for node in imports for alias in node.names if node.module}
