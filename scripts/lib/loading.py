"""Loads a checkpoint with transformers and reports errors."""

import json
import re

import torch
import transformers
from safetensors import safe_open


def names(folder):
    held = []
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, "pt") as tensors:
            held += tensors.keys()
    return held


def next_token_layers(text, held):
    """The names in a checkpoint that belong to layers after the last one. In real models these have
    numbers that their class knows."""
    return {name for name in held if (m := re.search(r"\blayers\.(\d+)\.", name))
            and "mtp" not in name and "visual" not in name and "vision" not in name
            and int(m[1]) >= text["num_hidden_layers"]}


def faults(folder):
    """The errors in a checkpoint, as text, and the loaded model in float32."""
    config = json.loads((folder / "config.json").read_text())
    model_class = getattr(transformers, config["architectures"][0])
    model, info = model_class.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
    text = config.get("text_config", config)
    held = names(folder)
    behind = next_token_layers(text, held)
    wrong = []
    for kind, keys in info.items():
        keys = {str(key) for key in keys}
        left = sorted(keys - next_token_layers(text, keys) if kind == "unexpected_keys" else keys)
        if left:
            wrong.append(f"{len(left)} {kind.replace('_', ' ')}, such as {left[0]}")
    promised = text.get("num_nextn_predict_layers") or text.get("mtp_num_hidden_layers") or 0
    given = bool(behind) or any("mtp" in name for name in held)
    if promised and not given:
        wrong.append("config.json declares a layer for multi-token prediction, but there is none")
    return wrong, model.eval()
