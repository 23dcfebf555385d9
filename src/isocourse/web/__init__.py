"""The workbench: pages and a JSON interface over the same use cases as the command line. Needs the extra `web`."""

__all__ = ["desk", "server", "settings"]
