package jmergekit.plan;

import java.util.List;
import jmergekit.linalg.Space;
import jmergekit.method.Parameters;

/// What a task does with its sources.
public sealed interface Work {
    /// A merge by a merge method.
    ///
    /// @param method its name in recipes
    /// @param base the index of the base model's source, or
    ///     [jmergekit.primitive.Primitives#NO_BASE]
    /// @param parameters the values for this tensor
    /// @param seed of random methods
    /// @param memory the bytes that the method uses in addition to the working memory of a thread
    record Merge(String method, int base, Parameters parameters, long seed, long memory)
            implements Work {}

    /// A sum of the sources, each multiplied by its coefficient.
    record Sum(List<Double> coefficients) implements Work {
        public Sum {
            coefficients = List.copyOf(coefficients);
        }
    }

    /// Each part makes a run of the output's elements, one part after another, such as the experts
    /// of a fused tensor. The inputs of the task are the inputs of the parts.
    ///
    /// @param parts at least one, with the output's dtype and without parts of their own
    record Parts(List<TensorTask> parts) implements Work {
        public Parts {
            parts = List.copyOf(parts);
        }
    }

    /// A merge of the changes that adapters make to one matrix, in a small space. Each change is a
    /// product `scale * B A`; the inputs are its `A` and `B`, change by change. The output contains
    /// the factors of the result and its norms, as [FactorRows] describes.
    ///
    /// @param merge with one set of parameters per adapter, and a last one for the base, which is
    ///     zero, if the method needs one. Adapters without a change of this matrix count as zeros
    /// @param changes one for each pair of inputs
    /// @param rank of the result's factors
    /// @param rows of the matrix
    /// @param columns of the matrix
    record Factors(
            Merge merge, Space space, List<Change> changes, int rank, long rows, long columns)
            implements Work {
        /// @param source the number of the adapter
        public record Change(int source, double scale) {}

        public Factors {
            changes = List.copyOf(changes);
        }
    }

    /// A copy of the only source, converted to the dtype of the output if necessary.
    record Copy() implements Work {}
}
