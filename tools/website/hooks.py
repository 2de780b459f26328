"""What mkdocs calls while it builds the site: adds the pages that programs make, and mends the links of the others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

_TOOLS = str(Path(__file__).resolve().parents[1])
if _TOOLS not in sys.path:
    sys.path.insert(0, _TOOLS)

from website import pages  # noqa: E402

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The rules go into the navigation, by family, and whatever document is not in it yet."""
    nav: list[dict[str, Any]] = config.nav or []
    for entry in nav:
        if "Use" in entry:
            entry["Use"] = [*entry["Use"], *pages.left_out(nav)]
        if "Rules" in entry:
            entry["Rules"] = [*entry["Rules"], *pages.navigation()]
        if "Extend" in entry:
            entry["Extend"] = [*entry["Extend"], *({title: page} for title, page in pages.OWN.values())]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that are made."""
    from mkdocs.structure.files import File

    for path, text in pages.made():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Links of the repository become links of the site. The first page has no neighbours to show beside it."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation", "toc"]
    return pages.with_links(markdown, page.file.src_uri)
