"""A reward model with more than one output."""

from __future__ import annotations

from collections.abc import Iterator

from trl_lint.api import ABSENT, Artifact, How, Release, Remedy, RunView, Severity, Stage, Verdict
from trl_lint_rules.configs import TrainerRule
from trl_lint_rules.knowledge import defaults
from trl_lint_rules.sft import place_of, trainer_place

REFUSED = Release(0, 29)
LOADS_BY_NAME = Release(0, 24)
FORGETS = (Release(0, 26), REFUSED)  # loads a model given by name without asking for one output
PASSES_ONE = (Release(0, 24), Release(0, 26))  # as a keyword of its own, beside those of `model_init_kwargs`
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
        refusal = _given_twice(run) if named else _causal(run)
        refusal = refusal or _other_head(run, named)
        if refusal is not None:
            yield refusal
            return
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


def _given_twice(run: RunView) -> Verdict | None:
    """`num_labels` in `model_init_kwargs`, where the trainer passes it too."""
    since, until = PASSES_ONE
    keywords = defaults.value(run, "model_init_kwargs")
    if not since <= run.trl < until or not isinstance(keywords, dict) or "num_labels" not in keywords:
        return None
    return Verdict(
        "twice",
        place_of(run, "model_init_kwargs"),
        "{trl} passes `num_labels=1` itself and stops at a second one (TypeError)",
        Severity.ERROR,
        Stage.TRAINER_INIT,
        remedies=(Remedy("take `num_labels` out of `model_init_kwargs`"),),
    )


def _causal(run: RunView) -> Verdict | None:
    """A language model in the place of a reward model."""
    model = run.run.model
    if not (model.loader or "").endswith("ForCausalLM") or model.adapted:
        return None
    artifact = run.artifact(model.name, model.revision)
    if artifact is None or _of_artifact(artifact) == 1:
        return None
    refused = run.trl >= REFUSED
    return Verdict(
        "causal",
        model.span if model.span is not None else trainer_place(run),
        "this is a language model, with one output for each token, and a reward is one number: "
        + ("{trl} refuses it" if refused else "{trl} trains on it all the same"),
        Severity.ERROR if refused else Severity.WARNING,
        Stage.TRAINER_INIT if refused else Stage.SILENT,
        why=("Only a model for sequence classification has a head that gives one number for a text.",),
        remedies=(Remedy("load it with `AutoModelForSequenceClassification.from_pretrained(..., num_labels=1)`"),),
    )


def _other_head(run: RunView, named: bool) -> Verdict | None:
    """A checkpoint whose head has another number of outputs than the one that is asked for."""
    model = run.run.model
    artifact = run.artifact(model.name, model.revision)
    if artifact is None or not _asks_for_one(run, named):
        return None
    labels = _of_artifact(artifact)
    config = artifact.json_files.get("config.json")
    heads = config.get("architectures") if isinstance(config, dict) else None
    trained = isinstance(heads, list) and any(str(name).endswith(HEAD) for name in heads)
    if labels in (None, 1) or not trained:
        return None
    return Verdict(
        "head",
        place_of(run, "model") if named else model.span if model.span is not None else trainer_place(run),
        f"this checkpoint has a head with {labels} outputs: it cannot be loaded with `num_labels=1`",
        Severity.ERROR,
        Stage.TRAINER_INIT if named else Stage.LOAD,
        why=("The weights of the head do not fit, and transformers refuses to drop them unasked.",),
        evidence=(f"config.json of {artifact.where or artifact.name}",),
        remedies=(
            Remedy("start from a checkpoint without this head, or with one output"),
            Remedy("or load it with `ignore_mismatched_sizes=True`, which begins with a new head"),
        ),
    )


def _asks_for_one(run: RunView, named: bool) -> bool:
    """Whether the model is known to be loaded with `num_labels=1` and with nothing else that decides."""
    if not named:
        made = run.run.model.instance
        if made is None or made.call is None or made.call.open is not None:
            return False
        if not (run.run.model.loader or "").endswith(HEAD) or made.call.keyword("ignore_mismatched_sizes"):
            return False
        given = made.call.keyword("num_labels")
        return given is not None and run.plain(given.value) == 1
    keywords = defaults.value(run, "model_init_kwargs")
    if keywords not in (None, ABSENT) and not isinstance(keywords, dict):
        return False
    keywords = keywords if isinstance(keywords, dict) else {}
    if "ignore_mismatched_sizes" in keywords or "config" in keywords:
        return False
    since, until = PASSES_ONE
    if since <= run.trl < until or run.trl >= REFUSED:
        return True
    return _forgets(run.trl) and keywords.get("num_labels") == 1


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
