"""Sockets that nobody closed."""

from __future__ import annotations

import subprocess
import sys

FORGOTTEN = """
import asyncio, gc
from jupyter_client.manager import AsyncKernelManager
from jupyter_codeact.kernels.channels import SocketChannels, own_session

async def main():
    manager = AsyncKernelManager()
    manager.write_connection_file()
    channels = SocketChannels(manager, own_session(manager))
    await channels.send("shell", channels._session.msg("kernel_info_request", {}))
    channels.itself = channels
    manager.cleanup_connection_file()

asyncio.run(main())
gc.collect()
print("collected")
"""


def test_channels_that_nobody_closed_do_not_stop_the_garbage_collector() -> None:
    """In a process of its own, which would never end."""
    done = subprocess.run([sys.executable, "-c", FORGOTTEN], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("collected\n", 0), done.stderr
