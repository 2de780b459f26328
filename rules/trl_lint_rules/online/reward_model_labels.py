"""A reward model with more than one output."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import Artifact, How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of, trainer_place

REFUSED = Release(0, 29)
LOADS_BY_NAME = Release(0, 24)
FORGETS = (Release(0, 26), REFUSED)  # loads a model given by name without asking for one output
HEAD = "ForSequenceClassification"
DEFAULT = 2  # `PretrainedConfig.num_labels`


class RewardModelLabels(TrainerRule):
    """A reward is one number."""

    code = "TRL522"
    name = "reward-model-labels"
    summary = "a reward model that is loaded with more than one label"
    trainers = frozenset({"RewardTrainer"})

    def judge(self, run: RunView) -> Iterator[Verdict]:
        """One verdict where the number of labels is known and is not one: refused since 0.29, trained before."""
        named = run.run.model.how is How.NAME
        labels = _by_name(run) if named else _by_code(run)
        if labels is None or labels == 1:
            return
        refused = run.trl >= REFUSED
        span = run.run.model.span
        yield Verdict(
            "named" if named else "refused" if refused else "trained",
            place_of(run, "model") if named else span if span is not None else trainer_place(run),
            f"this model has {labels} outputs, and a reward is one number: "
            + ("{trl} refuses it" if refused else "{trl} trains them all the same"),
            Severity.ERROR if refused else Severity.WARNING,
            Stage.TRAINER_INIT if refused else Stage.SILENT,
            why=(f"A model for classification is made with {DEFAULT} outputs where nothing else is said.",),
            remedies=tuple(_ways(named)),
        )


def _ways(named: bool) -> Iterator[Remedy]:
    if named:
        yield Remedy('set `model_init_kwargs={"num_labels": 1}`')
        yield Remedy("or upgrade to TRL 0.29 or newer", right_in=lambda environment: environment.trl >= REFUSED)
        return
    yield Remedy("load it with `num_labels=1`")
    yield Remedy(
        "or pass the model's name: the trainer then loads it with one output",
        right_in=lambda environment: environment.trl >= LOADS_BY_NAME and not _forgets(environment.trl),
    )


def _forgets(trl: Release) -> bool:
    since, until = FORGETS
    return since <= trl < until


def _by_name(run: RunView) -> int | None:
    """What a trainer that forgets to ask for one output makes of the model's own files."""
    keywords = defaults.value(run, "model_init_kwargs")
    if not _forgets(run.trl) or (keywords is not None and not isinstance(keywords, dict)):
        return None
    if keywords and not {"num_labels", "id2label", "config"}.isdisjoint(keywords):
        return None
    artifact = run.artifact(run.run.model.name)
    return None if artifact is None else _of_artifact(artifact)


def _by_code(run: RunView) -> int | None:
    model = run.run.model
    made = model.instance
    if made is None or made.call is None or made.call.open is not None or not (model.loader or "").endswith(HEAD):
        return None
    if any(step.kind != "call" or step.call is None for step in made.mutations):
        return None  # the code may have changed the head
    for name in ("num_labels", "id2label"):
        given = made.call.keyword(name)
        if given is not None:
            found = run.plain(given.value)
            if isinstance(found, dict):
                return len(found)
            return found if isinstance(found, int) and not isinstance(found, bool) else None
    if made.call.keyword("config") is not None:
        return None
    artifact = run.artifact(model.name, model.revision)
    return None if artifact is None else _of_artifact(artifact)


def _of_artifact(artifact: Artifact) -> int | None:
    config = artifact.json_files.get("config.json")
    if not isinstance(config, dict):
        return None
    names = config.get("id2label")
    if isinstance(names, dict):
        return len(names)
    number = config.get("num_labels", config.get("_num_labels", DEFAULT))
    return number if isinstance(number, int) else None
