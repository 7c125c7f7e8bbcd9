"""What is different about a kernel that another server runs: a Jupyter Kernel Gateway, or an Enterprise Gateway.

Jupyter Server reaches it over HTTP, and so do we, through the same settings (`c.GatewayClient`).
"""

from __future__ import annotations

from typing import Any

from jupyter_client.manager import AsyncKernelManager
from tornado.web import HTTPError

from jupyter_codeact.errors import KernelError


def is_behind_gateway(manager: AsyncKernelManager) -> bool:
    """Whether the kernel is known by a URL, and has no address that sockets could connect to."""
    return bool(getattr(manager, "kernel_url", ""))


async def is_alive(manager: AsyncKernelManager) -> bool:
    """Whether the kernel's process runs. Raises `KernelError` when its gateway does not say so."""
    try:
        alive = bool(await manager.is_alive())
    except HTTPError as error:
        raise KernelError(
            f"the kernel gateway does not answer ({in_words(error)}): check that it is running"
        ) from error
    except OSError as error:
        raise KernelError(f"the kernel gateway cannot be reached ({error}): check that it is running") from error
    # The manager of a kernel that its gateway does not know any more says so only when it is asked again.
    return alive and (bool(manager.has_kernel) or not is_behind_gateway(manager))


async def describe(manager: AsyncKernelManager) -> tuple[str, str]:
    """The kernel's name, and its language in lower case, which is empty where it is not known."""
    if not is_behind_gateway(manager):
        spec = manager.kernel_spec
        return str(manager.kernel_name), (spec.language or "").lower() if spec else ""
    known: Any = manager
    name = str((known.kernel or {}).get("name", manager.kernel_name))
    try:
        answer = await known.parent.kernel_spec_manager.get_kernel_spec(name)
    except (HTTPError, LookupError, OSError):
        return name, ""
    return name, str(answer.get("spec", {}).get("language") or "").lower()


def in_words(error: HTTPError) -> str:
    """Status and reason of an answer of the gateway, in one line."""
    message = error.log_message % error.args if error.log_message and error.args else error.log_message
    return f"HTTP {error.status_code}: {' '.join(str(message or error.reason or '').split())}"
