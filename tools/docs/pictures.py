"""Pictures of a terminal in which a command has run."""

from __future__ import annotations

import io
from pathlib import Path

from . import outputs

# What each picture shows, by its path in the repository.
PICTURES = {
    Path("docs", "images", "founding-case.svg"): "trl-lint check examples/founding-case/train.py",
    Path("docs", "images", "founding-case-fix.svg"): "trl-lint check examples/founding-case/train.py --diff",
    Path("docs", "images", "preview.svg"): "trl-lint preview examples/preview/train.py --compare 0.24 1.16 --rows 2",
}
_WIDTH = 104
# rich's own picture, without the web font that it loads: the viewer's own monospaced one does as well.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def wanted(root: Path) -> list[Path]:
    """The pictures of what this repository holds."""
    return [path for path, command in PICTURES.items() if (root / command.split()[2]).exists()]


def picture(path: Path, root: Path) -> str:
    """The picture at `path` as it should be."""
    from rich.console import Console
    from rich.text import Text

    command = PICTURES[path]
    printed = outputs.run(command, root, colour=True)
    console = Console(record=True, width=_WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), command))
    console.print(Text.from_ansi(printed.rstrip("\n")))
    return console.export_svg(title="trl-lint", code_format=_FORMAT, unique_id=path.stem)
