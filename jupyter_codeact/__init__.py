"""A copilot for JupyterLab that acts by running cells in the user's live kernel.

Importing the package loads nothing heavy: Jupyter imports it at every server start just to ask where the
extension is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .server.app import CodeActApp

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where the built front end is, for JupyterLab."""
    return [{"src": "labextension", "dest": "jupyter_codeact"}]


def _jupyter_server_extension_points() -> list[dict[str, str | type[CodeActApp]]]:
    """The server extension, for Jupyter Server; only here is the server's code imported."""
    from .server.app import CodeActApp

    return [{"module": "jupyter_codeact.server.app", "app": CodeActApp}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext jupyter_codeact`: a kernel has the magics `%codeact` and `%%codeact`."""
    from .magics import load

    load(shell)
