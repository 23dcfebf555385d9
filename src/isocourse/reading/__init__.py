"""YAML to libraries and records, with every mistake named by file, line and column.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = [
    "book",
    "cases",
    "editions",
    "effects",
    "event_table",
    "facts",
    "forms",
    "instruments",
    "interactions",
    "kinetics",
    "library",
    "products",
    "records",
    "regimens",
    "safety",
    "said",
    "shelf",
    "sources",
    "tables",
    "timelines",
    "vocabulary",
    "yaml_text",
]
