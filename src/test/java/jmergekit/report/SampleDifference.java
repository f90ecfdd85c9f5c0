package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.SampleSums;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.compare.TokenRows;

/// Comparisons made by hand.
final class SampleDifference {
    private SampleDifference() {}

    /// A base and two models of two layers.
    static ModelDifference usual() {
        TensorDifference first =
                tensor(
                        "model.layers.0.mlp.up_proj.weight",
                        0,
                        "mlp.up_proj.weight",
                        SampleSums.of(
                                new double[] {3, 4}, new double[] {3, 4}, new double[] {3, 9}));
        TensorDifference second =
                tensor(
                        "model.layers.1.mlp.up_proj.weight",
                        1,
                        "mlp.up_proj.weight",
                        SampleSums.of(
                                new double[] {3, 4}, new double[] {6, 8}, new double[] {0, 0}));
        TokenRows rows =
                new TokenRows(
                        2, 1, List.of(new TokenRows.Row(1, Optional.of("'dog'\u202e"), 0.25)));
        TensorDifference table =
                new TensorDifference(
                        "model.embed_tokens.weight",
                        "default",
                        OptionalInt.empty(),
                        "model.embed_tokens.weight",
                        List.of("BF16", "BF16", "F32"),
                        List.of(List.of(2L, 1L), List.of(2L, 1L), List.of(3L, 1L)),
                        List.of(true, true, false),
                        SampleSums.of(
                                new double[] {5, 5}, new double[] {5, 5}, new double[] {5, 5}),
                        List.of(Optional.empty(), Optional.empty(), Optional.empty()),
                        List.of(Optional.empty(), Optional.empty(), Optional.of(rows)));
        return new ModelDifference(
                List.of("models/base", "models/math", "someone/words"),
                true,
                List.of(table, first, second),
                List.of(
                        new ModelDifference.Skipped(
                                "lm_head.weight", List.of(0, 1), "only in some")),
                List.of(
                        new ModelDifference.FileDifference(
                                2,
                                "config.json",
                                List.of(new ModelDifference.Change("rope_theta", "10000", "")),
                                1)));
    }

    /// With a spectrum for the second model.
    static TensorDifference tensor(String name, int layer, String part, Sums sums) {
        int versions = sums.versions();
        boolean same = sums.change(1) == 0;
        Optional<Spectrum> spectrum = Optional.of(new Spectrum(2, 1.5, List.of(0.75, 1.0)));
        return new TensorDifference(
                name,
                "default",
                OptionalInt.of(layer),
                part,
                IntStream.range(0, versions).mapToObj(_ -> "BF16").toList(),
                IntStream.range(0, versions).mapToObj(_ -> List.of(2L, 1L)).toList(),
                IntStream.range(0, versions).mapToObj(v -> v == 0 || v == 1 && same).toList(),
                sums,
                IntStream.range(0, versions)
                        .mapToObj(v -> v == 2 ? spectrum : Optional.<Spectrum>empty())
                        .toList(),
                IntStream.range(0, versions).mapToObj(_ -> Optional.<TokenRows>empty()).toList());
    }

    /// Two models where the second has values that are not finite, and nothing else.
    static ModelDifference notFinite() {
        Sums sums = SampleSums.notFinite(new long[] {0, 3}, new long[] {0, 1});
        return two(List.of("a", "b"), List.of(tensor("x", 0, "x", sums)), "");
    }

    /// Models whose names of everything are somebody's text.
    static ModelDifference hostile(String text) {
        Sums sums = SampleSums.of(new double[] {1, 2}, new double[] {1, 3});
        return two(List.of("a" + text, "b" + text), List.of(tensor(text, 0, text, sums)), text);
    }

    private static ModelDifference two(
            List<String> models, List<TensorDifference> tensors, String text) {
        List<ModelDifference.Change> changes =
                List.of(new ModelDifference.Change(text, text, text));
        return new ModelDifference(
                models,
                false,
                tensors,
                List.of(new ModelDifference.Skipped(text, List.of(0), text)),
                List.of(new ModelDifference.FileDifference(1, text, changes, 7)));
    }

    /// As large as a model of 70 billion parameters, with figures drawn at random.
    static ModelDifference large(int versions) {
        List<String> parts =
                List.of(
                        "input_layernorm.weight",
                        "mlp.down_proj.weight",
                        "mlp.gate_proj.weight",
                        "mlp.up_proj.weight",
                        "post_attention_layernorm.weight",
                        "self_attn.k_proj.weight",
                        "self_attn.o_proj.weight",
                        "self_attn.q_proj.weight",
                        "self_attn.v_proj.weight");
        Random random = new Random(70);
        List<TensorDifference> tensors = new ArrayList<>();
        for (int layer = 0; layer < 80; layer++) {
            for (String part : parts) {
                String name = "model.layers." + layer + "." + part;
                tensors.add(tensor(name, layer, part, random(random, versions)));
            }
        }
        List<String> models = IntStream.range(0, versions).mapToObj(i -> "org/model-" + i).toList();
        return new ModelDifference(models, true, tensors, List.of(), List.of());
    }

    private static Sums random(Random random, int versions) {
        double[] base = numbers(random, 1);
        double[][] all = new double[versions][];
        all[0] = base;
        for (int v = 1; v < versions; v++) {
            double[] change = numbers(random, 0.05);
            all[v] = IntStream.range(0, 8).mapToDouble(i -> base[i] + change[i]).toArray();
        }
        return SampleSums.of(all);
    }

    private static double[] numbers(Random random, double size) {
        return DoubleStream.generate(() -> random.nextGaussian() * size).limit(8).toArray();
    }
}
