package jmergekit.lora;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.model.ModelFolder;
import jmergekit.planner.ComparedTensors;
import jmergekit.planner.IntegerQuantisation;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;

/// Refuses models whose weights are meaningless without separate scales or tables.
final class QuantisedWeights {
    /// In the layouts of GPTQ, AWQ and bitsandbytes.
    private static final Pattern PACKED =
            Pattern.compile(".*\\.(qweight|qzeros|g_idx|absmax|quant_map|SCB)$");

    /// In the layout of MXFP4, whose blocks and scales are bytes.
    private static final Pattern BLOCKS = Pattern.compile(".*(_blocks|_scales)$");

    private QuantisedWeights() {}

    /// @param compared its tensors, dequantised where supported
    static void refuse(ModelFolder model, ComparedTensors compared, Problems problems) {
        Optional<IntegerQuantisation> integers = IntegerQuantisation.of(model);
        if (integers.isPresent()) {
            problems.add(integers.get().refusal(model, "extract-lora"));
            return;
        }
        Set<String> names =
                compared.tensors().entrySet().stream()
                        .filter(t -> isPacked(t.getKey(), t.getValue().dtype(), compared))
                        .map(Map.Entry::getKey)
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

    // Names alone are not conclusive: CLIP's `logit_scale` does not scale another tensor.
    private static boolean isPacked(String name, DType dtype, ComparedTensors compared) {
        return PACKED.matcher(name).matches()
                || BLOCKS.matcher(name).matches() && isSmall(dtype)
                || compared.isScale(name);
    }

    private static boolean isSmall(DType dtype) {
        return dtype.bytes() == 1 || !dtype.isFloat();
    }
}
