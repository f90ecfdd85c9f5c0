package jmergekit.linalg;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Factorisations of PyTorch's library that DJL has no operation for. Each is a TorchScript module
/// of a few lines, made by `scripts/lib/write_factorisations.py`.
final class Factorisations {
    /// Eigenvalues in ascending order, (n), and eigenvectors as columns, (n, n), of a symmetric matrix
    /// (n, n). Uses LAPACK's `syevd`.
    static NDList symmetricEigen(NDArray matrix) {
        return run(Loaded.SYMMETRIC_EIGEN, matrix);
    }

    /// Adds `diagonal`, (n), to the diagonal of a symmetric matrix, (n, n), and overwrites the sum A
    /// with its Cholesky factor: the upper triangular U of `A = Uᵀ U`. Uses LAPACK's `potrf`.
    ///
    /// @return whether A is positive definite and finite; if not, the matrix is undefined
    static boolean cholesky(NDArray matrix, NDArray diagonal) {
        try (NDArray success = run(Loaded.CHOLESKY, matrix, diagonal).singletonOrThrow()) {
            return success.getBoolean();
        }
    }

    /// The solution X of `X A = right`, (m, n), where `factor` is that of [#cholesky].
    static NDArray choleskySolve(NDArray factor, NDArray right) {
        return run(Loaded.CHOLESKY_SOLVE, factor, right).singletonOrThrow();
    }

    private static NDList run(Model model, NDArray... inputs) {
        ParameterStore none = new ParameterStore(inputs[0].getManager(), false);
        return model.getBlock().forward(none, new NDList(inputs), false);
    }

    private Factorisations() {}

    // Loaded at the first use, and kept until the program ends.
    private static final class Loaded {
        static final Model SYMMETRIC_EIGEN = module("symmetric_eigen");
        static final Model CHOLESKY = module("cholesky");
        static final Model CHOLESKY_SOLVE = module("cholesky_solve");

        private static Model module(String name) {
            Torch.load();
            Model model = Model.newInstance(name, Device.cpu(), "PyTorch");
            String file = name + ".pt";
            try (InputStream in = Factorisations.class.getResourceAsStream(file)) {
                if (in == null) {
                    throw new IllegalStateException("no resource " + file);
                }
                model.load(in);
                return model;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (MalformedModelException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
