"""Supervised fine-tuning, written for TRL 0.18: what happens when the pin is raised?"""

from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

trainer = SFTTrainer(
    model="Qwen/Qwen2.5-0.5B",
    args=SFTConfig(
        output_dir="answers",
        max_seq_length=2048,
        packing=True,
        warmup_ratio=0.03,
    ),
    train_dataset=load_dataset("trl-lib/Capybara", split="train"),
)
trainer.train()
