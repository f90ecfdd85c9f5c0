package jmergekit.safetensors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorEntry;

/// The JSON of a shard's header and of the index.
final class ShardText {
    /// What other loaders look for before they take a file for a model's weights.
    private static final String METADATA = "\"__metadata__\":{\"format\":\"pt\"}";

    private static final int ALIGNMENT = 8;

    private ShardText() {}

    /// The header of `tensors` in this order, padded with spaces so that the data is aligned.
    static byte[] header(List<TensorSpec> tensors) {
        StringBuilder json = new StringBuilder("{").append(METADATA);
        long begin = 0;
        for (TensorSpec tensor : tensors) {
            long end = Math.addExact(begin, tensor.bytes());
            json.append(',');
            StrictJson.quote(tensor.name(), json);
            json.append(":{\"dtype\":\"").append(tensor.dtype().name());
            json.append("\",\"shape\":[");
            for (int i = 0; i < tensor.shape().rank(); i++) {
                json.append(i == 0 ? "" : ",").append(tensor.shape().size(i));
            }
            json.append("],\"data_offsets\":[").append(begin).append(',').append(end).append("]}");
            begin = end;
        }
        byte[] text = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT;
        byte[] header = Arrays.copyOf(text, padded);
        Arrays.fill(header, text.length, padded, (byte) ' ');
        return header;
    }

    static String index(ShardLayout layout) {
        StringBuilder json = new StringBuilder();
        json.append("{\n  \"metadata\": {\n    \"total_size\": ").append(layout.totalBytes());
        json.append("\n  },\n  \"weight_map\": {");
        String separator = "\n";
        for (ShardLayout.Shard shard : layout.shards()) {
            for (TensorEntry entry : shard.entries()) {
                json.append(separator).append("    ");
                StrictJson.quote(entry.spec().name(), json);
                json.append(": \"").append(shard.fileName()).append('"');
                separator = ",\n";
            }
        }
        return json.append("\n  }\n}\n").toString();
    }
}
