"""What trainers came to do differently without any default saying so, and which runs are exposed to it.

Each row has its regimes: what the trainer does, from which environment on. A row is reported where the regime of the
older environment is not that of the newer one and the run meets it. Sources: the files of the published wheels, read
and compared release by release; the SFT rows were run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from trl_lint.api import ABSENT, UNKNOWN, Change, Environment, How, Pin, Release, RunView, Sort, Symbol, Weight
from trl_lint_rules.knowledge import boundaries, data
from trl_lint_rules.knowledge.processing import Kind, auto_processor
from trl_lint_rules.knowledge.steps import first_release

_SFT = frozenset({"SFTTrainer"})
_DPO = frozenset({"DPOTrainer"})
_GRPO = frozenset({"GRPOTrainer"})
_RLOO = frozenset({"RLOOTrainer"})
_BY_NAME = _SFT | _DPO | _GRPO | _RLOO | frozenset({"RewardTrainer"})

Met = Callable[[RunView, Environment], "bool | None"]


class Behaviour(NamedTuple):
    """One behaviour. `regime` says in a phrase what an environment does; `met` whether the run meets it (None: that
    cannot be told, and `condition` says what it hangs on).
    """

    name: str
    trainers: frozenset[str]
    regime: Callable[[RunView, Environment], str]
    met: Met
    means: str
    source: str
    condition: str = ""
    advice: str = ""
    pins: Callable[[RunView, Environment], tuple[Pin, ...]] | None = None
    minor: bool = False
    number: int = 0


def _from(*rows: tuple[Release, str]) -> Callable[[RunView, Environment], str]:
    """The regime of the last row whose release is not newer than the environment's."""

    def regime(_: RunView, environment: Environment) -> str:
        return [words for release, words in rows if release <= environment.trl][-1]

    return regime


_FIRST: Final = Release(0, 0)


# -- what a run meets


def _value(run: RunView, name: str) -> object:
    """An argument of the config, or as older trainers took it, of the trainer."""
    found = run.setting(name)
    if found is ABSENT and run.passed(name) is not None:
        return run.argument(name)
    return found


def _is_on(name: str) -> Met:
    def met(run: RunView, _: Environment) -> bool | None:
        value = _value(run, name)
        return None if value is UNKNOWN else value is True

    return met


def _packs_whole_rows(run: RunView, _: Environment) -> bool | None:
    strategy = _value(run, "packing_strategy")
    if strategy is ABSENT and run.trl < Release(0, 19):
        return False  # what becomes of the default says it all
    if strategy not in (ABSENT, UNKNOWN, "bfd", "ffd"):
        return False
    packing = _value(run, "packing")
    return None if packing is UNKNOWN else packing is True


def _loaded_without_dtype(run: RunView, _: Environment) -> bool | None:
    if run.run.model.how is not How.NAME or run.passed("model_init_kwargs") is not None:
        return False
    if any(run.given(name) is not None for name in ("torch_dtype", "dtype")):
        return False
    keywords = run.setting("model_init_kwargs")
    if keywords is UNKNOWN:
        return None
    return not (isinstance(keywords, dict) and not {"dtype", "torch_dtype"}.isdisjoint(keywords))


def _dtype(run: RunView, environment: Environment) -> str:
    """`create_model_from_path` of trl/trainer/utils.py; before 0.26, and for a recipe's `dtype: null`, transformers'
    own default (float32 up to 4, since 5 that of the checkpoint)."""
    own = "that of the checkpoint" if environment.transformers >= Release(5, 0) else "float32"
    if environment.trl >= Release(0, 27):
        return "float32"
    return own if environment.trl < Release(0, 26) or run.run.recipe else "that of the checkpoint"


def _dtype_pins(run: RunView, environment: Environment) -> tuple[Pin, ...]:
    if _dtype(run, environment) == "float32":
        return ()
    if run.run.recipe:
        return (Pin("dtype", '"auto"'),)
    return (Pin("model_init_kwargs", '{"dtype": "auto"}'),) if run.setting("model_init_kwargs") is ABSENT else ()


