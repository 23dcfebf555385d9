"""YAML to libraries and records, with every mistake named by file, line and column.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = [
    "book",
    "cases",
    "editions",
    "facts",
    "forms",
    "library",
    "records",
    "safety",
    "shelf",
    "sources",
    "tables",
    "vocabulary",
    "yaml_text",
]
