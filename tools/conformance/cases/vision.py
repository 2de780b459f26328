"""Vision-language models, with and without pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .case import Case

_MODELS = ("picture", "picture-marked")
_FLAGS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("usual", {}),
    ("assistant", {"assistant_only_loss": True}),
    ("completion", {"completion_only_loss": True}),
)
_LOADED = "LlavaForConditionalGeneration"


def text_only() -> Iterator[Case]:
    """Text alone, on a model that also takes pictures: the case that this linter began with."""
    for model in _MODELS:
        for processing in ("", "tokenizer", "processor"):
            for loaded in ("", _LOADED):
                for flag, config in _FLAGS[:2]:
                    yield Case(
                        f"vision/text/{model}/{processing or 'none'}/{'class' if loaded else 'path'}/{flag}",
                        model=model,
                        processing=processing,
                        loaded=loaded,
                        config=config,
                    )
    for kind in ("chatpairs", "pairs", "text", "chat-parts", "chat-no_pictures"):
        for processing in ("", "tokenizer"):
            for flag, config in _FLAGS:
                if flag != "assistant" or kind.startswith("chat"):
                    yield Case(
                        f"vision/{kind}/{processing or 'none'}/{flag}",
                        model="picture-marked",
                        data=kind,
                        processing=processing,
                        config=config,
                    )
    for processing in ("", "tokenizer"):
        yield Case(
            f"vision/packed/{processing or 'none'}",
            model="picture-marked",
            processing=processing,
            config={"packing": True, "max_length": 64},
        )
        yield Case(
            f"vision/padding-free/{processing or 'none'}",
            model="picture-marked",
            processing=processing,
            config={"padding_free": True, "max_length": None},
        )
    yield Case("vision/causal", model="picture-marked", loaded="AutoModelForCausalLM")
    yield Case("vision/causal/tokenizer", model="picture-marked", loaded="AutoModelForCausalLM", processing="tokenizer")
    yield Case("vision/image-text", model="picture-marked", loaded="AutoModelForImageTextToText")
    yield Case(
        "vision/image-text/tokenizer",
        model="picture-marked",
        loaded="AutoModelForImageTextToText",
        processing="tokenizer",
        config={"assistant_only_loss": True},
    )
    yield Case(
        "vision/inner-tokenizer",
        model="picture-marked",
        processing="processor",
        config={"assistant_only_loss": True},
        setup=["tokenizer = processor.tokenizer"],
        arguments={"processing_class": _code("tokenizer")},
    )


def _code(text: str) -> object:
    from .case import Code

    return Code(text)


def pictured() -> Iterator[Case]:
    """Rows with pictures."""
    for kind in ("pictures", "pictures-plain", "pictures-single", "pictures-pairs"):
        for flag, config in _FLAGS:
            yield Case(
                f"vision/{kind}/{flag}", model="picture-marked", data=kind, config={"max_length": None, **config}
            )
        yield Case(f"vision/{kind}/text-model", model="marked", data=kind, config={"max_length": None})
        yield Case(
            f"vision/{kind}/tokenizer",
            model="picture-marked",
            data=kind,
            processing="tokenizer",
            config={"max_length": None},
        )
    yield Case(
        "vision/pictures/plain-template", model="picture", data="pictures", config={"max_length": None, **_FLAGS[1][1]}
    )
    yield Case(
        "vision/pictures/packed", model="picture-marked", data="pictures", config={"packing": True, "max_length": 128}
    )
    yield Case("vision/pictures/usual-length", model="picture-marked", data="pictures")
    yield Case("vision/pictures/cut", model="picture-marked", data="pictures", config={"max_length": 8})
    yield Case("vision/pictures/cut-late", model="picture-marked", data="pictures", config={"max_length": 40})
    yield Case(
        "vision/pictures/processor",
        model="picture-marked",
        data="pictures",
        processing="processor",
        config={"max_length": None},
    )
    yield Case(
        "vision/pictures/streamed", model="picture-marked", data="pictures", streamed=True, config={"max_length": None}
    )
