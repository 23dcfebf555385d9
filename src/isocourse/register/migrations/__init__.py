"""The steps from one version of the tables to the next, run by Alembic. Nothing here is imported by other rooms."""

__all__: list[str] = []
