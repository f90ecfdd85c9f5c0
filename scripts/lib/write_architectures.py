"""Writes the test resource that lists the tensors of many architectures.

    python scripts/lib/write_architectures.py FILE [NAME...]

FILE, such as src/test/resources/architectures.json.gz, gets one JSON object for each model name:
`config` as its class writes it, and `tensors` as `[name, dtype, shape]`, as written by `save_pretrained`.
Models with several stacks are listed twice: with different numbers of layers in the stacks, and, as
`NAME=`, with the same number in all of them.
"""

import gzip
import json
import logging
import struct
import sys
import tempfile
import warnings
from pathlib import Path

import torch
import transformers

import small_models

MOST = 7_500_000


def header(folder):
    tensors = []
    for file in sorted(folder.glob("*.safetensors")):
        with file.open("rb") as stream:
            (size,) = struct.unpack("<Q", stream.read(8))
            entries = json.loads(stream.read(size))
        entries.pop("__metadata__", None)
        tensors += [[name, entry["dtype"], entry["shape"]] for name, entry in entries.items()]
    return sorted(tensors)


def entry(name, equal):
    model = small_models.build(name, equal, dtype=torch.bfloat16)
    count = sum(p.numel() for p in model.parameters())
    if count > MOST:
        raise ValueError(f"{count} parameters are too many")
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        config = json.loads((Path(folder) / "config.json").read_text())
        config.pop("transformers_version", None)
        return {"config": config, "tensors": header(Path(folder))}


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    file, names = Path(sys.argv[1]), sys.argv[2:]
    all_entries = json.loads(gzip.decompress(file.read_bytes())) if names and file.exists() else {}
    for name in names or small_models.MODELS:
        try:
            all_entries[name] = entry(name, equal=False)
            equal = entry(name, equal=True)
            if small_models.stacks(name) > 1 and equal["tensors"] != all_entries[name]["tensors"]:
                all_entries[name + "="] = equal
        except Exception as e:
            print(f"{name}: {type(e).__name__}: {e}", flush=True)
    text = json.dumps(dict(sorted(all_entries.items())), separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{file}: {len(all_entries)} models, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
