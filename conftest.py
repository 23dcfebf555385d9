"""Leaves out the examples of modules whose optional library is not installed."""

from importlib.util import find_spec

ROOM = "src/isocourse/kinetics/"
NEEDS = {
    "jax": ["jax_tile.py"],
    "numba": ["compiled_days.py", "compiled_maps.py", "compiled_tile.py"],
}
collect_ignore = [ROOM + module for package, modules in NEEDS.items() if not find_spec(package) for module in modules]
