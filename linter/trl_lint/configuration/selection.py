"""Which rules are on, by ruff's precedence: a later layer refines an earlier one, a more specific selector wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trl_lint.configuration.errors import ConfigurationError
from trl_lint.configuration.settings import Configuration, Layer
from trl_lint.configuration.vocabulary import Vocabulary
from trl_lint.paths import display_path

# A file that cannot be read is said whatever is selected, unless it is ignored in so many words.
ALWAYS = frozenset({"TRL001", "TRL002"})


def check_selectors(configuration: Configuration, vocabulary: Vocabulary) -> None:
    """Raises ConfigurationError for the first selector that means no rule."""
    for layer in configuration.layers:
        for selector in layer.selectors():
            _known(selector, layer.origin, configuration, vocabulary)
    for _, selectors in configuration.per_file_ignores:
        for selector in selectors:
            _known(selector, "", configuration, vocabulary)


def _known(selector: str, origin: str, configuration: Configuration, vocabulary: Vocabulary) -> None:
    if vocabulary.select(selector) is not None:
        return
    near = vocabulary.nearest(selector)
    hint = f"; did you mean `{near}`?" if near else ""
    message = f"unknown rule selector `{selector}`{hint}"
    if origin or configuration.file is None:
        raise ConfigurationError("", 0, f"{origin}: {message}" if origin else message)
    raise ConfigurationError(display_path(configuration.file), _line_of(configuration, selector), message)


def _line_of(configuration: Configuration, selector: str) -> int:
    """The line of the key that holds this selector (a selector may stand on a later line of it)."""
    own = [layer for layer in configuration.layers if not layer.origin]
    keys: list[tuple[str, Iterable[str]]] = []
    for layer in own:
        keys += [
            ("select", layer.select or ()),
            ("extend-select", layer.extend_select),
            ("ignore", layer.ignore),
            ("extend-ignore", layer.ignore),
            ("fixable", layer.fixable or ()),
            ("unfixable", layer.unfixable),
        ]
    keys += [("per-file-ignores", selectors) for _, selectors in configuration.per_file_ignores]
    return next((configuration.lines[k] for k, found in keys if selector in found and k in configuration.lines), 0)


def selected(layers: Sequence[Layer], vocabulary: Vocabulary) -> frozenset[str]:
    """The codes of the rules that are on; all of them where nothing is said."""
    on = frozenset(vocabulary.names)
    for layer in layers:
        add = [*(layer.select or ()), *layer.extend_select]
        on = ALWAYS if layer.select is not None else on
        on = _refine(on, add, layer.ignore, vocabulary)
    return on


def fixable(layers: Sequence[Layer], vocabulary: Vocabulary) -> frozenset[str]:
    """The codes of the rules whose fixes may be applied."""
    on = frozenset(vocabulary.names)
    for layer in layers:
        on = frozenset() if layer.fixable is not None else on
        on = _refine(on, layer.fixable or (), layer.unfixable, vocabulary)
    return on


def codes_of(selectors: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """All codes that any of the selectors means."""
    return frozenset(code for s in selectors if (found := vocabulary.select(s)) for code in found[1])


def _refine(on: frozenset[str], add: Iterable[str], drop: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    steps = [(*found, True) for s in add if (found := vocabulary.select(s))]
    steps += [(*found, False) for s in drop if (found := vocabulary.select(s))]
    # At equal specificity an `ignore` comes last, and so wins.
    for _, codes, adding in sorted(steps, key=lambda step: (step[0], not step[2])):
        on = on | codes if adding else on - codes
    return on
