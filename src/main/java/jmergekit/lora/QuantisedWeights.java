package jmergekit.lora;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.model.ModelFolder;
import jmergekit.plan.QuantisedNames;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// Refuses models whose numbers mean nothing without a scale or table beside them.
final class QuantisedWeights {
    /// Of the layouts of GPTQ, AWQ, bitsandbytes and MXFP4.
    private static final Pattern PACKED =
            Pattern.compile(
                    ".*(\\.(qweight|qzeros|scales|g_idx|absmax|quant_map|SCB)|_blocks|_scales)$");

    private QuantisedWeights() {}

    static void refuse(ModelFolder model, Problems problems) {
        Set<String> names =
                model.checkpoint().tensors().stream()
                        .map(TensorSpec::name)
                        .filter(n -> QuantisedNames.isScale(n) || PACKED.matcher(n).matches())
                        .collect(Collectors.toSet());
        if (!names.isEmpty()) {
            String first = names.stream().sorted().findFirst().orElseThrow();
            problems.add(
                    Problem.input(
                                    model.reference().toString(),
                                    "its weights are quantised: %d tensors such as '%s'"
                                            .formatted(names.size(), first))
                            .hint("use the model in 16 or 32 bits"));
        }
    }
}
