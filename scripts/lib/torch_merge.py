"""The formulas of linear and ties in PyTorch, tensor by tensor, for a comparison of times.

torch_merge.py METHOD OUTPUT MODEL... merges folders with safetensors files; for ties the first one is
the base. Like mergekit it opens files lazily, computes in float32, and writes bfloat16. It writes
weights only. `docs/performance.md` has the result.
"""

import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

WEIGHTS = (0.5, 0.5)
DENSITY = 0.5


def linear(tensors):
    total = sum(w * t.float() for w, t in zip(WEIGHTS, tensors, strict=True))
    return total / sum(WEIGHTS)


def trim(delta):
    kept = max(int(DENSITY * delta.numel()), 1)
    indices = torch.topk(delta.abs().view(-1), kept, sorted=False).indices
    mask = torch.zeros(delta.numel(), dtype=torch.bool)
    mask[indices] = True
    return torch.where(mask.view(delta.shape), delta, torch.zeros(()))


def ties(tensors):
    base = tensors[0].float()
    weighted = torch.stack([w * trim(t.float() - base) for w, t in zip(WEIGHTS, tensors[1:], strict=True)])
    sign = torch.where(weighted.sum(dim=0) >= 0, 1.0, -1.0)
    agrees = weighted.sign() == sign
    shape = (-1,) + (1,) * base.dim()
    divisor = (agrees * torch.tensor(WEIGHTS).view(shape)).sum(dim=0)
    merged = (weighted * agrees).sum(dim=0) / torch.where(divisor == 0, torch.ones(()), divisor)
    return base + merged


def open_model(folder):
    """Each tensor's name with the open file that contains it."""
    files = [safe_open(path, framework="pt") for path in sorted(Path(folder).glob("*.safetensors"))]
    return {name: file for file in files for name in file.keys()}


def main(method, output, *models):
    merge = {"linear": linear, "ties": ties}[method]
    opened = [open_model(m) for m in models]
    merged = {}
    with torch.no_grad():
        for name in opened[0]:
            tensors = [m[name].get_tensor(name) for m in opened]
            merged[name] = merge(tensors).to(tensors[0].dtype).contiguous()
    Path(output).mkdir(parents=True, exist_ok=True)
    save_file(merged, Path(output) / "model.safetensors", metadata={"format": "pt"})


main(*sys.argv[1:])
