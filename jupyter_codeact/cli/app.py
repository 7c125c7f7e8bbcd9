"""`jupyter codeact`: subcommands, and how their errors end."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from jupyter_core.application import JupyterApp
from traitlets import TraitError

from jupyter_codeact import __version__
from jupyter_codeact.errors import CodeActError
from jupyter_codeact.settings import ACTION_FORMATS, CodeAct

FAILED, USAGE = 1, 2


class CodeActCommand(CodeAct, JupyterApp):
    """The settings of the command line: the same files as the server's."""

    name = "codeact"
    description = "A copilot that runs cells in a live Jupyter kernel."


def main(arguments: Sequence[str] | None = None) -> None:
    """The command has run; the process exits with its code."""
    options = _parser().parse_args(arguments)
    try:
        settings = CodeActCommand()
        settings.load_config_file()
        # The subcommand's module is imported here: `--help` and usage errors need not wait for it.
        code = asyncio.run(_command(options, settings))
    except (CodeActError, TraitError) as error:
        if options.debug:
            raise
        sys.stderr.write(f"jupyter codeact: {error}\n")
        code = FAILED
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


async def _command(options: argparse.Namespace, settings: CodeActCommand) -> int:
    if options.command == "run":
        from jupyter_codeact.cli.run import run

        return await run(options, settings)
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


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    main()
