"""Writes the TorchScript modules of the room `linalg`: functions of PyTorch's library that DJL does
not offer. Usage: python3 scripts/lib/write_factorisations.py src/main/resources/jmergekit/linalg

The files hold a few lines of code each and no data, and are the same for every run of one PyTorch version.
"""

import multiprocessing
import pathlib
import sys

import torch


# As text, so that the files do not name the folder they were made in.
SYMMETRIC_EIGEN = """
def forward(self, matrix: Tensor):
    return torch.linalg.eigh(matrix)
"""

# Adds to the diagonal of a symmetric matrix, overwrites the sum A with the upper triangle U of A = U^T U,
# and says whether A was positive definite. U is the lower triangle of the transpose, where LAPACK can
# write it without a copy.
CHOLESKY = """
def forward(self, matrix: Tensor, diagonal: Tensor):
    matrix.diagonal().add_(diagonal)
    lower = matrix.transpose(0, 1)
    info = torch.empty([], dtype=torch.int32)
    torch.linalg.cholesky_ex(lower, L=lower, info=info)
    return (info == 0) & torch.isfinite(lower.diagonal()).all()
"""

# X with X U^T U = right.
CHOLESKY_SOLVE = """
def forward(self, factor: Tensor, right: Tensor):
    half = torch.linalg.solve_triangular(factor, right, upper=True, left=False)
    return torch.linalg.solve_triangular(factor.transpose(0, 1), half, upper=False, left=False)
"""


def write(name, code):
    module = torch.jit.ScriptModule()
    module.define(code)
    module.save(str(pathlib.Path(sys.argv[1]) / name))


# Each in its own process: all modules of a process are of one class, which has one `forward`.
for name, code in [
    ("symmetric_eigen.pt", SYMMETRIC_EIGEN),
    ("cholesky.pt", CHOLESKY),
    ("cholesky_solve.pt", CHOLESKY_SOLVE),
]:
    process = multiprocessing.Process(target=write, args=(name, code))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{name} was not written")