def _loads_processor(run: RunView, new: Environment) -> bool | None:
    if run.run.recipe or run.run.processing.how is not How.ABSENT:
        return False
    artifact = run.artifact(run.run.model.name, run.run.model.revision)
    return artifact is not None and auto_processor(artifact, new.transformers)[0] is Kind.PROCESSOR


def _processing_class(run: RunView, environment: Environment) -> str:
    since = {"GRPOTrainer": Release(0, 20), "DPOTrainer": Release(0, 24)}.get(run.run.trainer or "", Release(0, 22))
    return "AutoProcessor" if environment.trl >= since else "AutoTokenizer"


def _by_completion(run: RunView, _: Environment) -> bool | None:
    if run.given("completion_only_loss") is not None:
        return False
    columns = data.columns(run)
    if columns is not None:
        return "prompt" in columns
    told = any(_value(run, name) is not ABSENT for name in ("dataset_text_field", "formatting_func"))
    return False if told else None


def _completion_loss(run: RunView, environment: Environment) -> str:
    columns = data.columns(run)
    both = columns is None or "completion" in columns
    if environment.trl < Release(0, 17) or (environment.trl >= Release(0, 22) and not both):
        return "on all tokens"
    return "on the completion alone"


def _conversational_completion(run: RunView, _: Environment) -> bool | None:
    whole = run.setting("completion_only_loss")
    if whole is False or data.prompt_completion(run) is not True:
        return False
    return data.conversational(run)


def _masked_prompt(_: RunView, environment: Environment) -> str:
    if environment.trl < Release(0, 17):
        return "all tokens are trained"
    since = boundaries.CONVERSATIONS_TOKENISED
    if since <= environment.trl < Release(0, 27, 1) and _dicts(environment):
        return "all tokens but two are trained, the prompt too"
    if since <= environment.trl < boundaries.VISION_DATA_CHECK:
        return "the answer and the role line that opens it are trained"
    return "the answer alone is trained"


def _dicts(environment: Environment) -> bool:
    return environment.transformers >= boundaries.TRANSFORMERS_DICT_TEMPLATES


def _has_masks(run: RunView, _: Environment) -> bool | None:
    masked = run.setting("assistant_only_loss") is True or data.prompt_completion(run) is True
    return None if masked else False


def _may_hold_none(run: RunView, _: Environment) -> bool | None:
    columns = data.columns(run)
    if columns is None:
        return False  # nothing says that there are messages
    return None if "tools" in columns or data.conversational(run) else False


def _none_values(run: RunView, environment: Environment) -> str:
    since = {"SFTTrainer": Release(0, 19), "DPOTrainer": Release(0, 29)}.get(run.run.trainer or "", Release(0, 24))
    return "taken out" if since <= environment.trl < Release(1, 0) else "left in"


def _cut_by_tokenizer(run: RunView, _: Environment) -> bool | None:
    given = any(_value(run, name) is not ABSENT for name in ("max_seq_length", "max_length"))
    return False if given else None


def _own_rewards(run: RunView, _: Environment) -> bool | None:
    """Whether a function of the project is among the reward functions; its parameters are not known here. From 0.18
    on a function that takes no `**kwargs` hardly works today either."""
    passed = run.passed("reward_funcs")
    if passed is None or run.trl >= Release(0, 18):
        return False
    found = run.plain(passed.value)
    each = found if isinstance(found, list) else [found]
    return None if any(isinstance(one, Symbol) and one.local for one in each) else False


def _reward_keywords(_: RunView, environment: Environment) -> str:
    rows = (
        (Release(0, 18), "completion_ids"),
        (Release(0, 20), "trainer_state"),
        (Release(1, 0), "log_extra"),
        (Release(1, 0), "log_metric"),
    )
    names = [f"`{name}`" for since, name in rows if environment.trl >= since]
    return ", ".join(names) if names else "prompts, completions and the columns"


def _in_one_process(run: RunView, _: Environment) -> bool | None:
    """Whether the GPUs that are there belong to one process; only a launcher that starts several rules it out."""
    counts = [count for count, _ in run.processes()]
    return False if counts and min(counts) > 1 else None


