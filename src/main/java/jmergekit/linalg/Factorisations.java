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
/// of one line, made by `scripts/lib/write_factorisations.py`.
final class Factorisations {
    /// Eigenvalues in ascending order, (n), and eigenvectors as columns, (n, n), of a symmetric matrix
    /// (n, n). Uses LAPACK's `syevd`.
    static NDList symmetricEigen(NDArray matrix) {
        return Loaded.SYMMETRIC_EIGEN
                .getBlock()
                .forward(new ParameterStore(matrix.getManager(), false), new NDList(matrix), false);
    }

    private Factorisations() {}

    // Loaded at the first use, and kept until the program ends.
    private static final class Loaded {
        static final Model SYMMETRIC_EIGEN = module("symmetric_eigen");

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
