"""The command line: `python -m draftmill VERB`. The same verbs as the web, from a terminal."""

import argparse
import getpass
import logging
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from draftmill import __version__, settings
from draftmill.database.connection import connect, prepare, transaction
from draftmill.errors import Problem
from draftmill.settings import Settings

INNER_VERBS = (["worker"], ["work"], ["probe"])


def main(arguments: list[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 2 after a refusal, told in one line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(inner=arguments[:1] in INNER_VERBS).parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        code: int = options.run(settings.load(), options)
    except Problem as problem:
        print(f"draftmill: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _parser(inner: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="draftmill", description="Turn a recording into drafts worth publishing."
    )
    parser.add_argument("--version", action="version", version=f"draftmill {__version__}")
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB")
    serve = verbs.add_parser("serve", help="start the web pages and the workers")
    serve.set_defaults(run=_serve)
    draft = verbs.add_parser("draft", help="write drafts from one recording, without a server")
    draft.add_argument("recording", type=Path)
    draft.add_argument("--types", default="blog", help="comma-separated, such as blog,twitter")
    draft.add_argument("--out", type=Path, default=Path("drafts"), help="folder for the drafts")
    draft.add_argument("--title", default="", help="the title, instead of one that is guessed")
    draft.add_argument("--any-language", action="store_true", help="even if it sounds foreign")
    draft.set_defaults(run=_draft)
    doctor = verbs.add_parser("doctor", help="see whether all is well, and what to do if not")
    doctor.set_defaults(run=_doctor)
    _add_user_verbs(verbs)
    _add_token_verbs(verbs)
    if inner:
        _add_inner_verbs(verbs)
    return parser


def _add_user_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    user = verbs.add_parser("user", help="add, change, list or remove users")
    acts = user.add_subparsers(required=True, metavar="ACT")
    for name, run in (("add", _user_add), ("passwd", _user_passwd), ("remove", _user_remove)):
        act = acts.add_parser(name)
        act.add_argument("email")
        act.set_defaults(run=run)
    acts.add_parser("list").set_defaults(run=_user_list)


def _add_token_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    token = verbs.add_parser("token", help="add, list or revoke tokens for programs")
    acts = token.add_subparsers(required=True, metavar="ACT")
    add = acts.add_parser("add", help="print a new token, once")
    add.add_argument("email")
    add.add_argument("--name", help="what the token is for")
    add.set_defaults(run=_token_add)
    listed = acts.add_parser("list")
    listed.add_argument("email")
    listed.set_defaults(run=_token_list)
    revoke = acts.add_parser("revoke")
    revoke.add_argument("email")
    revoke.add_argument("id", type=int, help="its number, as token list shows it")
    revoke.set_defaults(run=_token_revoke)


def _add_inner_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Verbs that Draftmill calls itself: people are not told of them."""
    worker = verbs.add_parser("worker")
    worker.add_argument("queue")
    worker.add_argument("--because", default="Draftmill was ended while it worked")
    worker.set_defaults(run=_worker)
    work = verbs.add_parser("work")
    work.add_argument("job")
    work.add_argument("attempt", type=int)
    work.set_defaults(run=_work)
    probe = verbs.add_parser("probe")
    probe.add_argument("path")
    probe.add_argument("max_hours")
    probe.set_defaults(run=_probe)


class NoDataFolder(Problem):
    code = "no_data_folder"
    default_hint = "Set DRAFTMILL_DATA to another folder."


def _make_data_folder(chosen: Settings) -> None:
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoDataFolder(
            f"The data folder {chosen.data} cannot be made: {error.strerror}."
        ) from None


def _serve(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill import serve

    _make_data_folder(chosen)
    return serve.main(chosen)


def _worker(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill import serve

    return serve.work_on(options.queue, chosen, options.because)


def _work(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.workers import child

    child.main(chosen, options.job, options.attempt)
    return 0


def _probe(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.media import probe

    return probe.main_probe(options.path, options.max_hours)


def _draft(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill import draft_command

    types = [name.strip() for name in options.types.split(",") if name.strip()]
    return draft_command.run(
        chosen, options.recording, types, options.out, options.title, options.any_language
    )


def _doctor(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill import doctor

    return doctor.run(chosen)


def _user_add(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(_database(chosen)) as db:
        user = users.add_user(db, options.email, _password())
        print(f"Added {user.email}.")
    return 0


def _user_passwd(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(_database(chosen)) as db:
        users.set_password(db, users.by_email(db, options.email).id, _password())
        print(f"The password of {options.email} is changed, and its sessions are ended.")
    return 0


def _user_remove(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users
    from draftmill.projects import deletion

    with closing(_database(chosen)) as db:
        user = users.by_email(db, options.email)
        with transaction(db):
            owned = deletion.delete_projects_of(db, user.id)
            users.remove(db, user)
        for project_id in owned:
            deletion.remove_files(chosen, project_id)
        print(f"Removed {user.email} and everything of theirs.")
    return 0


def _user_list(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import users

    with closing(_database(chosen)) as db:
        for user in users.everyone(db):
            print(f"{user.email}\t{user.role}\t{user.name}")
    return 0


def _token_add(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(_database(chosen)) as db:
        user = users.by_email(db, options.email)
        name = options.name or tokens.free_name(db, user.id, "command line")
        print(tokens.add(db, user.id, name))
    return 0


def _token_list(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(_database(chosen)) as db:
        for token in tokens.tokens_of(db, users.by_email(db, options.email).id):
            print(f"{token.id}\t{token.name}\t{token.last_used_at or 'never used'}")
    return 0


def _token_revoke(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.accounts import tokens, users

    with closing(_database(chosen)) as db:
        tokens.revoke(db, users.by_email(db, options.email).id, options.id)
        print(f"Revoked token {options.id}.")
    return 0


def _database(chosen: Settings) -> sqlite3.Connection:
    os.umask(0o077)
    _make_data_folder(chosen)
    prepare(chosen.database)
    return connect(chosen.database)


def _password() -> str:
    """From standard input, or asked for at a terminal."""
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
