"""Writes the TorchScript modules of the room `linalg`: functions of PyTorch's library that DJL does
not offer. Usage: python3 scripts/lib/write_factorisations.py src/main/resources/jmergekit/linalg

The files hold a line of code each and no data, and are the same for every run of one PyTorch version.
"""

import pathlib
import sys

import torch


# As text, so that the files do not name the folder they were made in.
SYMMETRIC_EIGEN = """
def forward(self, matrix: Tensor):
    return torch.linalg.eigh(matrix)
"""


def write(name, code):
    module = torch.jit.ScriptModule()
    module.define(code)
    module.save(str(pathlib.Path(sys.argv[1]) / name))


write("symmetric_eigen.pt", SYMMETRIC_EIGEN)
