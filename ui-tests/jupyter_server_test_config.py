"""The JupyterLab that the browser tests drive.

Never use it for work: it asks for no token and hands JupyterLab's objects to every script in the page.
"""

from __future__ import annotations

import os
from pathlib import Path

from jupyterlab.galata import configure_jupyter_server

Path(os.environ["JUPYTERLAB_GALATA_ROOT_DIR"]).mkdir(parents=True, exist_ok=True)
configure_jupyter_server(c)

c.Application.log_level = "ERROR"
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = int(os.environ["UI_TESTS_PORT"])
c.ServerApp.allow_root = True
# The limit can be reached in seconds, and is above what the stories need.
c.CodeAct.max_steps = 12
# Of all that may run on this machine, the tests find their own endpoint.
c.CodeAct.local_ports = [int(os.environ["ENDPOINT_PORT"])]
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"

# Collaboration, where it is installed, keeps its own files out of the checkout and of the users' folder.
c.SQLiteYStore.db_path = str(Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "ystore.db")
c.YDocExtension.session_store_path = str(Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "collaboration.json")

# The tests meet the product as it is installed: no endpoint and no key of whoever runs them.
for variable in [name for name in os.environ if name.startswith(("OPENAI_", "JUPYTER_CODEACT_"))]:
    del os.environ[variable]
