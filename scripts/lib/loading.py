"""Loads a checkpoint with transformers and says what it finds wrong."""

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
    """The names in a checkpoint of layers behind the last one, which real models have under a number
    that their class knows."""
    return {name for name in held if (m := re.search(r"\blayers\.(\d+)\.", name))
            and "mtp" not in name and "visual" not in name and "vision" not in name
            and int(m[1]) >= text["num_hidden_layers"]}


def faults(folder):
    """What is wrong with a checkpoint, as texts, and the loaded model in float32."""
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
        wrong.append("config.json promises a layer for multi-token prediction, which is not there")
    return wrong, model.eval()
