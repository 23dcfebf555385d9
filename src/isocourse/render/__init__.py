"""Answers as words for people and as JSON for machines."""
