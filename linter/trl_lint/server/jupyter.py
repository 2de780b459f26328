"""How jupyterlab-lsp starts the server: it finds this by the entry point `jupyter_lsp_spec_v1`."""

from __future__ import annotations

import sys
from typing import Any

_PYTHON = {"languages": ["python"], "mime_types": ["text/python", "text/x-ipython", "text/x-python"]}
_YAML = {"languages": ["yaml"], "mime_types": ["text/x-yaml", "text/yaml", "application/x-yaml"]}


def spec(_: Any) -> dict[str, dict[str, Any]]:
    """The server as jupyter-lsp describes one; none where pygls, an extra, is not installed.

    JupyterLab asks one server for each language, of several the first in the alphabet. For YAML that is to be
    `yaml-language-server` where there is one: hence a name of its own.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        return {}
    return {"trl-lint": _described("trl-lint", _PYTHON), "yaml-trl-lint": _described("trl-lint for recipes", _YAML)}


def _described(name: str, documents: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "argv": [sys.executable, "-m", "trl_lint", "server"],
        **documents,
        "version": 2,
        "display_name": name,
        "requires_documents_on_disk": False,
    }
