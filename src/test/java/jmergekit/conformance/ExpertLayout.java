package jmergekit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings the experts of a model into one layout, the fused one, so that either can be compared.
///
/// ```
/// X.block_sparse_moe.experts.N.w1 (gate), w3 (up), w2 (down)   \  X.mlp.experts.gate_up_proj
/// X.mlp.experts.N.gate_proj, up_proj, down_proj                /  X.mlp.experts.down_proj
/// X.block_sparse_moe.gate                                      ->  X.mlp.gate
/// ```
///
/// `gate_up_proj` is (experts, 2 * width, hidden), gate rows first; `down_proj` is (experts,
/// hidden, width).
final class ExpertLayout {
    private static final Pattern EXPERT =
            Pattern.compile(
                    "(.+)\\.(?:block_sparse_moe|mlp)\\.experts\\.(\\d+)"
                            + "\\.(w1|w2|w3|gate_proj|up_proj|down_proj)\\.weight");
    private static final Pattern GATE = Pattern.compile("(.+)\\.block_sparse_moe\\.gate\\.weight");

    private ExpertLayout() {}

    /// Experts that cannot be fused (one missing, parts of different shapes) keep their names.
    static SortedMap<String, StoredTensor> fused(SortedMap<String, StoredTensor> tensors) {
        SortedMap<String, StoredTensor> result = new TreeMap<>();
        Map<String, SortedMap<String, StoredTensor>> parts = new TreeMap<>();
        tensors.forEach((name, tensor) -> {
            Matcher expert = EXPERT.matcher(name);
            Matcher gate = GATE.matcher(name);
            if (expert.matches()) {
                parts.computeIfAbsent(expert.group(1), prefix -> new TreeMap<>()).put(name, tensor);
            } else {
                result.put(gate.matches() ? gate.group(1) + ".mlp.gate.weight" : name, tensor);
            }
        });
        parts.forEach((prefix, experts) -> {
            try {
                result.putAll(fuse(prefix, experts));
            } catch (IllegalArgumentException uneven) {
                result.putAll(experts);
            }
        });
        return result;
    }

    private static Map<String, StoredTensor> fuse(
            String prefix, SortedMap<String, StoredTensor> parts) {
        Map<String, StoredTensor> byRole = new TreeMap<>();
        int experts = 0;
        for (Map.Entry<String, StoredTensor> part : parts.entrySet()) {
            Matcher name = EXPERT.matcher(part.getKey());
            if (!name.matches()) {
                throw new IllegalStateException(part.getKey());
            }
            int expert = Integer.parseInt(name.group(2));
            experts = Math.max(experts, expert + 1);
            byRole.put(expert + role(name.group(3)), part.getValue());
        }
        if (byRole.size() != 3 * experts || parts.size() != 3 * experts) {
            throw new IllegalArgumentException("experts are not complete");
        }
        List<StoredTensor> gateUp = new ArrayList<>();
        List<StoredTensor> down = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++) {
            gateUp.add(byRole.get(expert + "gate"));
            gateUp.add(byRole.get(expert + "up"));
            down.add(byRole.get(expert + "down"));
        }
        List<Integer> rows = gateUp.getFirst().shape();
        List<Integer> columns = down.getFirst().shape();
        return Map.of(
                prefix + ".mlp.experts.gate_up_proj",
                StoredTensor.joined(List.of(experts, 2 * rows.get(0), rows.get(1)), gateUp),
                prefix + ".mlp.experts.down_proj",
                StoredTensor.joined(List.of(experts, columns.get(0), columns.get(1)), down));
    }

    private static String role(String name) {
        return switch (name) {
            case "w1", "gate_proj" -> "gate";
            case "w3", "up_proj" -> "up";
            default -> "down";
        };
    }
}
