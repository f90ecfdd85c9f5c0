"""The formulas of linear and ties in PyTorch, tensor by tensor, for a comparison of times.

torch_merge.py METHOD OUTPUT MODEL... merges folders with one model.safetensors each; for ties the first
one is the base. Like mergekit it opens files lazily, computes in float32, and writes bfloat16. It writes
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


def main(method, output, *models):
    merge = {"linear": linear, "ties": ties}[method]
    files = [safe_open(Path(m) / "model.safetensors", framework="pt") for m in models]
    merged = {}
    with torch.no_grad():
        for name in files[0].keys():
            tensors = [f.get_tensor(name) for f in files]
            merged[name] = merge(tensors).to(tensors[0].dtype).contiguous()
    Path(output).mkdir(parents=True, exist_ok=True)
    save_file(merged, Path(output) / "model.safetensors", metadata={"format": "pt"})


main(*sys.argv[1:])
