package jmergekit.plan;

import java.util.List;
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

    /// A copy of the only source, converted to the dtype of the output if necessary.
    record Copy() implements Work {}
}
