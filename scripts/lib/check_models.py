"""Merges small models of many families and loads the outputs with transformers.

    python scripts/lib/check_models.py SCRIPTS FOLDER [FAMILY...] [COLUMN...]

SCRIPTS is the folder of the commands; the models are written to FOLDER. COLUMN arguments select the checks.
Prints a Markdown table. A merge passes if no key is missing, unexpected or of another shape, and the logits
are finite. An adapter passes if PEFT loads it for the base model and the logits equal those of the fine-tune
up to bfloat16 rounding, or if a warning says what it lacks.
"""

import json
import logging
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import peft
import torch
import transformers

import families
import loading
import next_token_layers
from write_architectures import header

# The largest error of bfloat16 factors, relative to the fine-tune's change.
ROUNDING = 2.5e-2

COLUMNS = ["linear", "ties", "passthrough", "slices", "extract", "moe"]
LINEAR = """
merge_method: linear
models: [{model: a, parameters: {weight: 0.5}}, {model: b, parameters: {weight: 0.5}}]
"""
TIES = """
merge_method: ties
base_model: base
models: [{model: a, parameters: {weight: 0.5, density: 0.5}}, {model: b, parameters: {weight: 0.5, density: 0.5}}]
"""
PASSTHROUGH = "merge_method: passthrough\nmodels: [{model: a}]\n"


def stacked(family):
    ranges = [{"sources": [{"model": "a", "layer_range": r}]} for r in families.slices(family)]
    return json.dumps({"merge_method": "passthrough", "slices": ranges})


def write(family, folder, seed):
    model = families.build(family, seed)
    model.save_pretrained(folder)
    config = model.config.get_text_config()
    tensors = {name: {"dtype": dtype, "shape": shape} for name, dtype, shape in header(folder)}
    extra = next_token_layers.of(family, tensors, config.hidden_size, config.vocab_size)
    if extra:
        next_token_layers.add(folder, extra["tensors"], seed)


def output(model):
    ids = torch.arange(4, 20)[None]
    with torch.no_grad():
        return model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits


def result(command, folder, name):
    """The result of a command in one word, and a remark."""
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    said = " ".join(line for line in run.stderr.splitlines() if "error" in line or "warning" in line)
    if run.returncode != 0:
        return "refused", said or run.stderr[-300:]
    try:
        word, wrong = adapter(folder, said) if name == "extract" else merged(folder / name)
    except Exception as e:
        word, wrong = "WRONG", f"{type(e).__name__}: {str(e)[:200]}"
    return word, wrong or said


def merged(folder):
    wrong, model = loading.faults(folder)
    if not torch.isfinite(output(model)).all():
        wrong.append("logits are not finite")
    return ("WRONG", "; ".join(wrong)) if wrong else ("loads", "")


def adapter(folder, warnings):
    base, tuned = loading.faults(folder / "base")[1], loading.faults(folder / "a")[1]
    wanted, start = output(tuned), output(base)
    adapted = peft.PeftModel.from_pretrained(base, folder / "extract").eval()
    error = (wanted - output(adapted)).norm() / (wanted - start).norm()
    if error < ROUNDING:
        return "equal", ""
    return "warned" if warnings else "WRONG", f"error {error:.0e} {warnings}"


def commands(scripts, folder, family):
    recipes = {"linear": LINEAR, "ties": TIES, "passthrough": PASSTHROUGH, "slices": stacked(family)}
    for name, recipe in recipes.items():
        (folder / f"{name}.yml").write_text(recipe)
        yield name, [scripts / "mergekit-yaml", f"{name}.yml", name, "-q"]
    yield "extract", [scripts / "mergekit-extract-lora", "a", "base", "extract", "--rank", "96", "-q"]
    (folder / "moe.yml").write_text(json.dumps({
        "base_model": "base", "gate_mode": "random", "experts": [{"source_model": "a"}, {"source_model": "b"}]}))
    yield "moe", [scripts / "mergekit-moe", "moe.yml", "moe", "-q"]


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    scripts, folder, names = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3:]
    columns = [name for name in names if name in COLUMNS] or COLUMNS
    names = [name for name in names if name not in COLUMNS]
    print(f"transformers {transformers.__version__}, torch {torch.__version__}\n")
    print("| family | linear | ties | passthrough | slices | extract | moe | remarks |\n|---|---|---|---|---|---|---|---|")
    failed = 0
    for family in names or families.FAMILIES:
        place = folder / family
        for seed, name in enumerate(("base", "a", "b")):
            write(family, place / name, seed)
        cells, remarks = [], []
        for name, command in commands(scripts, place, family):
            if name not in columns:
                cells.append("")
                continue
            word, said = result(command, place, name)
            failed += word == "WRONG"
            cells.append(word)
            if said and (name != "moe" or word != "refused"):
                remarks.append(f"{name}: {' '.join(said.split())[:600]}")
        shutil.rmtree(place)
        print(f"| {family} | {' | '.join(cells)} | {'; '.join(remarks).replace('|', chr(92) + '|')} |", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
