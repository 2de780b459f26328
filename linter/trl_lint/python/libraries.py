"""What is taken for granted of packages: which are libraries, and which of their functions change their arguments.

A library is trusted not to change the containers that it is given. A package that is not named here may be a
module of the project, and may do anything with them.
"""

from __future__ import annotations

import sys

from trl_lint.python.words import words

WATCHED = frozenset({"trl", "transformers", "peft", "datasets", "unsloth", "accelerate"})

TRUSTED = (
    WATCHED
    | words("""
unsloth_zoo torch torchvision torchaudio numpy pandas pyarrow polars scipy sklearn matplotlib seaborn PIL
huggingface_hub tokenizers safetensors evaluate bitsandbytes deepspeed vllm xformers flash_attn liger_kernel
wandb mlflow comet_ml neptune tensorboard tensorboardX swanlab trackio tqdm rich loguru click typer hydra
omegaconf pydantic yaml ruamel tomli toml dotenv requests httpx aiohttp openai anthropic litellm tiktoken
sentencepiece jinja2 boto3 sagemaker google modal ray fire absl gradio streamlit spaces IPython jsonlines
orjson einops nltk rouge_score sacrebleu math_verify latex2sympy2_extended packaging psutil kernels optimum
auto_gptq autoawq awq gptqmodel jax flax tensorflow pytest
""")
    | frozenset(sys.stdlib_module_names)
) - {"__main__"}

CHANGES_ARGUMENTS = words("""
random.shuffle heapq.heappush heapq.heappop heapq.heapify heapq.heapreplace heapq.heappushpop bisect.insort
bisect.insort_left bisect.insort_right operator.setitem operator.delitem operator.iadd operator.ior
numpy.random.shuffle yaml.add_constructor
""")

PARSERS = {
    "argparse": ("parse_args", "parse_known_args", "parse_intermixed_args"),
    "transformers": ("parse_args_into_dataclasses", "parse_json_file", "parse_yaml_file", "parse_dict"),
    "trl": ("parse_args_and_config", "parse_args_into_dataclasses", "parse_args", "parse_dict", "parse_yaml_file"),
}

HARMLESS_DECORATORS = words("""
torch.no_grad torch.inference_mode torch.compiler.disable typing.no_type_check typing.overload typing.final
torch.distributed.elastic.multiprocessing.errors.record builtins.staticmethod builtins.classmethod
builtins.property abc.abstractmethod marimo.App.function marimo.App.class_definition
""")

ENDS_PROCESS = frozenset({"sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit", "pytest.skip"})


def is_parser(dotted: str) -> bool:
    """Whether something of this name reads a command line, or says what stands there."""
    root = dotted.partition(".")[0]
    return (dotted.endswith("Parser") and root in PARSERS) or root in ("click", "typer", "hydra")


def is_trusted(dotted: str) -> bool:
    """Whether this name belongs to a library that leaves the containers it is given alone."""
    return dotted.partition(".")[0] in TRUSTED and dotted not in CHANGES_ARGUMENTS


def is_class_name(dotted: str) -> bool:
    """Whether the last part looks like that of a class: then it is neither None nor false."""
    last = dotted.rpartition(".")[2]
    return last[:1].isupper() and not last.isupper()
