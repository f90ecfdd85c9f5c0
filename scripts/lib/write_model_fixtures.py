"""Writes the test resources that list what checkpoints of a family contain.

    python scripts/lib/write_model_fixtures.py FOLDER [FAMILY...]

FOLDER is src/test/resources/jmergekit/models. Each FAMILY.json in it contains
`config`: config.json as transformers writes it;
`slices`: layer ranges that can be stacked into another model of the family;
`tensors`: name to dtype and shape, as written by `save_pretrained`, which is the layout on the hub;
`memory`: the same for tensors that the class holds under other names or in other shapes, as in files with
transformers' own layout;
`extra`: tensors in files on the hub that transformers does not load, with the source of their names.
A family is written only if transformers loads `tensors` and `extra` without missing or unexpected keys and
without shape mismatches.
"""

import json
import logging
import sys
import tempfile
import warnings
from pathlib import Path

import transformers

import families
import loading
import next_token_layers
from write_architectures import header


def entries(folder):
    return {name: {"dtype": dtype, "shape": shape} for name, dtype, shape in header(folder)}


def fixture(family):
    model = families.build(family)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model.save_pretrained(folder)
        tensors = entries(folder)
        config = json.loads((folder / "config.json").read_text())
        text = config.get("text_config", config)
        out = {"config": config, "slices": families.slices(family), "tensors": tensors}
        memory = {
            key: {"dtype": next(k for k, d in next_token_layers.DTYPES.items() if d == value.dtype), "shape": list(value.shape)}
            for key, value in model.state_dict().items()
        }
        tied = model.all_tied_weights_keys
        other = {key: value for key, value in sorted(memory.items()) if tensors.get(key) != value and key not in tied}
        if other:
            out["memory"] = other
        extra = next_token_layers.of(family, tensors, text["hidden_size"], text["vocab_size"])
        if extra:
            out["extra"] = extra
            next_token_layers.add(folder, extra["tensors"])
        wrong = loading.faults(folder)[0]
        if wrong:
            raise ValueError(f"does not load: {wrong}")
        return out


def text(fixture):
    """Formats a fixture, with one tensor per line."""
    def lines(tensors):
        return "{\n" + ",\n".join(f'  {json.dumps(k)}: {json.dumps(v)}' for k, v in tensors.items()) + "\n }"

    parts = [f'"config": {json.dumps(fixture["config"])}']
    parts.append(f'"slices": {json.dumps(fixture["slices"])}')
    parts += [f'"{key}": {lines(fixture[key])}' for key in ("tensors", "memory") if key in fixture]
    if "extra" in fixture:
        extra = fixture["extra"]
        parts.append(f'"extra": {{"source": {json.dumps(extra["source"])}, "tensors": {lines(extra["tensors"])}}}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for family in sys.argv[2:] or families.FAMILIES:
        try:
            (folder / f"{family}.json").write_text(text(fixture(family)))
        except Exception as e:
            print(f"{family}: {type(e).__name__}: {e}", flush=True)
            failed += 1
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
