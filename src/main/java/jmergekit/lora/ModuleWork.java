package jmergekit.lora;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// What is done with a module of the fine-tune.
sealed interface ModuleWork {
    String module();

    /// The tensors that are compared.
    Stream<TensorPair> pairs();

    /// The sources that are read from both models.
    default Stream<Source> sources() {
        return pairs().flatMap(t -> Stream.concat(Stream.of(t.model()), t.base().stream()));
    }

    /// What loaders fuse into one tensor.
    enum Together {
        /// Only this module.
        NONE,
        /// Modules of experts, whose factors PEFT joins.
        MODULES,
        /// Matrices inside a parameter, whose factors are joined here.
        PARAMETER
    }

    /// The difference of its weight becomes two factors; the difference of its bias is stored.
    ///
    /// @param together how loaders fuse it with others
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

        /// The dtype of stored factors: the fine-tune's dtype, unless that has fewer than 16 or
        /// more than 32 bits.
        DType dtype() {
            DType stored = weight.spec().dtype();
            return switch (stored.bytes()) {
                case 1 -> DType.BF16;
                case 8 -> DType.F32;
                default -> stored;
            };
        }

        /// The largest rank that a rule allows for a matrix of this shape.
        int mostRank(int maximum) {
            return (int) Math.min(maximum, Math.min(rows(), columns()));
        }
    }

    /// All its tensors are stored with the fine-tune's values.
    ///
    /// @param ifChanged whether only tensors that differ from the base model's are stored
    record Whole(String module, List<TensorPair> tensors, boolean ifChanged) implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return tensors.stream();
        }
    }

    /// Biases of experts; changed ones are stored with the fine-tune's values.
    record Biases(String module, List<TensorPair> tensors) implements ModuleWork {
        @Override
        public Stream<TensorPair> pairs() {
            return tensors.stream();
        }
    }

    /// Parameters of a module that contains other modules, or of the model itself, which an adapter
    /// cannot store. They are only compared.
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