def _many_gpus(run: RunView, environment: Environment) -> str:
    since = Release(1, 16) if run.run.trainer == "RewardTrainer" else Release(1, 15)
    return "refused" if environment.trl >= since else "the batch is spread over them (`nn.DataParallel`)"


def _smooths_labels(run: RunView, _: Environment) -> bool | None:
    if run.given("label_smoothing_factor") is None:
        return False  # hardly anybody smooths labels: what may come from elsewhere is not worth a line
    value = run.setting("label_smoothing_factor")
    return None if value is UNKNOWN else isinstance(value, int | float) and value > 0


def _always(_: RunView, __: Environment) -> bool | None:
    return True


BEHAVIOURS: Final = (
    Behaviour(
        "the loss",
        _SFT,
        _completion_loss,
        _by_completion,
        "Other tokens are trained.",
        "trl/trainer/sft_trainer.py of 0.17.0 and 0.22.0 (`completion_only_loss=None`)",
        "if the rows have `prompt` and `completion` columns",
        "set `completion_only_loss`",
        lambda run, old: (
            (Pin("completion_only_loss", "False"),) if data.prompt_completion(run) and old.trl < Release(0, 17) else ()
        ),
        number=14,
    ),
    Behaviour(
        "the prompt of conversations",
        _SFT,
        _masked_prompt,
        _conversational_completion,
        "Other tokens are trained in conversational prompt-completion rows.",
        "trl/trainer/sft_trainer.py of 0.19.0 and 0.24.0 (generation prompt) and 0.27.1 (`return_dict=False`)",
    ),
    Behaviour(
        "long rows when packing",
        _SFT,
        _from(
            (_FIRST, "what is longer than `max_length` is dropped"),
            (Release(0, 27), "long rows are split, nothing is dropped"),
            (Release(0, 29), "what is longer than `max_length` is dropped"),
        ),
        _packs_whole_rows,
        "Tokens beyond `max_length` are no longer trained.",
        "trl/data_utils.py of 0.27.0 and 0.29.0",
        "if `packing` is on",
        'from TRL 1.0 on `packing_strategy="bfd_split"` splits',
        lambda _, old: (Pin("packing_strategy", '"bfd_split"'),) if Release(0, 27) <= old.trl < Release(0, 29) else (),
        number=16,
    ),
    Behaviour(
        "the type of the weights",
        _BY_NAME,
        _dtype,
        _loaded_without_dtype,
        "The trainer loads the model that is given by name: memory and numerics change by a factor of two.",
        "trl/trainer/utils.py of 0.26.0 and 0.27.0 (`create_model_from_path`)",
        "unless `model_init_kwargs` names a dtype",
        '`model_init_kwargs={"dtype": ...}`',
        _dtype_pins,
        number=22,
    ),
    Behaviour(
        "the processing class that TRL loads",
        _SFT | _GRPO | _RLOO | _DPO,
        _processing_class,
        _loads_processor,
        "This model has a processor: the run becomes a vision-language run.",
        "trl/trainer/grpo_trainer.py of 0.20.0, sft_trainer.py of 0.22.0, dpo_trainer.py of 0.24.0",
        advice="pass the tokenizer: `processing_class=...`",
        number=24,
    ),
    Behaviour(
        "`None` in messages and tools",
        _SFT | _DPO | frozenset({"RewardTrainer"}),
        _none_values,
        _may_hold_none,
        "Keys without a value reach the chat template: it may write `None`, or stop.",
        "trl/trainer/sft_trainer.py of 0.19.0 and 1.0.0 (`remove_none_values`)",
        "if the rows hold `None` (datasets before 4.7 fills missing keys with it)",
        "`dataset.with_transform(remove_none_values)`, from `trl.trainer.utils`",
        number=41,
    ),
    Behaviour(
        "the length of rows",
        _SFT,
        _from(
            (_FIRST, "cut at 1024 tokens, or at the tokenizer's `model_max_length` if that is less"),
            (Release(0, 15), "cut at 1024 tokens"),
        ),
        _cut_by_tokenizer,
        "Rows may be longer than the model can take.",
        "trl/trainer/sft_trainer.py of 0.15.0",
        "if the tokenizer's `model_max_length` is below 1024",
        "set `max_length`",
        minor=True,
        number=5,
    ),
    Behaviour(
        "rows without a trained token",
        _SFT,
        _from((_FIRST, "kept, with loss 0"), (Release(1, 9), "left out")),
        _has_masks,
        "The number of rows and of steps changes.",
        "trl/trainer/sft_trainer.py of 1.9.0",
        "if truncation cuts off all of an answer",
        minor=True,
    ),
    Behaviour(
        "`padding_free` of DPO",
        _DPO,
        _from((_FIRST, "batches without padding"), (Release(0, 29), "ignored, with a warning")),
        _is_on("padding_free"),
        "Batches are padded: slower, and more memory than was planned for.",
        "trl/trainer/dpo_trainer.py of 0.29.0",
        "if `padding_free` is on",
        "there is no way; take it out and plan for padded batches",
        number=38,
    ),
    Behaviour(
        "what `per_device_train_batch_size` counts",
        _GRPO,
        _from((_FIRST, "prompts"), (Release(0, 15), "completions")),
        _always,
        "A step sees fewer prompts, by a factor of `num_generations`.",
        "trl/trainer/grpo_trainer.py of 0.15.0",
        advice="multiply `per_device_train_batch_size` or `gradient_accumulation_steps` by `num_generations`",
        number=25,
    ),
    Behaviour(
        "label smoothing",
        _SFT,
        _from((_FIRST, "a part of the loss"), (Release(1, 15), "an extra forward pass in each step, and a warning")),
        _smooths_labels,
        "Training is slower, and from TRL 2.0 on `SFTTrainer` is to refuse it.",
        "trl/trainer/sft_trainer.py of 1.15.0 (`label_smoothing_factor`)",
        "if `label_smoothing_factor` is above 0",
        "there is no way; train without `label_smoothing_factor`",
        number=40,
    ),
    Behaviour(
        "several GPUs in one process",
        _SFT | _DPO | _GRPO | _RLOO | frozenset({"KTOTrainer", "RewardTrainer", "DistillationTrainer"}),
        _many_gpus,
        _in_one_process,
        "The trainer stops when it is made.",
        "trl/trainer/sft_trainer.py of 1.15.0, reward_trainer.py of 1.16.0 (`args.n_gpu`)",
        "if the script is started without `accelerate launch` or `torchrun` and sees several GPUs",
        "start it with `accelerate launch`, or let it see one GPU (`CUDA_VISIBLE_DEVICES=0`)",
        minor=True,
        number=40,
    ),
    Behaviour(
        "what reward functions are given",
        _GRPO | _RLOO,
        _reward_keywords,
        _own_rewards,
        "A function without `**kwargs` stops the first step with a TypeError.",
        "trl/trainer/grpo_trainer.py of 0.18.0, 0.20.0 and 1.0.0",
        "if a reward function takes no `**kwargs`",
        "let every reward function take `**kwargs`",
        number=35,
    ),
)


