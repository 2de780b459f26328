"""Families of models that are recognised by their names: a guess, and said to be one.

Source: the `config.json` of the families' own repositories on the Hub; model types and classes are spelt as in
`transformers/models/auto/` (5.20). Patterns match the start of the last part of the name, in lower case, and
the first that matches counts.
"""

from __future__ import annotations

import re
from typing import Any

from trl_lint.lazy import regex
from trl_lint.model.artifact import Artifact, Evidence

_TEXT_FILES = frozenset({"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"})
_PROCESSOR_FILES = _TEXT_FILES | {"preprocessor_config.json"}

# What a name shares with a family although the repository holds something else than its language model.
_OTHER_THINGS = regex(
    r"gguf|\bmlx\b|onnx|lora|adapter|peft|reward|classif|rerank|embed|\brm\b|\bprm\b|tiny-random|omni|audio|tts|asr"
)

# pattern, model_type, architecture; each has a processor.
_VISION: tuple[tuple[str, str, str], ...] = (
    (r"qwen3\.5-\d+b-a\d+b", "qwen3_5_moe", "Qwen3_5MoeForConditionalGeneration"),
    (r"qwen3\.5-", "qwen3_5", "Qwen3_5ForConditionalGeneration"),
    (r"qwen3-vl-\d+b-a\d+b", "qwen3_vl_moe", "Qwen3VLMoeForConditionalGeneration"),
    (r"qwen3-vl-", "qwen3_vl", "Qwen3VLForConditionalGeneration"),
    (r"qwen2\.5-vl-", "qwen2_5_vl", "Qwen2_5_VLForConditionalGeneration"),
    (r"qwen2-vl-|qvq-", "qwen2_vl", "Qwen2VLForConditionalGeneration"),
    (r"gemma-3n-", "gemma3n", "Gemma3nForConditionalGeneration"),
    (r"(?:med)?gemma-3-(?:4|12|27)b|medgemma-4b", "gemma3", "Gemma3ForConditionalGeneration"),
    (r"paligemma", "paligemma", "PaliGemmaForConditionalGeneration"),
    (r"(?:meta-)?llama-(?:guard-3|3\.2)-(?:11|90)b-vision", "mllama", "MllamaForConditionalGeneration"),
    (r"(?:meta-)?llama-(?:guard-)?4-", "llama4", "Llama4ForConditionalGeneration"),
    (r"smolvlm2-", "smolvlm", "SmolVLMForConditionalGeneration"),
    (r"smolvlm-|idefics3-", "idefics3", "Idefics3ForConditionalGeneration"),
    (r"idefics2-", "idefics2", "Idefics2ForConditionalGeneration"),
    (r"llava-1\.5-.*-hf$|llava-interleave-.*-hf$", "llava", "LlavaForConditionalGeneration"),
    (r"(?:llava-v1\.6|llama3-llava-next)-.*-hf$", "llava_next", "LlavaNextForConditionalGeneration"),
    (r"llava-onevision-.*-hf$", "llava_onevision", "LlavaOnevisionForConditionalGeneration"),
    (r"mistral-small-3\.[12]-|magistral-small-2509|ministral-3-", "mistral3", "Mistral3ForConditionalGeneration"),
    (r"phi-3(?:\.5)?-vision-", "phi3_v", "Phi3VForCausalLM"),
    (r"internvl\d[\d._]*-.*-hf$", "internvl", "InternVLForConditionalGeneration"),
    (r"aya-vision-", "aya_vision", "AyaVisionForConditionalGeneration"),
    (r"glm-4\.1v-", "glm4v", "Glm4vForConditionalGeneration"),
    (r"glm-4\.5v", "glm4v_moe", "Glm4vMoeForConditionalGeneration"),
    (r"lfm2-vl-", "lfm2_vl", "Lfm2VlForConditionalGeneration"),
)

