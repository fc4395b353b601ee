"""The command line: `python -m draftmill VERB`. The same verbs as the web, from a terminal."""

import argparse
import sys
from pathlib import Path

from draftmill import __version__, logs, settings
from draftmill.errors import Problem
from draftmill.letters import printable
from draftmill.settings import Settings

INNER_VERBS = (["worker"], ["work"], ["probe"], ["read"], ["send"], ["check"], ["try"], ["frame"])


def main(arguments: list[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 2 after a refusal, told in one line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _inner_parser() if arguments[:1] in INNER_VERBS else _parser()
    options = parser.parse_args(arguments)
    logs.write_lines()
    try:
        code: int = options.run(settings.load(), options)
    except Problem as problem:
        print(printable(f"draftmill: {problem}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    from draftmill.commands import model, tokens, users

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
    draft.add_argument("--language", default="", help="its code, such as en, if you know it")
    draft.add_argument("--draft-language", default="", help="in which to write, such as de")
    draft.add_argument(
        "--speakers",
        default="",
        help="how many people speak: a number, “more” than four, or “find”",
    )
    draft.add_argument("--any-language", action="store_true", help="even if it sounds foreign")
    draft.set_defaults(run=_draft)
    doctor = verbs.add_parser("doctor", help="see whether all is well, and what to do if not")
    doctor.set_defaults(run=_doctor)
    users.add_verb(verbs)
    tokens.add_verb(verbs)
    model.add_verb(verbs)
    return parser


def _inner_parser() -> argparse.ArgumentParser:
    """Verbs that Draftmill calls itself: people are not told of them, and they start at once."""
    parser = argparse.ArgumentParser(prog="draftmill")
    verbs = parser.add_subparsers(required=True)
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
    probe.add_argument("max_pixels")
    probe.set_defaults(run=_probe)
    read = verbs.add_parser("read")
    read.add_argument("path")
    read.add_argument("file_name")
    read.set_defaults(run=_read)
    send = verbs.add_parser("send")
    send.add_argument("channel", type=int)
    send.add_argument("notification", type=int)
    send.set_defaults(run=_send)
    check = verbs.add_parser("check")
    check.add_argument("version", type=int, nargs="?")
    check.set_defaults(run=_check)
    frame = verbs.add_parser("frame")
    frame.add_argument("project")
    frame.add_argument("second", type=int)
    frame.set_defaults(run=_frame)
    trial = verbs.add_parser("try")
    trial.add_argument("what")
    trial.set_defaults(run=_try)
    return parser


def _serve(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.commands import serve
    from draftmill.commands.data_folder import make_data_folder

    make_data_folder(chosen)
    return serve.main(chosen)


def _worker(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.commands import worker

    return worker.work_on(options.queue, chosen, options.because)


def _work(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.workers import child

    child.main(chosen, options.job, options.attempt)
    return 0


def _probe(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.media import probe

    return probe.main_probe(options.path, options.max_hours, options.max_pixels)


def _read(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.transcripts import reader

    return reader.main_read(options.path, options.file_name)


def _send(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.workers import sender

    return sender.main_send(chosen, options.channel, options.notification)


def _try(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.trials import child

    return child.main(chosen, options.what)


def _check(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.drafts import evidence_child

    if options.version is None:
        return evidence_child.stay(chosen)
    return evidence_child.main_check(chosen, options.version)


def _frame(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.projects import frame_child

    return frame_child.main_frame(chosen, options.project, options.second)


def _draft(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.commands import draft
    from draftmill.projects.details import Details

    details = Details(
        title=options.title,
        language=options.language,
        types=tuple(name.strip() for name in options.types.split(",") if name.strip()),
        any_language=options.any_language,
        draft_language=options.draft_language,
        speakers=options.speakers,
    )
    return draft.run(chosen, options.recording, options.out, details)


def _doctor(chosen: Settings, options: argparse.Namespace) -> int:
    from draftmill.commands import doctor

    return doctor.run(chosen)


if __name__ == "__main__":
    sys.exit(main())
