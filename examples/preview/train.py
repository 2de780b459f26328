"""Questions about the sea, trained on the answers alone."""

from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

trainer = SFTTrainer(
    model="tide-chat",
    args=SFTConfig(output_dir="tides", max_length=128),
    train_dataset=load_dataset("json", data_files="tides.jsonl", split="train"),
)
trainer.train()
