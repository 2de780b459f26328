"""Model and processing class that helpers of TRL and Unsloth give back."""

from __future__ import annotations

import textwrap

from trl_lint.assembly.python_runs import runs
from trl_lint.model.run import How, Run
from trl_lint.model.source import Kind, Source
from trl_lint.model.value import Known
from trl_lint.python.front import understand


def only(text: str) -> Run:
    """The one run of a script."""
    (run,) = runs(understand(Source("train.py", Kind.PYTHON, textwrap.dedent(text))))
    return run


def name(run: Run) -> object:
    assert isinstance(run.model.name, Known)
    return run.model.name.value


def test_setting_a_chat_format_keeps_model_and_tokenizer_and_changes_the_tokenizer() -> None:
    run = only(
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from trl import SFTTrainer, setup_chat_format

        model = AutoModelForCausalLM.from_pretrained("a/b")
        tokenizer = AutoTokenizer.from_pretrained("a/b")
        model, tokenizer = setup_chat_format(model, tokenizer)
        SFTTrainer(model, processing_class=tokenizer)
        """
    )
    assert (name(run), run.processing.how, run.processing.loader) == ("a/b", How.LOADED, "transformers.AutoTokenizer")
    assert ("escape", "setup_chat_format") in [(edit.kind, edit.name) for edit in run.processing.edits]
    assert run.spare == ()


def test_what_unsloth_loads_and_adapts() -> None:
    run = only(
        """
        from unsloth import FastLanguageModel
        from trl import SFTTrainer

        model, tokenizer = FastLanguageModel.from_pretrained("a/b", load_in_4bit=True)
        model = FastLanguageModel.get_peft_model(model, r=16)
        SFTTrainer(model=model, tokenizer=tokenizer)
        """
    )
    assert (name(run), run.model.adapted) == ("a/b", True)
    assert (run.processing.how, run.processing.loader) == (How.LOADED, "unsloth.FastLanguageModel")


def test_the_tokenizer_that_unsloth_gives_a_template() -> None:
    run = only(
        """
        from unsloth import FastLanguageModel
        from unsloth.chat_templates import get_chat_template
        from trl import SFTTrainer

        model, tokenizer = FastLanguageModel.from_pretrained("a/b")
        tokenizer = get_chat_template(tokenizer, chat_template="llama-3.1")
        SFTTrainer(model=model, tokenizer=tokenizer)
        """
    )
    assert (run.processing.how, run.processing.loader) == (How.LOADED, "unsloth.FastLanguageModel")
    assert ("escape", "get_chat_template") in [(edit.kind, edit.name) for edit in run.processing.edits]


def test_another_tuple_is_not_understood() -> None:
    run = only(
        """
        from somewhere import load
        from trl import SFTTrainer

        model, tokenizer = load("a/b")
        SFTTrainer(model=model, processing_class=tokenizer)
        """
    )
    assert (run.model.how, run.processing.how) == (How.UNKNOWN, How.UNKNOWN)
