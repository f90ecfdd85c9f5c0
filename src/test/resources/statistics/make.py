"""Writes base.json: figures of the statistics of examples/evolve/models/base that PyTorch computes.

Run with PyTorch and transformers, in float64, from the root of the repository:
python make.py > base.json
"""

import collections
import json

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = "examples/evolve/models/base"
DATA = "examples/evolve/tasks/add.search.jsonl"
TEXTS = 40

model = AutoModelForCausalLM.from_pretrained(
    MODEL, dtype=torch.float64, attn_implementation="eager"
)
tokenizer = AutoTokenizer.from_pretrained(MODEL)
grams = collections.defaultdict(float)
fisher = collections.defaultdict(float)
tokens = 0


def keep(name):
    def hook(module, inputs, output):
        x = inputs[0].detach().reshape(-1, inputs[0].shape[-1])
        grams[name] = grams[name] + x.T @ x

    return hook


def figures(values):
    """The norm, and the product with a pattern, which depends on the order of the elements."""
    flat = values.detach().flatten()
    pattern = torch.cos(torch.arange(len(flat), dtype=torch.float64))
    return {"norm": flat.norm().item(), "dot": flat.dot(pattern).item()}


for name, module in model.named_modules():
    if isinstance(module, torch.nn.Linear):
        module.register_forward_hook(keep(name + ".weight"))
with open(DATA) as lines:
    items = [json.loads(line) for line in lines][:TEXTS]
for item in items:
    text = item["context"] + item["continuation"]
    plain = tokenizer(text, add_special_tokens=False)["input_ids"]
    ids = torch.tensor([tokenizer.bos_token_id, *plain, tokenizer.eos_token_id])
    tokens += len(ids)
    model.zero_grad()
    logits = model(ids[None]).logits[0, :-1]
    logits.log_softmax(-1).gather(1, ids[1:, None]).sum().backward()
    for name, parameter in model.named_parameters():
        fisher[name] = fisher[name] + parameter.grad**2
result = {
    "texts": len(items),
    "tokens": tokens,
    "gram": {n: figures(g / tokens) for n, g in grams.items()},
    "fisher": {n: figures(f / len(items)) for n, f in fisher.items()},
}
print(json.dumps(result, indent=1))
