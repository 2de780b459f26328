"""One requirement as pip reads it: `trl[peft]>=0.20 ; python_version > "3.9"`, a URL, a path."""

from __future__ import annotations

import re

from trl_lint.lazy import regex
from trl_lint.model.span import Place
from trl_lint.model.target import Problem
from trl_lint.targets.claims import COMMIT, Claim
from trl_lint.targets.index import PACKAGES
from trl_lint.targets.versions import base_release, matcher

_NAME = regex(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_VERSION = r"\d+(?:\.\d+)+(?:[-_.]?(?:a|b|rc|post|dev)\d*)*"
_FILE = regex(rf"(?:^|[/\\])([A-Za-z0-9_.]+)-({_VERSION}(?:\+[\w.]+)?)(?:-[^/\\]*\.whl|\.tar\.gz|\.zip)$")
_TAG = regex(rf"v?({_VERSION})$")
_BRANCH = regex(r"v?(\d+\.\d+)-release$")
_ARCHIVE = regex(
    r"/([A-Za-z0-9_.-]+)/(?:archive|tarball|zipball)/(?:refs/(?:tags|heads)/)?([^/]+?)(?:\.zip|\.tar\.gz)?$"
)
# A model's preview that transformers tags on top of a release: `v4.49.0-Gemma-3`.
_PREVIEW = regex(r"v?(\d+\.\d+\.\d+)-[A-Za-z][\w.-]*")
_COMMIT = regex(r"[0-9a-f]{7,40}")
_USER = regex(r"//[^/@]*@")
_LONGEST = 4000


def claim_of(text: str, place: Place, *, strict: bool = False) -> Claim | Problem | None:
    """What a requirement says, if it is one of the packages that matter.

    A pin that is no version is a Problem. With `strict` any other text behind the name is one too; without, such
    text is taken for prose.
    """
    if len(text) > _LONGEST:
        return None
    body, conditional = _without_marker(text)
    if _is_address(body):
        return _from_address(body, place, conditional)
    match = _NAME.fullmatch(body)
    if match is None:
        return None
    package, rest = normalise(match[1]), match[2].strip()
    if package not in PACKAGES:
        return None
    if rest.startswith("@"):
        return claim_of_url(package, rest[1:].strip(), place, conditional)
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    if rest and rest[0] not in "=<>!~" and not strict:
        return None
    return claim_of_specifier(package, rest, rest, place, conditional)


def claim_of_specifier(
    package: str, specifier: str, written: str, place: Place, conditional: bool = False
) -> Claim | Problem:
    """A claim with a checked specifier; `written` is how the line has it."""
    if any(sign in specifier for sign in "${"):  # a variable or a template: the line names a release we cannot see
        return Claim(package, "", written, place, conditional=conditional)
    try:
        matcher(specifier)
    except ValueError:
        return Problem(place, f"`{written}` is no version specifier for {package}: the line is ignored")
    return Claim(package, specifier, written, place, conditional=conditional)


def claim_of_url(package: str, url: str, place: Place, conditional: bool = False) -> Claim:
    """What an address says: a tag, a wheel or an archive of a release is that release, all else a source tree."""
    shown = _USER.sub("//", url.partition("#")[0])
    address = shown.rstrip("/")
    file, archive = _FILE.search(address), _ARCHIVE.search(address)
    reference = address.rpartition("@")[2] if "@" in address else (archive[2] if archive else "")
    written = f"@ {shown}"
    release = file[2] if file else reference.removeprefix("v")
    if _TAG.fullmatch(release.partition("+")[0]) and _is_version(release):
        return Claim(package, f"=={release}", written, place, conditional=conditional)
    branch = _BRANCH.fullmatch(reference)
    if branch is not None:
        return Claim(package, f"=={branch[1]}.*", written, place, conditional=conditional)
    preview = _PREVIEW.fullmatch(reference)
    if preview is not None:
        return Claim(package, f"=={preview[1]}", written, place, conditional=conditional)
    if _COMMIT.fullmatch(reference):
        return Claim(package, "", written, place, f"{COMMIT} ({shown})", conditional)
    what = "a git checkout" if address.startswith("git") else "a source tree"
    return Claim(package, "", written, place, f"{what} ({shown})", conditional)


def normalise(name: str) -> str:
    """A project name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_version(text: str) -> bool:
    try:
        base_release(text)
    except ValueError:
        return False
    return True


def _without_marker(text: str) -> tuple[str, bool]:
    """The requirement without its environment marker, and whether it has one."""
    body, mark, _ = text.partition(" ;" if "://" in text else ";")
    return body.strip(), bool(mark)


def _is_address(text: str) -> bool:
    """Whether a URL or a path stands where the name would."""
    return bool(re.match(r"(?:git\+|https?://|file:|ssh://|git@|\.{0,2}[/\\]|~[/\\])", text))


def _from_address(text: str, place: Place, conditional: bool) -> Claim | None:
    """The claim of an address without a name, which its end gives away."""
    address, _, fragment = text.partition("#")
    egg = re.search(r"egg=([A-Za-z0-9._-]+)", fragment)
    address = re.sub(r"\[[^\]]*\]$", "", address).rstrip("/\\")
    file, archive = _FILE.search(address), _ARCHIVE.search(address)
    if egg:
        name = egg[1]
    elif file:
        name = file[1]
    elif archive:
        name = archive[1]
    else:
        scheme, mark, path = address.rpartition("://")
        name = re.split(r"[/\\:]", path.rpartition("@")[0] if _has_reference(path) else path)[-1].removesuffix(".git")
        address = f"{scheme}{mark}{path}"
    package = normalise(name)
    return claim_of_url(package, address, place, conditional) if package in PACKAGES else None


def _has_reference(path: str) -> bool:
    """Whether an `@` names a revision and not the user of the host."""
    return "/" in path.partition("@")[0] and "@" in path
