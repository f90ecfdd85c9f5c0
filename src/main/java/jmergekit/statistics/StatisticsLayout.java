package jmergekit.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.decoder.DecoderModel;
import jmergekit.decoder.DecoderTensors;
import jmergekit.linalg.LayerGrams;
import jmergekit.linalg.Statistic;
import jmergekit.safetensors.SafetensorsLayout;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.StrictJson;

/// The contents of a file of statistics.
///
/// @param model what is measured
/// @param tensors the shapes of the model's tensors
public record StatisticsLayout(
        DecoderModel model, Map<String, Shape> tensors, Set<Statistic> kinds) {
    /// The format's name in the file's metadata.
    public static final String FORMAT = "jmergekit-statistics-1";

    /// Where the statistics come from.
    ///
    /// @param model its name
    /// @param texts number of texts
    /// @param tokens number of tokens
    /// @param data SHA-256 of the data file
    public record Origin(String model, int texts, long tokens, String data) {}

    /// The file before a byte of it is written.
    ///
    /// @param name of the file in messages
    public SafetensorsLayout file(String name, Origin origin) {
        List<TensorSpec> specs = new ArrayList<>();
        Map<String, String> grams = grams();
        if (kinds.contains(Statistic.GRAM)) {
            grams.values().stream().distinct().forEach(g -> specs.add(gram(g)));
        }
        if (kinds.contains(Statistic.FISHER)) {
            used().forEach(t ->
                    specs.add(new TensorSpec(Statistic.FISHER.of(t), DType.F32, tensors.get(t))));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("model", origin.model());
        metadata.put("texts", String.valueOf(origin.texts()));
        metadata.put("tokens", String.valueOf(origin.tokens()));
        metadata.put("data", "sha256:" + origin.data());
        metadata.put(
                "kinds",
                kinds.stream().sorted().map(Statistic::text).collect(Collectors.joining(",")));
        if (kinds.contains(Statistic.GRAM)) {
            metadata.put("gram", json(grams));
        }
        return SafetensorsLayout.of(name, specs).withMetadata(name, metadata);
    }

    private TensorSpec gram(String name) {
        String weight = name.substring(Statistic.GRAM.of("").length());
        long inputs = tensors.get(weight).size(1);
        return new TensorSpec(name, DType.F32, Shape.of(inputs, inputs));
    }

    /// The names of the Gram matrices, by the names of the weights.
    private Map<String, String> grams() {
        Map<String, String> grams = new LinkedHashMap<>();
        for (int layer = 0; layer < model.shape().layers(); layer++) {
            for (Map.Entry<String, List<String>> shared : LayerGrams.MODULES.entrySet()) {
                String gram = Statistic.GRAM.of(weight(layer, shared.getKey()));
                for (String module : shared.getValue()) {
                    grams.put(weight(layer, module), gram);
                }
            }
        }
        if (!model.tied()) {
            grams.put(model.head(), Statistic.GRAM.of(model.head()));
        }
        return grams;
    }

    private String weight(int layer, String module) {
        return model.ofLayer(layer, module + ".weight");
    }

    private static String json(Map<String, String> entries) {
        StringBuilder json = new StringBuilder("{");
        entries.forEach((key, value) -> {
            json.append(json.length() == 1 ? "" : ",");
            StrictJson.quote(key, json);
            json.append(':');
            StrictJson.quote(value, json);
        });
        return json.append('}').toString();
    }

    /// The tensors that a run uses.
    private List<String> used() {
        List<String> used = new ArrayList<>(List.of(model.embeddings()));
        List<String> rests = new DecoderTensors(model.shape(), 0).names();
        for (int layer = 0; layer < model.shape().layers(); layer++) {
            for (String rest : rests) {
                used.add(model.ofLayer(layer, rest));
            }
        }
        used.add(model.finalNorm());
        used.add(model.head());
        return used.stream().filter(tensors::containsKey).distinct().toList();
    }
}
