package jmergekit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import jmergekit.fixture.RawFile;

/// The tensors of a small mixture of experts, which can be damaged.
final class ExpertTensors {
    static final int LAYERS = 2;
    static final int EXPERTS = 3;
    private static final int HIDDEN = 6;
    private static final int INNER = 4;
    private static final String PREFIX = "model.layers.%d.mlp.experts.";
    private static final int[] SIZES = {0, 1, 2, 3, 4, 6, 8, 12, 100_000};
    private static final List<String> DTYPES =
            List.of("F32", "F16", "BF16", "U8", "I32", "F8_E4M3", "F8_E5M2", "F8_E8M0");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "1",
                    "3",
                    "7",
                    "03",
                    "-1",
                    "65536",
                    "999999",
                    "1000000",
                    "4294967296",
                    "x");
    private static final List<String> WORDS =
            List.of(
                    "gate_up_proj_blocks",
                    "gate_up_proj_scales",
                    "gate_up_proj_scale",
                    "down_proj_scale_inv",
                    "gate_up_proj_bias",
                    "down_proj_bias",
                    "0.up_proj.weight_scale",
                    "0.down_proj.bias",
                    "1.up_proj.bias",
                    "0.w1.weight",
                    "0.other_proj.weight",
                    "gate_up_proj.weight",
                    "router.weight");

    /// How experts are stored.
    enum Layout {
        SPLIT,
        NUMBERED,
        FUSED,
        TRANSPOSED
    }

    private record Spec(String dtype, List<Integer> shape) {
        long bytes() {
            int size =
                    switch (dtype) {
                        case "F32", "I32" -> 4;
                        case "BF16", "F16" -> 2;
                        default -> 1;
                    };
            return shape.stream().mapToLong(s -> s).reduce(size, (a, b) -> a * b);
        }
    }

    private final Random random;
    private final TreeMap<String, Spec> tensors = new TreeMap<>();

    private ExpertTensors(Random random) {
        this.random = random;
    }

    /// Those of a whole model, with biases or without.
    static ExpertTensors of(Layout layout, Random random) {
        ExpertTensors tensors = new ExpertTensors(random);
        tensors.add("model.embed_tokens.weight", 8, HIDDEN);
        boolean bias = random.nextInt(4) == 0;
        for (int layer = 0; layer < LAYERS; layer++) {
            tensors.add("model.layers." + layer + ".input_layernorm.weight", HIDDEN);
            tensors.add("model.layers." + layer + ".mlp.gate.weight", EXPERTS, HIDDEN);
            tensors.experts(PREFIX.formatted(layer), layout, bias);
        }
        return tensors;
    }

    private void add(String name, Integer... shape) {
        tensors.put(name, new Spec("BF16", List.of(shape)));
    }

    private void experts(String prefix, Layout layout, boolean bias) {
        switch (layout) {
            case SPLIT -> split(prefix, List.of("gate_proj", "up_proj", "down_proj"), bias);
            case NUMBERED -> split(prefix, List.of("w1", "w3", "w2"), bias);
            case FUSED -> {
                add(prefix + "gate_up_proj", EXPERTS, 2 * INNER, HIDDEN);
                add(prefix + "down_proj", EXPERTS, HIDDEN, INNER);
            }
            case TRANSPOSED -> {
                add(prefix + "gate_up_proj", EXPERTS, HIDDEN, 2 * INNER);
                add(prefix + "down_proj", EXPERTS, INNER, HIDDEN);
            }
        }
        if (bias && (layout == Layout.FUSED || layout == Layout.TRANSPOSED)) {
            add(prefix + "gate_up_proj_bias", EXPERTS, 2 * INNER);
            add(prefix + "down_proj_bias", EXPERTS, HIDDEN);
        }
    }

    private void split(String prefix, List<String> words, boolean bias) {
        for (int expert = 0; expert < EXPERTS; expert++) {
            for (String word : words) {
                boolean down = word.equals(words.getLast());
                String name = prefix + expert + "." + word;
                add(name + ".weight", down ? HIDDEN : INNER, down ? INNER : HIDDEN);
                if (bias) {
                    add(name + ".bias", down ? HIDDEN : INNER);
                }
            }
        }
    }

    /// Changes one thing.
    void damage() {
        List<String> experts =
                tensors.keySet().stream().filter(n -> n.contains("experts.")).toList();
        if (experts.isEmpty()) {
            return;
        }
        String name = experts.get(random.nextInt(experts.size()));
        Spec spec = tensors.get(name);
        String prefix = PREFIX.formatted(random.nextInt(LAYERS));
        switch (random.nextInt(9)) {
            case 0 -> tensors.remove(name);
            case 1 -> tensors.put(name, new Spec(spec.dtype, shape(spec.shape)));
            case 2 -> tensors.put(name, new Spec(anyOf(DTYPES), spec.shape));
            case 3 -> {
                tensors.remove(name);
                tensors.put(name.replaceAll("experts\\.\\d+", "experts." + anyOf(NUMBERS)), spec);
            }
            case 4 -> {
                Layout[] layouts = Layout.values();
                experts(prefix, layouts[random.nextInt(layouts.length)], random.nextBoolean());
            }
            case 5 ->
                    tensors.put(prefix + anyOf(WORDS), new Spec(anyOf(DTYPES), shape(spec.shape)));
            case 6 -> {
                String rest = anyOf(List.of(".weight", ".bias", "down_proj", ".1."));
                tensors.keySet().removeIf(n -> n.startsWith(prefix) && n.contains(rest));
            }
            // All of a layer in another shape.
            case 7 ->
                    tensors.replaceAll((n, s) ->
                            n.startsWith(prefix) && s.shape.equals(spec.shape)
                                    ? new Spec(s.dtype, shape(s.shape))
                                    : s);
            default -> {
                String other =
                        anyOf(List.of("block_sparse_moe.experts", "mlp.shared_experts", "experts"));
                tensors.remove(name);
                tensors.put(name.replace("mlp.experts", other), spec);
            }
        }
    }

    private List<Integer> shape(List<Integer> old) {
        List<Integer> shape = new ArrayList<>(old);
        if (shape.isEmpty()) {
            return List.of(1);
        }
        int at = random.nextInt(shape.size() + 1);
        switch (random.nextInt(5)) {
            case 0 -> shape.add(at, SIZES[random.nextInt(SIZES.length - 1)]);
            case 1 -> shape.remove(at % shape.size());
            case 2 -> Collections.swap(shape, at % shape.size(), shape.size() - 1);
            default -> shape.set(at % shape.size(), SIZES[random.nextInt(SIZES.length)]);
        }
        boolean small = shape.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b) < 1 << 20;
        return small ? shape : old;
    }

    private String anyOf(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }

    /// As a file, whose values are the numbers of their bytes.
    byte[] file() {
        StringBuilder header = new StringBuilder("{");
        long end = 0;
        for (String name : tensors.keySet()) {
            Spec spec = tensors.get(name);
            header.append(header.length() == 1 ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(
                            RawFile.entry(
                                    spec.dtype, spec.shape.toString(), end, end + spec.bytes()));
            end += spec.bytes();
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return RawFile.bytes(text, Math.toIntExact(end));
    }
}
