"""The traits of `c.CodeAct`, shared by the server extension and the command line.

Importing this module loads nothing but traitlets: it is imported at every server start.
"""

from __future__ import annotations

from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Dict, Enum, Float, Int, List, Tuple, Unicode, default
from traitlets.config import Configurable

APPROVALS = ("auto", "ask-if-risky", "ask")
"""From the least to the most careful."""

ACTION_FORMATS = ("auto", "fenced", "execute", "tool", "json", "text")


class CodeAct(Configurable):
    """What an administrator, or a user, sets in `jupyter_codeact_config.py` or `jupyter_server_config.py`."""

    base_url = Unicode(
        "", help="Base URL of an OpenAI-compatible endpoint, such as http://localhost:11434/v1 (Ollama)."
    ).tag(config=True)
    api_key = Unicode(
        "", help="API key for the endpoint. It never leaves the server. Keep the file that sets it at mode 0600."
    ).tag(config=True)
    api_key_file = Unicode(
        "", help="File whose first line is the API key; its mode should be 0600. Used where `api_key` is empty."
    ).tag(config=True)
    api_key_command = Unicode(
        "",
        help="Command that prints the API key on its first line, such as `pass show openai`. It is run without a shell "
        "and without input, and what it printed is kept for five minutes. Used where the two above are empty.",
    ).tag(config=True)
    model = Unicode("", help="Name of the model; empty asks the endpoint for its list and takes the first.").tag(
        config=True
    )
    model_class = Unicode(
        "", help="Dotted name of a Python class to use instead of the built-in ones; called with no arguments."
    ).tag(config=True)
    action_format = Enum(
        ACTION_FORMATS,
        default_value="auto",
        help="How the model asks for a cell to be run: `fenced` (a code block, for any model), `execute` (the tags of "
        "CodeActAgent), `tool` (a function call); `json` and `text` call functions, for comparison. `auto` goes by the "
        "model.",
    ).tag(config=True)
    approval = Enum(
        ["", *APPROVALS],
        default_value="",
        help="Whether every cell waits for approval: `ask`, `ask-if-risky` or `auto`. Empty means `ask`, except that "
        "the built-in offline analyst, whose code is this package's own, runs without asking. `ask-if-risky` reads the "
        "code of a cell and runs what it finds nothing in: advice, not a sandbox, and easily deceived.",
    ).tag(config=True)
    approval_floor = Enum(
        APPROVALS, default_value="auto", help="The least careful approval that users may choose."
    ).tag(config=True)
    max_steps = Int(25, min=1, help="How many replies of the model a run may take.").tag(config=True)
    max_seconds = Float(
        None, allow_none=True, min=0, help="How long a run may take, without the time it waits for the user."
    ).tag(config=True)
    max_tokens = Int(
        None, allow_none=True, min=1, help="How many tokens, of prompts and replies together, a run may take."
    ).tag(config=True)
    cell_timeout = Float(
        None, allow_none=True, min=0, help="Seconds after which a cell is interrupted; none by default."
    ).tag(config=True)
    observation_chars = Int(
        4000, min=200, help="How many characters of a cell's output the model is shown at most."
    ).tag(config=True)
    context_chars = Int(
        20_000,
        min=0,
        help="How many characters of the notebook's cells, their outputs and the kernel's variables are told to the "
        "model with a message.",
    ).tag(config=True)
    journal_dir = Unicode(help="Where conversations are kept, a file each.").tag(config=True)
    extra_headers = Dict(key_trait=Unicode(), help="HTTP headers to add to each request to the endpoint.").tag(
        config=True
    )
    extra_body = Dict(key_trait=Unicode(), help="Fields to add to the body of each request to the endpoint.").tag(
        config=True
    )

    context_tokens = Int(
        None,
        allow_none=True,
        min=1,
        help="How many tokens a request and its reply may have together; none asks the endpoint's list of models.",
    ).tag(config=True)
    vision = Bool(
        None, allow_none=True, help="Whether the model takes images; none tries, and remembers a refusal."
    ).tag(config=True)
    price = Tuple(
        Float(min=0),
        Float(min=0),
        default_value=None,
        allow_none=True,
        help="What a million prompt tokens and a million completion tokens cost, such as (0.15, 0.6).",
    ).tag(config=True)
    allowed_hosts = List(
        Unicode(),
        help="Administrator: hosts that users may connect to, such as `api.openai.com`, `*.example.org`, "
        "`localhost:11434`; the port belongs to it unless it is the usual one. Empty allows all.",
    ).tag(config=True)
    allowed_models = List(
        Unicode(), help="Administrator: names of models that users may choose, such as `qwen*`. Empty allows all."
    ).tag(config=True)
    steps_ceiling = Int(
        1000, min=1, help="Administrator: the most replies of the model that users may allow a run at once."
    ).tag(config=True)
    local_ports = List(
        Int(min=1, max=65535),
        default_value=[11434, 1234, 8080, 8000, 1337, 5000],
        help="Ports of this machine's loopback address where the panel looks for model servers: Ollama, LM Studio, "
        "llama.cpp, vLLM, Jan, text-generation-webui. Empty looks nowhere.",
    ).tag(config=True)

    @default("journal_dir")
    def _default_journal_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "codeact" / "conversations")

    def steps_for(self, wish: int | None) -> int:
        """How many replies a run may take: the wish of the user, else the setting; never above the ceiling."""
        return min(wish or self.max_steps, self.steps_ceiling)

    def approval_for(self, wish: str, *, offline: bool) -> str:
        """The approval in force: the wish of the user, else the setting, else the default; never below the floor."""
        chosen = wish or self.approval or ("auto" if offline else "ask")
        return max(chosen, self.approval_floor, key=APPROVALS.index)
