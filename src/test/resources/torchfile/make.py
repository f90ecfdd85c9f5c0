"""Writes the checkpoints of this folder with PyTorch itself (they are from 1.13.1):

    python3 make.py FOLDER

Element i of every tensor below that is not said to be otherwise is i, in the order of its storage.
"""

import collections
import os
import sys

import torch


def views():
    plain = torch.arange(24, dtype=torch.float32).reshape(4, 6)
    shared = torch.arange(12, dtype=torch.bfloat16).reshape(3, 4)
    return collections.OrderedDict(
        plain=plain,
        transposed=plain.t(),
        columns=plain[:, 1::2],
        rows=plain[2:],
        permuted=torch.arange(24, dtype=torch.float32).reshape(2, 3, 4).permute(2, 0, 1),
        expanded=torch.arange(3, dtype=torch.float32).unsqueeze(0).expand(2, 3),
        embedding=shared,
        head=shared,
        scalar=torch.tensor(7.0),
        empty=torch.empty(0, 5),
        parameter=torch.nn.Parameter(torch.arange(4, dtype=torch.float16)),
    )


def dtypes():
    names = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split()
    return {name: torch.arange(2).to(getattr(torch, name)) for name in names}


def training():
    """What training scripts save: the model's tensors below other things."""
    state = torch.nn.Linear(3, 2).state_dict()
    state["weight"] = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    state["bias"] = torch.arange(2, dtype=torch.float32)
    attribute = torch.arange(3, dtype=torch.float32)
    attribute.sequence_parallel = True
    state["with_attribute"] = attribute
    moments = {"step": 3, "exp_avg": torch.zeros(6)}
    return {
        "epoch": 3,
        "loss": 0.25,
        "state_dict": state,
        "optimizer": {"state": {0: moments}, "param_groups": [{"lr": 1e-3, "params": [0]}]},
        "rng": torch.get_rng_state()[:16],
        "note": None,
        "seen": {1, 2},
        "raw": b"\xff\x00",
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "size": torch.Size([2, 3]),
    }


def main(folder):
    os.chdir(folder)
    for name, saved in [("views", views()), ("dtypes", dtypes()), ("training", training())]:
        torch.save(saved, name + "-zip.bin")
        torch.save(saved, name + "-stream.bin", _use_new_zipfile_serialization=False)
    torch.save(views(), "protocol-4-zip.bin", pickle_protocol=4)
    torch.save(
        views(), "protocol-5-stream.bin", pickle_protocol=5, _use_new_zipfile_serialization=False
    )


main(sys.argv[1])
