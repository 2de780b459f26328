"""One script that several commands start, each with a recipe and flags of its own."""

from dataclasses import dataclass

from datasets import load_dataset
from trl import ModelConfig, ScriptArguments, SFTConfig, SFTTrainer, TrlParser


@dataclass
class DataArguments:
    rows: int = 1000


parser = TrlParser((DataArguments, ScriptArguments, SFTConfig, ModelConfig))
data_args, script_args, training_args, model_args = parser.parse_args_and_config()
training_args.report_to = ["tensorboard"]

dataset = load_dataset(script_args.dataset_name, split="train").select(range(data_args.rows))
trainer = SFTTrainer(model_args.model_name_or_path, args=training_args, train_dataset=dataset)
trainer.train()