def behaviour_changes(run: RunView, new: Environment) -> tuple[Change, ...]:
    """The rows that `run`, seen in the older releases, meets on its way to `new`."""
    if run.run.patched_by is not None:
        return ()
    trainer = run.run.trainer or (run.run.config or "").replace("Config", "Trainer")
    found = []
    for row in BEHAVIOURS:
        if trainer not in row.trainers or (run.run.trainer is None and row.met is not _always):
            continue
        before, after = row.regime(run, run.environment), row.regime(run, new)
        met = before != after and row.met(run, new)
        if met is not False:
            found.append(_change(row, run, new, before, after, met is None))
    return tuple(found)


def _change(row: Behaviour, run: RunView, new: Environment, before: str, after: str, doubtful: bool) -> Change:
    own = not str(run.run.config).endswith("TrainingArguments")  # another class takes only what that one has
    package, since = first_release(run.environment, new, lambda at: row.regime(run, at) == after)
    return Change(
        Sort.BEHAVIOUR,
        row.name,
        before,
        after,
        since,
        package,
        Weight.MINOR if row.minor else Weight.MATTERS,
        row.means,
        row.condition if doubtful else "",
        row.pins(run, run.environment) if row.pins is not None and own and not doubtful else (),
        row.advice,
        row.source,
        row.number,
    )
