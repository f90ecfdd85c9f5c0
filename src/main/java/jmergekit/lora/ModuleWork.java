package jmergekit.lora;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// What becomes of a module of the fine-tune.
sealed interface ModuleWork {
    String module();

    /// The tensors that are looked at.
    Stream<TensorPair> pairs();

    /// What is read of both models.
    default Stream<Source> sources() {
        return pairs().flatMap(t -> Stream.concat(Stream.of(t.model()), t.base().stream()));
    }

    /// What loaders make one tensor of.
    enum Together {
        /// The module alone.
        NONE,
        /// Modules of experts, whose factors PEFT puts together.
        MODULES,
        /// Matrices that lie in a parameter, whose factors are put together here.
        PARAMETER
    }

    /// Its weight's difference becomes two factors, its bias's difference is kept.
    ///
    /// @param together what loaders make of it and others
    record Decomposed(
            String module,
            Layout layout,
            TensorPair weight,
            Optional<TensorPair> bias,
            Together together)
            implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return Stream.concat(Stream.of(weight), bias.stream());
        }

        boolean isExpert() {
            return together == Together.PARAMETER;
        }

        TensorSpec a(int rank) {
            return layout.a(module, dtype(), shape(), rank);
        }

        TensorSpec b(int rank) {
            return layout.b(module, dtype(), shape(), rank);
        }

        Shape shape() {
            return weight.spec().shape();
        }

        long rows() {
            return shape().size(0);
        }

        long columns() {
            return rows() == 0 ? 0 : shape().elements() / rows();
        }

        /// What factors are stored in: the fine-tune's dtype, unless that has fewer than 16 bits, or
        /// more than 32.
        DType dtype() {
            DType stored = weight.spec().dtype();
            return switch (stored.bytes()) {
                case 1 -> DType.BF16;
                case 8 -> DType.F32;
                default -> stored;
            };
        }

        /// The largest rank that a rule leaves a matrix of this shape.
        int mostRank(int maximum) {
            return (int) Math.min(maximum, Math.min(rows(), columns()));
        }
    }

    /// All its tensors are kept as the fine-tune has them.
    ///
    /// @param ifChanged only those that differ from the base model's
    record Whole(String module, List<TensorPair> tensors, boolean ifChanged) implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return tensors.stream();
        }
    }

    /// Biases of experts, of which those that changed are kept as the fine-tune has them.
    record Biases(String module, List<TensorPair> tensors) implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return tensors.stream();
        }
    }

    /// Parameters of a module that holds other modules, or of the model itself: an adapter has no place
    /// for them. They are only compared.
    ///
    /// @param auxiliary whether loaders have no such module
    record Unheld(String module, List<TensorPair> tensors, boolean auxiliary)
            implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return tensors.stream();
        }
    }
}
