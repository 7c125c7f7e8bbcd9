"""The `openai` package, imported when it is first needed."""

from __future__ import annotations

import gc
import importlib
import sys
from threading import Lock
from types import ModuleType

_lock = Lock()


def openai_package() -> ModuleType:
    """The package; importing it takes a second: for a thread.

    What is alive by then is never looked at by the garbage collector again. A Jupyter server and the package are 0.4
    million objects, which stay; looking at all of them, as is done now and then, stops the event loop for 0.3 s.
    """
    with _lock:
        is_new = "openai" not in sys.modules
        if is_new:
            gc.freeze()
        package = importlib.import_module("openai")
        if is_new:
            gc.freeze()
        return package
