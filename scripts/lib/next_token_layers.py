"""The multi-token prediction tensors that checkpoints of some families on the hub contain, and that
transformers neither creates nor loads.

Their names are those in published index files, as documented by their loaders: transformers' own
`_keys_to_ignore_on_load_unexpected`, vLLM's and llama.cpp's converters.
"""

import re

import torch
from safetensors.torch import load_file, save_file

DTYPES = {"BF16": torch.bfloat16, "F32": torch.float32, "I64": torch.int64}

QWEN = "Qwen3-Next and Qwen3.5: `^mtp.*` of _keys_to_ignore_on_load_unexpected; names as llama.cpp's converter reads them"


def shapes(hidden, vocabulary):
    matrix, norm, table = [hidden, 2 * hidden], [hidden], [vocabulary, hidden]
    last = {"eh_proj.weight": matrix, "enorm.weight": norm, "hnorm.weight": norm, "shared_head.norm.weight": norm}
    whole = last | {"embed_tokens.weight": table, "shared_head.head.weight": table}
    qwen = {"mtp.fc.weight": matrix, "mtp.norm.weight": norm, "mtp.pre_fc_norm_embedding.weight": norm,
            "mtp.pre_fc_norm_hidden.weight": norm}
    behind = "the layer behind the last one, "
    ignored = "model\\.layers\\.N.* of _keys_to_ignore_on_load_unexpected"
    # By family: the prefix of the layer, the layer it resembles, tensors it lacks, additional tensors,
    # and the source of the names.
    return {
        "qwen3_next": ("mtp.layers.0.", "model.layers.3.", None, qwen, QWEN),
        "qwen3_5": ("mtp.layers.0.", "model.language_model.layers.3.", None, qwen, QWEN),
        "qwen3_5_moe": ("mtp.layers.0.", "model.language_model.layers.3.", None, qwen, QWEN),
        "deepseek_v3": ("model.layers.4.", "model.layers.3.", None, {"model.layers.4." + k: v for k, v in whole.items()},
                        behind + ignored.replace("N", "61")),
        "glm4_moe": ("model.layers.4.", "model.layers.3.", None, {"model.layers.4." + k: v for k, v in whole.items()},
                     behind + ignored.replace("N", "46")),
        "glm_moe_dsa": ("model.layers.4.", "model.layers.3.", None, {"model.layers.4." + k: v for k, v in whole.items()},
                        behind + ignored.replace("N", "78")),
        "glm5_next": ("model.language_model.layers.4.", "model.language_model.layers.3.", r"\.hc_",
                      {"model.language_model.layers.4." + k: v for k, v in last.items()},
                      behind + "layers\\.45\\. and shared_head of _keys_to_ignore_on_load_unexpected"),
        "deepseek_v4": ("mtp.0.", "model.layers.3.", r"compressor|indexer",
                        {"mtp.0.e_proj.weight": [hidden, hidden], "mtp.0.h_proj.weight": [hidden, hidden],
                         "mtp.0.enorm.weight": norm, "mtp.0.hnorm.weight": norm, "mtp.0.norm.weight": norm,
                         "mtp.0.hc_head_base": [2], "mtp.0.hc_head_fn": [2, 2 * hidden], "mtp.0.hc_head_scale": [1]},
                        "`(^|\\.)mtp\\..*` of _keys_to_ignore_on_load_unexpected; names as llama.cpp's converter reads them"),
        "mimo_v2_flash": ("model.mtp.layers.0.", "model.layers.0.", r"post_attention_layernorm",
                          {"model.mtp.layers.0." + k: v for k, v in {
                              "eh_proj.weight": matrix, "enorm.weight": norm, "hnorm.weight": norm,
                              "final_layernorm.weight": norm, "pre_mlp_layernorm.weight": norm}.items()},
                          "`^model\\.mtp\\.` of _keys_to_ignore_on_load_unexpected; names as llama.cpp's converter reads them"),
        "ernie4_5_moe": ("model.mtp_block.0.", "model.layers.0.", None,
                         {"model.mtp_emb_norm.0.weight": norm, "model.mtp_hidden_norm.0.weight": norm,
                          "model.mtp_linear_proj.0.weight": matrix},
                         "`mtp` of _keys_to_ignore_on_load_unexpected; names as llama.cpp's converter skips them"),
    }


def of(family, tensors, hidden, vocabulary):
    """The tensors in addition to `tensors`, by name, and the source of their names; None for most families."""
    entry = shapes(hidden, vocabulary).get(family)
    if entry is None:
        return None
    prefix, like, lacks, besides, source = entry
    out = {}
    for name, tensor in tensors.items():
        if name.startswith(like) and not (lacks and re.search(lacks, name)):
            out[prefix + name.removeprefix(like)] = tensor
    for name, shape in besides.items():
        out[name] = {"dtype": "BF16", "shape": shape}
    return {"source": source, "tensors": dict(sorted(out.items()))}


def add(folder, tensors, seed=0):
    """Adds tensors with small random values to the file in a folder."""
    file = folder / "model.safetensors"
    held = load_file(file)
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in tensors.items():
        held[name] = (torch.randn(tensor["shape"], generator=generator) * 0.02).to(DTYPES[tensor["dtype"]])
    save_file(held, file, {"format": "pt"})
