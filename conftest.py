"""pytest wants plugins named in the topmost conftest; the fixtures are in `jupyter_codeact/tests/conftest.py`."""

pytest_plugins = ["pytest_jupyter.jupyter_server"]
