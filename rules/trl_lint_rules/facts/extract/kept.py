"""Which files of a package the facts are read from, by their path inside the wheel."""

from __future__ import annotations

import re

KEPT = {
    "trl": re.compile(r"trl/.*\.(py|jinja)"),
    "transformers": re.compile(
        r"transformers/(training_args|training_args_seq2seq|trainer|trainer_utils|trainer_pt_utils|debug_utils"
        r"|optimization|hf_argparser)\.py|transformers/utils/generic\.py|transformers/models/auto/\w+\.py"
    ),
    "peft": re.compile(r"peft/config\.py|peft/utils/\w+\.py|peft/tuners/\w+\.py|peft/tuners/\w+/(__init__|config)\.py"),
    "unsloth": re.compile(r"unsloth/(trainer|models/rl|models/rl_config_compat)\.py"),
    "unsloth_zoo": re.compile(r"unsloth_zoo/dataset_utils\.py"),
}

LARGEST = 8 << 20  # bytes; the largest file that is read is below 0.5 MB
