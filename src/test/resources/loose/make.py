"""Writes the checkpoints of this folder, in the layouts of their trainers and tiny, and what merges of
them must give, computed here:

    python3 make.py FOLDER
"""

import collections
import os
import sys
import types

import numpy
import torch
from safetensors.torch import save_file


def foreign(module, name):
    """A class that a reader of the checkpoint does not have."""
    parts = module.split(".")
    for i in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:i]), types.ModuleType(".".join(parts[:i])))
    made = type(name, (), {"__module__": module})
    setattr(sys.modules[module], name, made)
    return made


ModelCheckpoint = foreign("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint")
DictConfig = foreign("omegaconf.dictconfig", "DictConfig")


def values(seed, shapes, dtype=torch.float32):
    random = torch.Generator().manual_seed(seed)
    return {n: torch.randn(s, generator=random).to(dtype) for n, s in shapes.items()}


DIFFUSION = {
    "betas": [10],
    "alphas_cumprod": [10],
    "logvar": [],
    "model.diffusion_model.time_embed.0.weight": [8, 4],
    "model.diffusion_model.time_embed.0.bias": [8],
    "model.diffusion_model.input_blocks.0.0.weight": [4, 4, 3, 3],
    "model.diffusion_model.middle_block.1.transformer_blocks.0.attn1.to_q.weight": [8, 8],
    "model.diffusion_model.out.2.bias": [4],
    "first_stage_model.encoder.conv_in.weight": [4, 3, 3, 3],
    "first_stage_model.quant_conv.bias": [8],
    "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight": [16, 8],
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": [8],
}
POSITIONS = "cond_stage_model.transformer.text_model.embeddings.position_ids"


def diffusion(seed, dtype=torch.float32):
    """What a Lightning trainer saves of a latent diffusion model."""
    state = collections.OrderedDict(values(seed, DIFFUSION, dtype))
    state[POSITIONS] = torch.arange(6).unsqueeze(0)
    config = DictConfig()
    config.content = {"target": "ldm.models.diffusion.ddpm.LatentDiffusion"}
    return {
        "epoch": 6,
        "global_step": 470000,
        "pytorch-lightning_version": "1.4.2",
        "state_dict": state,
        "loops": None,
        "callbacks": {
            ModelCheckpoint: {
                "monitor": "val/loss_simple_ema",
                "best_model_score": torch.tensor(0.25),
                "current_score": numpy.float64(0.5),
            }
        },
        "optimizer_states": [
            {
                "state": {0: {"step": 3, "exp_avg": torch.ones(8, 4), "exp_avg_sq": torch.ones(8, 4)}},
                "param_groups": [{"lr": 1e-4, "betas": (0.9, 0.999), "params": [0]}],
            }
        ],
        "lr_schedulers": [collections.defaultdict(list, last_epoch=[6])],
        "hyper_parameters": config,
    }


SPEECH = {
    "encoder.conv1.weight": [8, 4, 3],
    "encoder.conv1.bias": [8],
    "encoder.positional_embedding": [10, 8],
    "encoder.blocks.0.attn.query.weight": [8, 8],
    "encoder.blocks.0.attn_ln.weight": [8],
    "decoder.token_embedding.weight": [20, 8],
    "decoder.positional_embedding": [6, 8],
    "decoder.blocks.0.cross_attn.key.weight": [8, 8],
    "decoder.ln.bias": [8],
}


def speech(seed):
    """A Whisper checkpoint as its makers publish it: half precision, the sizes beside the tensors."""
    dims = {"n_mels": 4, "n_vocab": 20, "n_audio_ctx": 10, "n_audio_state": 8, "n_text_ctx": 6}
    return {"dims": dims, "model_state_dict": values(seed, SPEECH, torch.float16)}


def vision(seed, batches):
    """A state dict of torchvision's ResNet: no wrapper, batch norms with their counts."""
    shapes = {"conv1.weight": [4, 3, 7, 7]}
    for name in ["bn1", "layer1.0.bn1", "layer1.0.bn2"]:
        for part in ["weight", "bias", "running_mean", "running_var"]:
            shapes["%s.%s" % (name, part)] = [4]
    shapes.update({"layer1.0.conv1.weight": [4, 4, 3, 3], "fc.weight": [6, 4], "fc.bias": [6]})
    state = collections.OrderedDict(values(seed, shapes))
    for name in ["bn1", "layer1.0.bn1", "layer1.0.bn2"]:
        state[name + ".num_batches_tracked"] = torch.tensor(batches)
    # In memory as channels_last models have them.
    state["conv1.weight"] = state["conv1.weight"].to(memory_format=torch.channels_last)
    return state


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(2, 2)


def mean(a, b, weight):
    return {
        n: (
            (weight * t.double() + (1 - weight) * b[n].double()).to(t.dtype)
            if t.is_floating_point()
            else t
        ).contiguous()
        for n, t in a.items()
    }


def main(folder):
    os.chdir(folder)
    a, b = diffusion(1), diffusion(2)
    torch.save(a, "diffusion-a.ckpt")
    torch.save(b, "diffusion-b.ckpt", _use_new_zipfile_serialization=False)
    save_file(
        mean(a["state_dict"], b["state_dict"], 0.25), "diffusion-expected.safetensors"
    )

    a, b, base = speech(3), speech(4), speech(5)
    torch.save(a, "speech-a.pt")
    torch.save(b, "speech-b.pt")
    torch.save(base, "speech-base.pt")
    a, b, base = (m["model_state_dict"] for m in (a, b, base))
    summed = {
        n: (
            t.double() + 0.5 * (a[n].double() - t.double()) - 0.75 * (b[n].double() - t.double())
        ).half()
        for n, t in base.items()
    }
    save_file(summed, "speech-expected.safetensors")

    a, b = vision(6, 1000), vision(7, 250)
    torch.save(a, "vision-a.pth")
    torch.save(b, "vision-b.pth", pickle_protocol=4)
    save_file(mean(a, b, 0.5), "vision-expected.safetensors")

    sys.modules["__main__"].Net = Net
    torch.save(Net(), "whole-module.pt")
    torch.save(Net(), "whole-module-stream.pt", _use_new_zipfile_serialization=False)
    torch.save({"model": Net(), "epoch": 1}, "module-inside.pt")
    torch.save({"generator": {"w": torch.ones(2)}, "discriminator": {"w": torch.ones(2)}}, "two.pth")
    torch.save({"generator": {"w": torch.ones(2)}, "steps": 5}, "one-part.pth")
    torch.save({"w": torch.ones(2), "array": numpy.ones(3)}, "array-inside.pt")
    torch.save({"w": torch.ones(2, 2).to_sparse()}, "sparse.pt")


main(sys.argv[1])
