"""Our base models may only be trained with the settings that were agreed for them."""

from collections.abc import Iterator

from trl_lint.api import ABSENT, UNKNOWN, Rule, RunView, Severity, Stage, Verdict, set_config

AGREED = {
    "acme/atlas-7b-base": {"learning_rate": 1e-5, "max_length": 4096, "bf16": True},
    "acme/atlas-70b-base": {"learning_rate": 2e-6, "max_length": 8192, "bf16": True},
}


class BaseModelSettings(Rule):
    """One verdict for each setting that is known to differ."""

    code = "ACME001"
    name = "base-model-settings"
    summary = "a base model of ours that is trained with other settings than agreed"

    def check(self, run: RunView) -> Iterator[Verdict]:
        model = run.plain(run.run.model.name)
        for name, wanted in AGREED.get(model, {}).items() if isinstance(model, str) else ():
            found = run.setting(name)
            if found is UNKNOWN or found == wanted:
                continue
            given = run.given(name)
            yield Verdict(
                name,
                given.span if given is not None else run.run.anchor,
                f"`{model}` is trained with `{name}={wanted!r}`, "
                + ("which is not given here" if found is ABSENT else f"not with `{found!r}`"),
                Severity.ERROR,
                Stage.SILENT,
                remedies=(set_config(run, name, repr(wanted), f"write `{name}={wanted!r}`"),),
            )
