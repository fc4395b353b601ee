"""`draftmill user`: add, passwd, remove, list."""

import argparse
import getpass
import sys
from contextlib import closing

from draftmill.commands.data_folder import Verbs, open_database
from draftmill.database.connection import transaction
from draftmill.settings import Settings


def add_verb(verbs: Verbs) -> None:
    """`draftmill user` and its acts."""
    user = verbs.add_parser("user", help="add, change, list or remove users")
    acts = user.add_subparsers(required=True, metavar="ACT")
    for name, run in (("add", add_user), ("passwd", change_password), ("remove", remove_user)):
        act = acts.add_parser(name)
        act.add_argument("email")
        act.set_defaults(run=run)
    acts.add_parser("list").set_defaults(run=list_users)


def add_user(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(open_database(chosen)) as db:
        user = users.add_user(db, options.email, _password())
        print(f"Added {user.email}.")
    return 0


def change_password(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(open_database(chosen)) as db:
        users.set_password(db, users.by_email(db, options.email).id, _password())
        print(f"The password of {options.email} is changed, and its sessions are ended.")
    return 0


def remove_user(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users
    from draftmill.projects import deletion

    with closing(open_database(chosen)) as db:
        user = users.by_email(db, options.email)
        with transaction(db):
            owned = deletion.delete_projects_of(db, user.id)
            users.remove(db, user)
        for project_id in owned:
            deletion.remove_files(chosen, project_id)
        print(f"Removed {user.email} and everything of theirs.")
    return 0


def list_users(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(open_database(chosen)) as db:
        for user in users.everyone(db):
            print(f"{user.email}\t{user.role}\t{user.name}")
    return 0


def _password() -> str:
    """From standard input, or asked for at a terminal."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
