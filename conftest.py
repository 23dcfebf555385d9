"""Leaves out the examples of modules that cannot be imported alone, or whose optional library is not installed."""

from importlib.util import find_spec

ROOM = "src/isocourse/kinetics/"
NEEDS = {
    "jax": ["jax_tile.py"],
    "numba": ["compiled_days.py", "compiled_maps.py", "compiled_tile.py"],
}
MIGRATIONS = "src/isocourse/register/migrations"
"""Run by Alembic, which sets them up; they cannot be imported alone."""

collect_ignore = [
    MIGRATIONS,
    *(ROOM + module for package, modules in NEEDS.items() if not find_spec(package) for module in modules),
]
