"""`jupyter codeact`: subcommands, and how their errors end."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Any

from jupyter_core.application import JupyterApp
from traitlets import TraitError

from jupyter_codeact import __version__
from jupyter_codeact.errors import CodeActError
from jupyter_codeact.settings import ACTION_FORMATS, CodeAct

FAILED, USAGE = 1, 2
EXPORT_FORMATS = ("ipynb", "markdown", "jsonl", "openai", "codeactinstruct")
"""The names in `exports.formats`, which would take longer to import than `--help` should."""


class CodeActCommand(CodeAct, JupyterApp):
    """The settings of the command line: the same files as the server's."""

    name = "codeact"
    description = "A copilot that runs cells in a live Jupyter kernel."

    def load_config_files(self) -> None:
        """The files that the server reads are read, the one that wins there last."""
        for self.config_file_name in ("jupyter_codeact_config", "jupyter_server_config"):
            self.load_config_file()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command has run; the process exits with its code."""
    options = _parser().parse_args(arguments)
    try:
        settings = CodeActCommand()
        settings.load_config_files()
        # The subcommand's module is imported here: `--help` and usage errors need not wait for it.
        code = asyncio.run(_command(options, settings))
        sys.stdout.flush()
    except (CodeActError, TraitError) as error:
        if options.debug:
            raise
        sys.stderr.write(f"jupyter codeact: {error}\n")
        code = FAILED
    except BrokenPipeError:  # whoever read the output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


async def _command(options: argparse.Namespace, settings: CodeActCommand) -> int:
    if options.command == "run":
        from jupyter_codeact.cli.run import run

        return await run(options, settings)
    if options.command == "conversations":
        from jupyter_codeact.cli.conversations import conversations

        return conversations(options, settings)
    if options.command == "doctor":
        from jupyter_codeact.cli.doctor import doctor

        return await doctor(settings)
    from jupyter_codeact.cli.demo import demo

    return await demo(options.browser, options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("jupyter codeact", description=CodeActCommand.description)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="carry out a task in a notebook, without a browser"))
    demo = commands.add_parser("demo", help="open JupyterLab on an example notebook and its data")
    demo.add_argument("--no-browser", dest="browser", action="store_false", help="only print the URL")
    demo.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one from 8888)")
    commands.add_parser("doctor", help="check the installation and the connection, with what to do about it")
    kept = commands.add_parser("conversations", help="list, show, export and delete the conversations that are kept")
    _add_conversations(kept.add_subparsers(dest="action", required=True, metavar="ACTION"))
    for command in commands.choices.values():
        command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("notebook", help="the .ipynb file; made when there is none")
    run.add_argument("task", help="what to do, in your words")
    run.add_argument("--execute-existing", action="store_true", help="first run the notebook's code cells in order")
    run.add_argument("--model", default="", help='name of the model, or "offline" for the built-in analyst')
    run.add_argument("--base-url", default="", help="base URL of an OpenAI-compatible endpoint")
    run.add_argument("--kernel", default="", help="name of the kernel (default: the notebook's, else python3)")
    run.add_argument("--max-steps", type=_positive, default=None, help="how many replies of the model are allowed")
    run.add_argument("--approval", choices=["ask", "ask-if-risky", "auto"], default="", help="approve each cell?")
    run.add_argument("--action-format", choices=ACTION_FORMATS, default="", help="how the model asks for cells")
    run.add_argument("--json", action="store_true", help="print the journal's events, a JSON object a line")


def _add_conversations(actions: Any) -> None:
    listing = actions.add_parser("list", help="a row a conversation, the latest first")
    listing.add_argument("--notebook", default="", help="only those about this .ipynb file")
    listing.add_argument("--json", action="store_true", help="print a JSON object a line")
    show = actions.add_parser("show", help="print what was said, run and put out")
    export = actions.add_parser("export", help="write a conversation, or all, in another form")
    delete = actions.add_parser("delete", help="delete a conversation for good; the notebook keeps its cells")
    for action in (show, delete):
        action.add_argument("id", help="the conversation's id, or as much of its beginning as names no other")
    which = export.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", help="the conversation's id, or as much of its beginning as names no other")
    which.add_argument("--all", action="store_true", help="all conversations")
    export.add_argument("--format", choices=EXPORT_FORMATS, default="ipynb", help="(default: %(default)s)")
    export.add_argument(
        "--output", default="", metavar="FILE",
        help="where to write (default: standard output); for ipynb and markdown of --all a folder",
    )  # fmt: skip
    export.add_argument(
        "--successful", action="store_true",
        help="only conversations whose latest run ended with an answer, not at a limit, stopped, failed or cut off; "
        "whether the answer is right is not judged",
    )  # fmt: skip
    delete.add_argument("--yes", action="store_true", help="do not ask")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    main()
