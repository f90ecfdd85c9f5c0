"""For each architecture, extracts an adapter from a small model, loads it with PEFT and compares outputs.

    python scripts/lib/check_adapters.py EXTRACT FOLDER [NAME...]

EXTRACT is the command mergekit-extract-lora; the models are written to FOLDER. Prints a Markdown table.
The fine-tune changes every tensor of the base model. Linear ones get a change of rank 4, which the adapter
can represent.
"""

import inspect
import logging
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers

import small_models

RANK = 4


def tuned(name):
    """The base model with every tensor changed."""
    model = small_models.build(name)
    generator = torch.Generator().manual_seed(1)
    convolutions = {
        id(module.weight)
        for module in model.modules()
        if isinstance(module, (torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d)) and module.groups == 1
    }
    for parameter in model.parameters():
        shape = parameter.shape
        if parameter.dim() == 2 and min(shape) > RANK:
            left = torch.randn(shape[0], RANK, generator=generator)
            right = torch.randn(RANK, shape[1], generator=generator)
            parameter.data = parameter.data + left @ right * 0.02
        elif id(parameter) in convolutions:
            left = torch.randn(shape[0], RANK, generator=generator)
            right = torch.randn(RANK, shape[1:].numel(), generator=generator)
            parameter.data = parameter.data + (left @ right * 0.02).reshape(shape)
        elif parameter.dim() == 3 and min(shape[1:]) > RANK:
            left = torch.randn(shape[0], shape[1], RANK, generator=generator)
            right = torch.randn(shape[0], RANK, shape[2], generator=generator)
            parameter.data = parameter.data + left @ right * 0.02
        else:
            parameter.data = parameter.data + torch.randn(shape, generator=generator) * 0.02
    return model


def inputs(model):
    """Inputs that the model accepts, derived from the names of its parameters."""
    config = model.config
    wanted = inspect.signature(model.forward).parameters
    given = {}
    parts = [config] + [getattr(config, key) for key in ("text_config", "vision_config") if hasattr(config, key)]
    if "input_ids" in wanted:
        given["input_ids"] = torch.arange(4, 20)[None] % 60 + 3
        if getattr(config, "is_encoder_decoder", False):
            given["decoder_input_ids"] = torch.arange(5, 13)[None]
    elif "pixel_values" in wanted:
        size = next((p.image_size for p in parts if hasattr(p, "image_size")), 32)
        size = size if isinstance(size, int) else size[0]
        given["pixel_values"] = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(2))
    if config.model_type in ("clip", "siglip", "clipseg", "owlvit", "groupvit", "blip", "vilt"):
        given["pixel_values"] = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    if config.model_type == "whisper":
        given = {
            "input_features": torch.randn(1, config.num_mel_bins, 2 * config.max_source_positions,
                                          generator=torch.Generator().manual_seed(2)),
            "decoder_input_ids": torch.arange(5, 13)[None],
        }
    if config.model_type in ("wav2vec2", "hubert", "wavlm", "wav2vec2-conformer"):
        given = {"input_values": torch.randn(1, 4000, generator=torch.Generator().manual_seed(2))}
    return given


def output(model, given):
    with torch.no_grad():
        out = model(**given, return_dict=True)
    for key in ("logits", "logits_per_image", "last_hidden_state", "prediction_logits", "pred_masks"):
        if out.get(key) is not None:
            return out[key].float()
    raise ValueError("no output to compare")


def check(name, extract, folder):
    model_class = getattr(transformers, small_models.MODELS[name][0])
    base, tune, out = (folder / part for part in ("base", "tuned", "adapter"))
    for path in (base, tune, out):
        shutil.rmtree(path, ignore_errors=True)
    small_models.build(name).save_pretrained(base)
    tuned(name).save_pretrained(tune)
    run = subprocess.run([*extract, str(tune), str(base), str(out), "--rank", "8", "-q"], capture_output=True, text=True)
    said = " ".join(run.stderr.split())
    if run.returncode != 0:
        return "refused", "", said[:300]
    loaded = model_class.from_pretrained(base).eval()
    before = model_class.from_pretrained(base).eval()
    after = model_class.from_pretrained(tune).eval()
    try:
        adapted = peft.PeftModel.from_pretrained(loaded, out).eval()
    except Exception as e:
        return "DOES NOT LOAD", "", f"{type(e).__name__}: {str(e)[:200]}"
    try:
        given = inputs(before)
        wanted, start = output(after, given), output(before, given)
        got = output(adapted.base_model.model, given)
    except Exception as e:
        return "loads", "", f"output not compared ({type(e).__name__}: {str(e)[:80]})"
    moved = (wanted - start).norm().item()
    error = (wanted - got).norm().item() / moved if moved else 0.0
    exact = error < 1e-3
    result = "equal" if exact else "warned" if said else "WRONG"
    return result, f"{error:.1e}", said[:300]


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    extract, folder, names = sys.argv[1].split(), Path(sys.argv[2]), sys.argv[3:]
    print(f"transformers {transformers.__version__}, PEFT {peft.__version__}, torch {torch.__version__}\n")
    print("| architecture | result | error | remark |\n|---|---|---|---|")
    failed = 0
    for name in names or small_models.MODELS:
        try:
            result, error, remark = check(name, extract, folder)
        except Exception as e:
            result, error, remark = "not tried", "", f"{type(e).__name__}: {str(e)[:120]}"
        failed += result.isupper()
        remark = " ".join(remark.split()).replace("|", "\\|")
        print(f"| {name} | {result} | {error} | {remark} |", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
