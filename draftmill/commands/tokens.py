"""`draftmill token`: add, list, revoke."""

import argparse
from contextlib import closing

from draftmill.commands.data_folder import Verbs, open_database
from draftmill.letters import printable
from draftmill.settings import Settings


def add_verb(verbs: Verbs) -> None:
    """`draftmill token` and its acts."""
    token = verbs.add_parser("token", help="add, list or revoke tokens for programs")
    acts = token.add_subparsers(required=True, metavar="ACT")
    add = acts.add_parser("add", help="print a new token, once")
    add.add_argument("email")
    add.add_argument("--name", help="what the token is for")
    add.set_defaults(run=add_token)
    listed = acts.add_parser("list")
    listed.add_argument("email")
    listed.set_defaults(run=list_tokens)
    revoke = acts.add_parser("revoke")
    revoke.add_argument("email")
    revoke.add_argument("id", type=int, help="its number, as token list shows it")
    revoke.set_defaults(run=revoke_token)


def add_token(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(open_database(chosen)) as db:
        user = users.by_email(db, options.email)
        name = options.name or tokens.free_name(db, user.id, "command line")
        print(tokens.add(db, user.id, name))
    return 0


def list_tokens(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(open_database(chosen)) as db:
        for token in tokens.tokens_of(db, users.by_email(db, options.email).id):
            print(f"{token.id}\t{printable(token.name)}\t{token.last_used_at or 'never used'}")
    return 0


def revoke_token(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(open_database(chosen)) as db:
        tokens.revoke(db, users.by_email(db, options.email).id, options.id)
        print(f"Revoked token {options.id}.")
    return 0
