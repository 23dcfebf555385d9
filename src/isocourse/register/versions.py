"""Which version of the tables a register has, and the steps to the newest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from isocourse.register.database import reading, writing
from isocourse.register.problem import RegisterError, VersionError

VERSION = "0006"
"""The version that this program reads and writes."""


def version_of(engine: Engine) -> str:
    """The version of the tables; empty where there are none."""
    with reading(engine) as connection:
        return _version(connection)


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def require_newest(engine: Engine) -> None:
    """Whether the register can be used as it is.

    Raises:
        RegisterError: there is none, or its tables are older or newer than this program's.
    """
    found, where = version_of(engine), engine.url.render_as_string()
    if found == VERSION:
        return
    if not found:
        raise RegisterError.of(
            "no_tables", "{where}: there is no register here yet; make one with `isocourse register init`", where=where
        )
    if found > VERSION:
        raise VersionError.of(
            "newer",
            "{where}: its tables are of version {found}, of a newer isocourse; this one reads {ours}. Update it. Nothing was written.",
            where=where,
            found=found,
            ours=VERSION,
        )
    raise VersionError.of(
        "older",
        "{where}: its tables are of version {found}, this isocourse writes version {ours}; make a copy of it, "
        "then run `isocourse register upgrade`. Nothing was written.",
        where=where,
        found=found,
        ours=VERSION,
    )


def upgrade(engine: Engine, to: str = "head", then: Callable[[Connection], int] = lambda _: 0) -> int:
    """Takes the tables to a version, all steps in one transaction with what is to be done `then`: all of it, or nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        return then(connection)