# pattern, model_type, architecture; only a tokenizer.
_TEXT: tuple[tuple[str, str, str], ...] = (
    (r"qwen3-next-", "qwen3_next", "Qwen3NextForCausalLM"),
    (r"qwen3-(?:coder-)?\d+b-a\d+b", "qwen3_moe", "Qwen3MoeForCausalLM"),
    (r"qwen3-\d", "qwen3", "Qwen3ForCausalLM"),
    (r"qwen2-57b-a14b|qwen1\.5-moe-", "qwen2_moe", "Qwen2MoeForCausalLM"),
    (r"qwen(?:2|2\.5|1\.5)-(?:coder-|math-)?\d|qwq-32b|deepseek-r1-distill-qwen-", "qwen2", "Qwen2ForCausalLM"),
    (r"gemma-3-(?:1b|270m)", "gemma3_text", "Gemma3ForCausalLM"),
    (r"gemma-2-", "gemma2", "Gemma2ForCausalLM"),
    (r"(?:code)?gemma-(?:1\.1-)?[27]b", "gemma", "GemmaForCausalLM"),
    (r"(?:meta-)?llama-?(?:2-|3-|3\.1-|3\.3-)\d|(?:meta-)?llama-3\.2-[13]b", "llama", "LlamaForCausalLM"),
    (r"smollm3-", "smollm3", "SmolLM3ForCausalLM"),
    (r"smollm2?-|tinyllama|codellama-|yi-(?:1\.5-)?\d", "llama", "LlamaForCausalLM"),
    (r"deepseek-r1-distill-llama-", "llama", "LlamaForCausalLM"),
    (r"mixtral-8x", "mixtral", "MixtralForCausalLM"),
    (r"mistral-7b|mistral-nemo-|ministral-8b|mistral-small-24b|zephyr-7b", "mistral", "MistralForCausalLM"),
    (r"phi-3\.5-moe", "phimoe", "PhimoeForCausalLM"),
    (r"phi-3(?:\.5)?-(?:mini|medium)-|phi-4(?:$|-mini-(?:instruct|reasoning)|-reasoning)", "phi3", "Phi3ForCausalLM"),
    (r"phi-(?:2$|1(?:_5|\.5)?$)", "phi", "PhiForCausalLM"),
    (r"gpt-oss-", "gpt_oss", "GptOssForCausalLM"),
    (r"olmo-2-", "olmo2", "Olmo2ForCausalLM"),
    (r"granite-3\.[0-3]-[28]b-(?:base|instruct)", "granite", "GraniteForCausalLM"),
    (r"pythia-", "gpt_neox", "GPTNeoXForCausalLM"),
    (r"opt-\d", "opt", "OPTForCausalLM"),
    (r"bloomz?-\d", "bloom", "BloomForCausalLM"),
    (r"(?:distil)?gpt2(?:$|-(?:medium|large|xl)$)", "gpt2", "GPT2LMHeadModel"),
)


_WORD = regex(r"[a-z]{2,}")


def _matches(pattern: str, name: str) -> bool:
    """Whether `pattern` matches the start of `name`. Each way of matching has a word of the pattern in it, and most
    names have none: compiling all patterns takes as long as importing ten modules."""
    return any(word in name for word in _WORD.findall(pattern)) and re.match(pattern, name) is not None


def by_name(name: str) -> Artifact | None:
    """What the name of a repository suggests, or None. Chat templates are never claimed."""
    last = name.rpartition("/")[2].lower()
    if _OTHER_THINGS.search(last):
        return None
    for row in (*_VISION, *_TEXT):
        pattern, model_type, architecture = row
        if _matches(pattern, last):
            config: dict[str, Any] = {"model_type": model_type, "architectures": [architecture]}
            vision = row in _VISION
            if vision:
                config["vision_config"] = {}
            files = _PROCESSOR_FILES if vision else _TEXT_FILES
            where = f"names like {name}"
            return Artifact(name, Evidence.NAME, where=where, files=files, json_files={"config.json": config})
    return None
