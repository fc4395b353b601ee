"""`draftmill user`: add, passwd, remove, list."""

import argparse
import getpass
import sys
from contextlib import closing

from draftmill.commands.data_folder import Verbs, open_database
from draftmill.database.connection import transaction
from draftmill.letters import printable
from draftmill.settings import Settings


def add_verb(verbs: Verbs) -> None:
    """`draftmill user` and its acts."""
    user = verbs.add_parser("user", help="add, change, list or remove users")
    acts = user.add_subparsers(required=True, metavar="ACT")
    for name, run in (("add", add_user), ("passwd", change_password), ("remove", remove_user)):
        act = acts.add_parser(name)
        act.add_argument("email")
        act.set_defaults(run=run)
        if name == "passwd":
            act.add_argument("--revoke-tokens", action="store_true", help="also end its tokens")
    acts.add_parser("list").set_defaults(run=list_users)


def add_user(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(open_database(chosen)) as db:
        user = users.add_user(db, options.email, _password())
        print(f"Added {user.email}.")
    return 0


def change_password(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(open_database(chosen)) as db:
        user = users.by_email(db, options.email)
        users.set_password(db, user.id, _password(), revoke_tokens=options.revoke_tokens)
        print(f"The password of {user.email} is changed, and its sessions are ended.")
        if kept := len(tokens.tokens_of(db, user.id)):
            still = "1 token of it still works" if kept == 1 else f"{kept} tokens of it still work"
            print(f"{still}: --revoke-tokens ends them too.")
    return 0


def remove_user(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users
    from draftmill.projects import deletion
    from draftmill.uploads import resumable

    with closing(open_database(chosen)) as db:
        user = users.by_email(db, options.email)
        with transaction(db):
            owned = deletion.delete_projects_of(db, user.id)
            uploads = resumable.ids_of(db, user.id)
            users.remove(db, user)
        for project_id in owned:
            deletion.remove_files(chosen, project_id)
        for upload_id in uploads:
            resumable.discard(db, chosen, upload_id)
        print(f"Removed {user.email} and everything of theirs.")
    return 0


def list_users(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(open_database(chosen)) as db:
        for user in users.everyone(db):
            print("\t".join(map(printable, (user.email, user.role, user.name))))
    return 0


def _password() -> str:
    """From standard input, or asked for at a terminal."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
