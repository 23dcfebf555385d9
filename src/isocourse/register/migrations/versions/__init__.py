"""One file for each version of the tables; a file that was released is never changed."""

__all__: list[str] = []
