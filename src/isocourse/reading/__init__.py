"""YAML to libraries and records, with every mistake named by file, line and column."""
