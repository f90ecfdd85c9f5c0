package jmergekit.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jmergekit.fixture.TinyModel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An adapter folder, read without the code under test.
record ExtractedAdapter(JsonNode config, Map<String, TinyModel.Values> tensors) {
    private static final String PREFIX = "base_model.model.";

    static ExtractedAdapter read(Path folder) {
        return new ExtractedAdapter(
                JsonMapper.shared().readTree(folder.resolve("adapter_config.json")),
                TinyModel.read(folder));
    }

    List<Integer> shape(String name) {
        return tensor(name).shape();
    }

    TinyModel.Values tensor(String name) {
        return tensors.get(PREFIX + name);
    }

    Set<String> names() {
        return tensors.keySet().stream()
                .map(name -> name.substring(PREFIX.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    List<String> list(String key) {
        return config.path(key).valueStream().map(JsonNode::asString).toList();
    }

    /// B times A of a linear module, row after row.
    double[] product(String module) {
        return product(tensor(module + ".lora_B.weight"), tensor(module + ".lora_A.weight"));
    }

    /// B times A of an embedding.
    double[] embeddingProduct(String module) {
        return product(tensor(module + ".lora_embedding_B"), tensor(module + ".lora_embedding_A"));
    }

    private static double[] product(TinyModel.Values b, TinyModel.Values a) {
        int rank = a.shape().getFirst();
        int rows = b.shape().getFirst();
        int columns = a.data().length / rank;
        double[] product = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < rank; k++) {
                for (int j = 0; j < columns; j++) {
                    product[i * columns + j] +=
                            (double) b.data()[i * rank + k] * a.data()[k * columns + j];
                }
            }
        }
        return product;
    }
}
