"""How jupyterlab-lsp starts the server: it finds this by the entry point `jupyter_lsp_spec_v1`."""

from __future__ import annotations

import sys
from typing import Any


def spec(_: Any) -> dict[str, dict[str, Any]]:
    """The server as jupyter-lsp describes one; none where pygls, an extra, is not installed."""
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        return {}
    return {
        "trl-lint": {
            "argv": [sys.executable, "-m", "trl_lint", "server"],
            "languages": ["python"],
            "mime_types": ["text/python", "text/x-ipython", "text/x-python"],
            "version": 2,
            "display_name": "trl-lint",
        }
    }
