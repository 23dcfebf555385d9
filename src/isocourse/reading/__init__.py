"""YAML to libraries and records, with every mistake named by file, line and column.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = [
    "book",
    "cases",
    "editions",
    "event_table",
    "facts",
    "forms",
    "kinetics",
    "library",
    "records",
    "regimens",
    "safety",
    "shelf",
    "sources",
    "tables",
    "vocabulary",
    "yaml_text",
]
