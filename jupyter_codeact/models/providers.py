"""Where models are had: hosted providers that speak the protocol, and servers for the user's own machine.

The documentation and the panel are made from these tables. Base URLs are those of the providers' own documentation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Provider:
    """A hosted provider: its base URL, the page where a key is made, and what else one must know.

    A name in capitals within the base URL is for the user to replace.
    """

    name: str
    base_url: str
    key_page: str
    note: str


@dataclass(frozen=True)
class LocalServer:
    """A server for one's own machine: the port it listens on by default, how it is started, what else one must know.

    `owner` is what its list of models gives as `owned_by`, where that tells it from others on the same port.
    """

    name: str
    port: int
    start: str
    note: str
    owner: str = ""

    @property
    def base_url(self) -> str:
        """Its base URL, unless it was told another port."""
        return f"http://127.0.0.1:{self.port}/v1"


HOSTED = (
    Provider(
        "OpenAI",
        "https://api.openai.com/v1",
        "https://platform.openai.com/api-keys",
        "Its list has models that cannot chat, too; its reasoning models refuse stop strings, which are then left out.",
    ),
    Provider(
        "Anthropic",
        "https://api.anthropic.com/v1",
        "https://console.anthropic.com/settings/keys",
        "This is its compatibility layer, meant for trying and comparing its models.",
    ),
    Provider(
        "Google Gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "https://aistudio.google.com/apikey",
        "Its list gives names as `models/...`; both forms are taken.",
    ),
    Provider(
        "Mistral", "https://api.mistral.ai/v1", "https://console.mistral.ai/api-keys", "`codestral` models write code."
    ),
    Provider(
        "DeepSeek",
        "https://api.deepseek.com",
        "https://platform.deepseek.com/api_keys",
        "No `/v1` is needed; with it the address works, too.",
    ),
    Provider(
        "Groq",
        "https://api.groq.com/openai/v1",
        "https://console.groq.com/keys",
        "Fast; its free tier limits the tokens a minute, which a long conversation reaches.",
    ),
    Provider(
        "Together AI",
        "https://api.together.ai/v1",
        "https://api.together.ai/settings/api-keys",
        "Names of models begin with who made them, such as `openai/gpt-oss-20b`.",
    ),
    Provider(
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        "https://openrouter.ai/settings/keys",
        "One key for the models of many; its list tells context lengths and which models see images.",
    ),
    Provider(
        "Fireworks AI",
        "https://api.fireworks.ai/inference/v1",
        "https://fireworks.ai/account/api-keys",
        "Names of models are long, such as `accounts/fireworks/models/...`.",
    ),
    Provider(
        "xAI",
        "https://api.x.ai/v1",
        "https://console.x.ai",
        "It calls this API its older one, yet serves it.",
    ),
    Provider(
        "Hugging Face",
        "https://router.huggingface.co/v1",
        "https://huggingface.co/settings/tokens",
        'The token needs the permission "Make calls to Inference Providers".',
    ),
    Provider(
        "Azure OpenAI",
        "https://RESOURCE.openai.azure.com/openai/v1",
        "https://ai.azure.com",
        "Put your resource's name into the address; the model is the name of your deployment.",
    ),
)

LOCAL = (
    LocalServer(
        "Ollama",
        11434,
        "ollama serve",
        "It does not tell its context length and cuts what is over it: start it with OLLAMA_CONTEXT_LENGTH=32768 or "
        "more, and set the same number in the connection.",
    ),
    LocalServer("LM Studio", 1234, "lms server start", "Load the model with a context of 16,000 tokens or more."),
    LocalServer(
        "llama.cpp",
        8080,
        "llama-server -m MODEL.gguf -c 32768",
        "It lists the one model that it was started with.",
        owner="llamacpp",
    ),
    LocalServer("vLLM", 8000, "vllm serve MODEL", "It tells its context length.", owner="vllm"),
    LocalServer(
        "Jan",
        1337,
        "its settings, Local API Server",
        "Where it was given a key it answers to nobody else, so it is not found by itself.",
    ),
    LocalServer("text-generation-webui", 5000, "python server.py --api", "Load a model in its page first."),
)
