"""Writes the module names that transformers uses after loading a checkpoint.

    python scripts/lib/write_loader_names.py FILE [NAME...]

With model names, only their entries are updated. FILE is src/main/resources/jmergekit/arch/loader-names.json.
For each class whose modules are renamed, or that has several names for one tensor, it contains:
`renamed`: name prefixes, with `*` for a number, and their replacements;
`fused`: modules, several of which become one tensor;
`factors_of_fused`: whether PEFT nevertheless accepts factors of these modules;
`parameters`: three-dimensional expert tensors after loading, where PEFT has no factors of modules;
`transposed`: whether these are `[experts, in, out]`;
`swapped`: whether PEFT assumes the other layout;
`opaque`: modules with a matrix that PEFT has no factors for, by their names after loading;
`embeddings`: modules used for row lookup;
`shared`: modules that several layers share;
`tied`: names of the same tensor, starting with the one in files.
"""

import json
import logging
import re
import sys
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from peft.utils import transformers_weight_conversion as conversion
from transformers.conversion_mapping import get_model_conversion_mapping
from transformers.core_model_loading import WeightConverter, WeightRenaming, rename_source_key

import families
import small_models
import write_architectures
from write_architectures import entry, header

# Only the checkpoints of the tests must be small.
write_architectures.MOST = float("inf")

LINEAR = (
    torch.nn.Linear,
    torch.nn.Embedding,
    torch.nn.Conv1d,
    torch.nn.Conv2d,
    torch.nn.Conv3d,
    transformers.pytorch_utils.Conv1D,
)


def folded(name):
    return re.sub(r"(?<=\.)\d+(?=\.|$)", "*", name)


def beginnings(old, new, others):
    """The two names without their common trailing parts, but long enough to distinguish the old one from
    `others`, which are not renamed in this way."""
    old, new, end = old.split("."), new.split("."), []
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        end.append(old.pop())
        new.pop()
    while end and any((other + ".").startswith(".".join(old) + ".") for other in others):
        part = end.pop()
        old.append(part)
        new.append(part)
    return ".".join(old), ".".join(new)


def has_factors(model_type, fused):
    """Whether PEFT converts the factors of the modules to factors of the fused tensor."""
    base = conversion._MODEL_TO_CONVERSION_PATTERN.get(model_type)
    names = conversion._MOE_TARGET_MODULE_MAPPING.get(base, {})
    return all(module.split(".")[-1] in names for module in fused)


def written(model):
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return header(Path(folder))


def expert_parameters(model):
    """By module, the fused expert tensors that PEFT can use as parameters."""
    found = {}
    for name, module in model.named_modules():
        own = dict(module.named_parameters(recurse=False))
        gate_up, down = own.get("gate_up_proj"), own.get("down_proj")
        if gate_up is None or down is None or gate_up.dim() != 3 or down.dim() != 3:
            continue
        if gate_up.shape[1] == 2 * down.shape[2]:
            found[name] = False
        elif gate_up.shape[2] == 2 * down.shape[1]:
            found[name] = True
    return found


def facts(model, saved):
    known = set(model.state_dict())
    conversions = get_model_conversion_mapping(model)
    renamings = [c for c in conversions if not isinstance(c, WeightConverter)]
    converters = [c for c in conversions if isinstance(c, WeightConverter)]
    renames, kept, fused, moved = [], [], set(), set()
    for old in saved:
        new, pattern = rename_source_key(old, renamings, converters, "", None)[:2]
        if new not in known:
            continue
        if pattern is not None:
            fused.add(folded(old.rpartition(".")[0]))
            before, after = (folded(key.split(".experts")[0]) for key in (old, new))
            if before != after and all(".experts." in key for key in (old, new)):
                moved.add((before + ".experts", after + ".experts"))
        elif new != old:
            renames.append((folded(old), folded(new)))
        else:
            kept.append(folded(old))
    renamed = {beginnings(old, new, kept) for old, new in renames}
    opaque = {
        folded(module)
        for module, value in model.named_modules()
        if isinstance(getattr(value, "weight", None), torch.nn.Parameter)
        and value.weight.dim() > 1
        and (not isinstance(value, LINEAR) or 1 < getattr(value, "groups", 1) < value.weight.shape[0])
    }
    embeddings = {
        folded(module) for module, value in model.named_modules() if isinstance(value, torch.nn.Embedding)
    }
    groups = {}
    for key, parameter in model.named_parameters(remove_duplicate=False):
        groups.setdefault(id(parameter), []).append(key)
    tied, shared = [], set()
    for group in groups.values():
        # PEFT treats layers that share a module as one module.
        shares = any(re.search(r"\.\d+\.", key) for key in group)
        if len(group) > 1 and shares:
            shared |= {folded(key.rpartition(".")[0]) for key in group}
        elif len(group) > 1:
            first = [key for key in group if key in saved] or group
            tied.append([first[0]] + [key for key in group if key != first[0]])
    out = {}
    if renamed:
        out["renamed"] = dict(sorted(renamed))
    if fused:
        out["fused"] = sorted(fused)
        out["factors_of_fused"] = has_factors(model.config.model_type, fused)
    stacked = expert_parameters(model)
    if stacked and not out.get("factors_of_fused"):
        out["parameters"] = sorted({f"{folded(module)}.{p}" for module in stacked for p in ("gate_up_proj", "down_proj")})
        out["transposed"] = any(stacked.values())
        kinds = {getattr(model.get_submodule(module), "is_transposed", False) != kind for module, kind in stacked.items()}
        out["swapped"] = any(kinds)
        if moved:
            out["renamed"] = dict(sorted(renamed | moved))
    if opaque:
        out["opaque"] = sorted(opaque)
    if embeddings:
        out["embeddings"] = sorted(embeddings)
    if shared:
        out["shared"] = sorted(shared)
    if tied:
        out["tied"] = tied
    return out


def models():
    """For each class, functions that make a model and list its tensors in files."""
    for name in small_models.MODELS:
        yield small_models.MODELS[name][0], name, (
            lambda name=name: (small_models.build(name), entry(name, equal=False)["tensors"]))
    known = {small_models.MODELS[name][0] for name in small_models.MODELS}
    for family in families.FAMILIES:
        if families.FAMILIES[family][0] not in known:
            yield families.FAMILIES[family][0], family, (
                lambda family=family: (families.build(family), written(families.build(family))))


def together(one, other):
    """Combines what two of its models show about a class."""
    out = dict(one)
    for key, value in other.items():
        if isinstance(value, dict):
            out[key] = dict(sorted((out.get(key, {}) | value).items()))
        elif isinstance(value, list):
            out[key] = out.get(key, []) + [entry for entry in value if entry not in out.get(key, [])]
        else:
            out[key] = value
    return out


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    transformers.utils.logging.disable_progress_bar()
    file, names = Path(sys.argv[1]), sys.argv[2:]
    table = json.loads(file.read_text()) if names and file.exists() else {}
    made = {}
    for class_name, name, make in models():
        if names and name not in names:
            continue
        try:
            model, tensors = make()
            found = facts(model, [tensor[0] for tensor in tensors])
        except Exception as e:
            print(f"{name}: {type(e).__name__}: {e}", flush=True)
            continue
        if found:
            found = {"model_type": model.config.model_type} | found
            made[class_name] = together(made.get(class_name, {}), found)
    table |= made
    lines = [f" {json.dumps(name)}: {json.dumps(table[name])}" for name in sorted(table)]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
