"""The data folder and its database, made when they are missing."""

import argparse
import os
import sqlite3
from typing import TypeAlias

from draftmill.database.connection import connect, prepare
from draftmill.errors import Problem
from draftmill.settings import Settings

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class NoDataFolder(Problem):
    code = "no_data_folder"
    default_hint = "Set DRAFTMILL_DATA to another folder."


def make_data_folder(chosen: Settings) -> None:
    """Make the folder of the settings. Raises NoDataFolder."""
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoDataFolder(
            f"The data folder {chosen.data} cannot be made: {error.strerror}."
        ) from None


def open_database(chosen: Settings) -> sqlite3.Connection:
    """A connection to the database, which is made or brought up to date first."""
    os.umask(0o077)
    make_data_folder(chosen)
    prepare(chosen.database)
    return connect(chosen.database)
