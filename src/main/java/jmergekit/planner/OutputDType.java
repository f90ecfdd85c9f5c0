package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.tensor.DType;

/// Decides the dtype of output tensors: `out_dtype`, else `dtype`, else what the inputs have.
public record OutputDType(Optional<DType> asked) {
    private static final List<String> NAMES =
            List.of("float32", "bfloat16", "float16", "float64", "bf16", "fp16", "fp32", "fp64");

    /// What a recipe asks for; a problem if it is none of floats.
    public static OutputDType of(MergeConfig config, Problems problems) {
        Optional<DType> dtype = parse("dtype", config.dtype(), problems);
        Optional<DType> outDtype = parse("out_dtype", config.outDtype(), problems);
        return new OutputDType(outDtype.or(() -> dtype));
    }

    /// The dtype that a recipe names under `key`; a problem if it is none of floats.
    public static Optional<DType> parse(
            String key, Optional<Located<String>> text, Problems problems) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<DType> dtype = DType.ofTorch(text.get().value()).filter(DType::isFloat);
        if (dtype.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    text.get().at(),
                                    "unknown %s%s"
                                            .formatted(
                                                    key,
                                                    Suggestion.didYouMean(
                                                            text.get().value(), NAMES)))
                            .expected("float32, bfloat16, float16 or float64")
                            .found("'" + text.get().value() + "'"));
        }
        return dtype;
    }

    /// The dtype of a merged tensor. Inputs of different dtypes give the one that holds them all,
    /// but differences from a base stay in the base's.
    DType of(List<TaskInput> sources, int base, MethodInfo method) {
        if (asked.isPresent()) {
            return asked.get();
        }
        if (base >= 0 && method.mismatch() == Mismatch.BASE_ROWS) {
            return sources.get(base).dtype();
        }
        return sources.stream().map(TaskInput::dtype).reduce(DType::promote).orElseThrow();
    }
}
