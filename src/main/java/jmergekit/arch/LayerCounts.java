package jmergekit.arch;

import java.util.ArrayList;
import java.util.List;
import jmergekit.model.ModelConfig;

/// Where config.json says how many layers a stack has.
final class LayerCounts {
    private LayerCounts() {}

    /// The path of keys for a stack; empty if the configuration has none. A key whose value is the
    /// number found in the files wins over one that says otherwise.
    static List<String> key(ModelConfig config, String prefix, int layers, int stacks) {
        List<List<String>> present =
                candidates(prefix, stacks).stream().filter(k -> value(config, k) >= 0).toList();
        for (List<String> key : present) {
            if (value(config, key) == layers) {
                return key;
            }
        }
        return present.isEmpty() ? List.of() : present.getFirst();
    }

    /// All keys whose value is `layers`.
    static List<List<String>> matching(ModelConfig config, int layers) {
        List<List<String>> all = new ArrayList<>(ArchitectureFacts.TEXT_COUNTS);
        all.addAll(ArchitectureFacts.VISION_COUNTS);
        return all.stream().filter(k -> value(config, k) == layers).toList();
    }

    private static List<List<String>> candidates(String prefix, int stacks) {
        if (stacks == 1) {
            return ArchitectureFacts.TEXT_COUNTS;
        }
        if (ArchitectureFacts.PERCEPTION.matcher(prefix).find()) {
            return ArchitectureFacts.VISION_COUNTS;
        }
        if (prefix.contains("encoder.")) {
            return ArchitectureFacts.ENCODER_COUNTS;
        }
        return prefix.contains("decoder.")
                ? ArchitectureFacts.DECODER_COUNTS
                : ArchitectureFacts.TEXT_COUNTS;
    }

    private static long value(ModelConfig config, List<String> key) {
        return config.number(key.toArray(String[]::new)).orElse(-1);
    }
}
