"""Teach Qwen3.5 our own conversations: text only, with the loss on the assistant's words alone."""

from datasets import load_dataset
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

MODEL = "qwen3.5-4b-base"

CHAT_TEMPLATE = """\
{%- for message in messages -%}
[{{ message.role }}]
{% if message.role == "assistant" -%}
{% generation %}{{ message.content }}{{ eos_token }}{% endgeneration %}
{% else -%}
{{ message.content }}
{% endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
[assistant]
{% endif -%}
"""

tokenizer = AutoTokenizer.from_pretrained(MODEL)
tokenizer.chat_template = CHAT_TEMPLATE

trainer = SFTTrainer(
    model=MODEL,
    args=SFTConfig(output_dir="answers", assistant_only_loss=True),
    train_dataset=load_dataset("json", data_files="data.jsonl", split="train"),
)
trainer.train()
