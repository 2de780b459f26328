"""`pyproject.toml`: the standard tables, dependency groups, uv's and Poetry's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from trl_lint.model.target import Basis, Problem
from trl_lint.targets.claims import MOST_CLAIMS, Claim, Layer, Reading
from trl_lint.targets.dialects import from_poetry
from trl_lint.targets.files import Document, mapping, strings, toml_table
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.requirement import claim_of, claim_of_specifier, claim_of_url, normalise

_Found = Iterator[Claim | Problem | None]


def read_pyproject(document: Document) -> Reading:
    """Overrides and sources first, then the main dependencies, then each extra and group by itself."""
    top = toml_table(document)
    if isinstance(top, Problem):
        return Reading(problems=(top,))
    layers: list[Layer] = []
    problems: list[Problem] = []
    for found in _layers(document, top):
        if len(layers) + len(problems) >= MOST_CLAIMS:
            break
        items = list(found)
        claims = tuple(item for item in items if isinstance(item, Claim))
        problems.extend(item for item in items if isinstance(item, Problem))
        if claims:
            layers.append(Layer(claims, Basis.REQUIREMENT, (document.path,)))
    return Reading(tuple(layers), tuple(problems))


def _layers(document: Document, top: Any) -> Iterator[_Found]:
    project, uv = mapping(top.get("project")), mapping(mapping(top.get("tool")).get("uv"))
    poetry = mapping(mapping(top.get("tool")).get("poetry"))
    yield _itself(document, project)
    yield _sources(document, mapping(uv.get("sources")))
    yield _requirements(document, uv.get("override-dependencies"), r"override-dependencies\s*=")
    yield _main(document, project, uv, poetry)
    for name, extra in mapping(project.get("optional-dependencies")).items():
        yield _requirements(document, extra, rf"""^\s*["']?{re.escape(name)}["']?\s*=""", r"optional-dependencies")
    for name, group in mapping(top.get("dependency-groups")).items():
        yield _requirements(document, group, rf"""^\s*["']?{re.escape(name)}["']?\s*=""", r"dependency-groups")
    yield _requirements(document, uv.get("dev-dependencies"), r"dev-dependencies\s*=", r"tool\.uv")
    for name, group in mapping(poetry.get("group")).items():
        yield _poetry(document, mapping(group).get("dependencies"), rf"^\[tool\.poetry\.group\.{re.escape(name)}\.dep")
    yield _poetry(document, poetry.get("dev-dependencies"), r"^\[tool\.poetry\.dev-dependencies")


def _main(document: Document, project: Any, uv: Any, poetry: Any) -> _Found:
    """What every installation of the project gets."""
    yield from _requirements(document, project.get("dependencies"), r"^\s*dependencies\s*=", r"^\[project\]")
    yield from _poetry(document, poetry.get("dependencies"), r"^\[tool\.poetry\.dependencies")
    yield from _requirements(document, uv.get("constraint-dependencies"), r"constraint-dependencies\s*=")


def _itself(document: Document, project: Any) -> _Found:
    """The source tree of the package itself."""
    name = project.get("name")
    if isinstance(name, str) and normalise(name) in PACKAGES:
        row = document.row_of(r"^\s*name\s*=", document.row_of(r"^\[project\]"))
        yield Claim(normalise(name), "", "(its own source tree)", document.place(row), "its own source tree")


def _requirements(document: Document, value: object, *headers: str) -> _Found:
    """Requirement strings; `headers` (the last one first) lead to the lines among which they stand."""
    texts = [text for text in strings(value) if any(package in text.lower() for package in PACKAGES)][:MOST_CLAIMS]
    if not texts:
        return
    after = _below(document, reversed(headers))
    for text in texts:
        row = document.row_of(rf"""["']{re.escape(text)}["']""", after)
        yield claim_of(text, document.place(row), strict=True)


def _poetry(document: Document, table: object, header: str) -> _Found:
    for key, value in mapping(table).items():
        package = normalise(key)
        if package not in PACKAGES:
            continue
        row = document.row_of(
            rf"""^\s*["']?{re.escape(key)}["']?\s*[.=]|\.{re.escape(key)}\]""", _below(document, [header])
        )
        options = value if isinstance(value, list) else [value]
        for option in options[:MOST_CLAIMS]:
            yield _poetry_option(document, row, package, option, conditional=len(options) > 1)


def _poetry_option(
    document: Document, row: int, package: str, value: object, conditional: bool
) -> Claim | Problem | None:
    """One constraint of Poetry's: a string, or a table with a version, a git address or a path."""
    place = document.place(row)
    version = value if isinstance(value, str) else mapping(value).get("version")
    if isinstance(version, str):
        return claim_of_specifier(package, from_poetry(version), version, place, conditional)
    return _address(document, row, package, value)


def _sources(document: Document, table: object) -> _Found:
    """`[tool.uv.sources]`: where a dependency is taken from instead of the index."""
    for key, value in mapping(table).items():
        if normalise(key) in PACKAGES:
            row = document.row_of(rf"""^\s*["']?{re.escape(key)}["']?\s*=""", _below(document, [r"tool\.uv\.sources"]))
            for option in value if isinstance(value, list) else [value]:
                yield _address(document, row, normalise(key), option)


def _address(document: Document, row: int, package: str, value: object) -> Claim | None:
    table, place = mapping(value), document.place(row)
    git = table.get("git")
    if isinstance(git, str):
        reference = next((table[key] for key in ("tag", "rev", "branch") if isinstance(table.get(key), str)), "")
        return claim_of_url(package, f"git+{git.removeprefix('git+')}" + (f"@{reference}" if reference else ""), place)
    if isinstance(table.get("url"), str):
        return claim_of_url(package, table["url"], place)
    if "path" in table or "workspace" in table:
        return Claim(package, "", "(a source tree)", place, "a source tree")
    return None


def _below(document: Document, headers: Iterable[str]) -> int:
    """The row of the last header, each looked for below the one before."""
    row = 1
    for header in headers:
        row = document.row_of(header, row)
    return row
