"""A kernel of Jupyter Server, as its kernel manager hands it out."""

from __future__ import annotations

from typing import Any

from jupyter_codeact.kernels.kernel import KernelEnvironment

from .playing import begin, run, until


async def test_a_kernel_of_the_server_is_used_through_its_manager(jp_serverapp: Any) -> None:
    """K10; and the user's restart in mid-cell is survived."""
    kernels = jp_serverapp.kernel_manager
    kernel_id = await kernels.start_kernel()
    environment = KernelEnvironment(kernels.get_kernel(kernel_id))
    await environment.connect()
    assert (await run(environment, "1 + 1")).result == "2"
    ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(600)")
    await until(ran.put_out, task)
    await kernels.restart_kernel(kernel_id, now=True)
    await task
    assert ran.done.status == "lost"
    assert (await run(environment, "'time' in globals()")).result == "False"
    await environment.close()
