"""The Jupyter server extension: traits become objects, routes become commands."""
