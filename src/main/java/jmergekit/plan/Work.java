package jmergekit.plan;

import java.util.List;
import jmergekit.method.Parameters;

/// What a task does with its sources.
public sealed interface Work {
    /// A merge method merges them.
    ///
    /// @param method its name in recipes
    /// @param base which source is the base model's, or
    ///     [jmergekit.primitive.Primitives#NO_BASE]
    /// @param parameters the values for this tensor
    /// @param seed of random methods
    /// @param memory bytes that the method takes besides the working memory of a thread
    record Merge(String method, int base, Parameters parameters, long seed, long memory)
            implements Work {}

    /// They are added up, each multiplied by its coefficient.
    record Sum(List<Double> coefficients) implements Work {
        public Sum {
            coefficients = List.copyOf(coefficients);
        }
    }

    /// Each part makes a run of the output's elements, one part after the other: the experts of a
    /// tensor that holds all of a layer. The inputs of the task are those of the parts.
    ///
    /// @param parts at least one, of the output's dtype, none of them with parts of its own
    record Parts(List<TensorTask> parts) implements Work {
        public Parts {
            parts = List.copyOf(parts);
        }
    }

    /// The only source is copied, converted to the dtype of the output if that is another one.
    record Copy() implements Work {}
}
