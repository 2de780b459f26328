#!/bin/bash
GPUS=${GPUS:-8}

# On the large machine, then on one with less memory.
accelerate launch --num_processes $GPUS train.py --config recipe.yaml
accelerate launch --num_processes 2 train.py --config recipe.yaml \
    --per_device_train_batch_size 2 --gradient_accumulation_steps 8 --max_length 1024
