package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.tensor.DType;

/// Decides the dtype of output tensors: `out_dtype`, otherwise `dtype`, otherwise that of the
/// inputs.
///
/// @param asked the requested dtype of all tensors that are not quantised
/// @param form the quantisation of the weights, if any
public record OutputDType(Optional<DType> asked, Optional<OutputForm> form) {
    private static final List<String> NAMES =
            List.of(
                    "float32",
                    "bfloat16",
                    "float16",
                    "float64",
                    "bf16",
                    "fp16",
                    "fp32",
                    "fp64",
                    "half",
                    "float",
                    "double");

    /// The dtypes that a recipe may request, the usual names first.
    public static List<String> names() {
        return NAMES;
    }

    /// The dtype that a recipe requests; an error if it is not a floating-point dtype.
    public static OutputDType of(MergeConfig config, Problems problems) {
        Optional<DType> dtype = parse("dtype", config.dtype(), problems);
        Optional<DType> outDtype = parse("out_dtype", config.outDtype(), problems);
        return new OutputDType(outDtype.or(() -> dtype), Optional.empty());
    }

    /// The same for a whole model, whose weights may be quantised.
    static OutputDType ofModel(MergeConfig config, Problems problems) {
        Optional<DType> dtype = wide("dtype", config.dtype(), List.of(), problems);
        Optional<OutputForm> form = config.outDtype().flatMap(t -> OutputForm.of(t.value()));
        if (form.isPresent()) {
            return new OutputDType(dtype, form);
        }
        Optional<DType> outDtype =
                wide("out_dtype", config.outDtype(), OutputForm.words(), problems);
        return new OutputDType(outDtype.or(() -> dtype), form);
    }

    // 8-bit weights need scales.
    private static Optional<DType> wide(
            String key, Optional<Located<String>> text, List<String> others, Problems problems) {
        Optional<DType> dtype = parse(key, text, others, problems);
        if (dtype.filter(QuantisedNames::isFloat8).isEmpty()) {
            return dtype;
        }
        problems.add(
                Problem.recipe(
                                text.orElseThrow().at(),
                                "not all tensors of a model can be stored in eight bits")
                        .expected(expected(others))
                        .found("'" + text.get().value() + "'")
                        .hint(
                                "'out_dtype: %s' writes linear layers in FP8 with their scales"
                                        .formatted(OutputForm.FLOAT8.word())));
        return Optional.empty();
    }

    /// The dtype that a recipe names under `key`; an error if it is not a floating-point dtype.
    public static Optional<DType> parse(
            String key, Optional<Located<String>> text, Problems problems) {
        return parse(key, text, List.of(), problems);
    }

    private static String expected(List<String> others) {
        List<String> all = new ArrayList<>(List.of("float32", "bfloat16", "float16", "float64"));
        all.addAll(others);
        return String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
    }

    /// @param others further values that are allowed
    private static Optional<DType> parse(
            String key, Optional<Located<String>> text, List<String> others, Problems problems) {
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
                                                            text.get().value(),
                                                            Stream.concat(
                                                                            NAMES.stream(),
                                                                            others.stream())
                                                                    .toList())))
                            .expected(expected(others))
                            .found("'" + text.get().value() + "'"));
        }
        return dtype;
    }

    /// The dtype of a merged tensor. For inputs of different dtypes it is one that can hold them
    /// all, but for methods that add differences to a base it is the base's.
    DType of(List<TaskInput> sources, int base, MethodInfo method) {
        if (asked.isPresent()) {
            return asked.get();
        }
        if (form.equals(Optional.of(OutputForm.KEEP))) {
            return sources.get(Math.max(base, 0)).dtype();
        }
        if (base >= 0 && method.mismatch() == Mismatch.BASE_ROWS) {
            return sources.get(base).dtype();
        }
        return sources.stream().map(TaskInput::dtype).reduce(DType::promote).orElseThrow();
    }
}
