package jmergekit.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.FileLayout;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorEntry;

/// A safetensors file to be written: its header, then the data.
///
/// @param dataStart where the header ends, in bytes from the start of the file
/// @param metadata besides the format, which is PyTorch's unless the metadata has another
public record SafetensorsLayout(
        List<TensorEntry> entries, long dataStart, Map<String, String> metadata)
        implements FileLayout {
    /// The key that other loaders check before they accept a file as a model's weights.
    private static final String FORMAT = "format";

    private static final String PYTORCH = "pt";

    private static final int ALIGNMENT = 8;

    /// Space in a header for anything other than tensors.
    private static final int METADATA_BYTES = 1_000_000;

    /// Space for a tensor besides its name and dimensions.
    private static final int TENSOR_BYTES = 100;

    public SafetensorsLayout {
        entries = List.copyOf(entries);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /// The layout of these tensors. Throws a [MergeException] if they need a longer header than the
    /// format allows.
    ///
    /// @param fileName the name of the file in messages
    public static SafetensorsLayout of(String fileName, List<TensorSpec> tensors) {
        return of(fileName, tensors, Map.of());
    }

    private static SafetensorsLayout of(
            String fileName, List<TensorSpec> tensors, Map<String, String> metadata) {
        // Each size divides the larger ones, so this order aligns every tensor to its element size.
        List<TensorSpec> ordered =
                tensors.stream()
                        .sorted(Comparator.comparingInt((TensorSpec t) -> -t.dtype().bits()))
                        .toList();
        long dataStart = SafetensorsHeader.PREFIX_BYTES + header(ordered, metadata).length;
        if (dataStart > SafetensorsHeader.MAX_HEADER_BYTES) {
            throw new MergeException(
                    Problem.output(
                                    fileName,
                                    "its %d tensors need a header of %d bytes, at most %d fit"
                                            .formatted(
                                                    tensors.size(),
                                                    dataStart,
                                                    SafetensorsHeader.MAX_HEADER_BYTES))
                            .hint("choose smaller shards"));
        }
        List<TensorEntry> entries = new ArrayList<>(ordered.size());
        long next = dataStart;
        for (TensorSpec tensor : ordered) {
            if (tensor.name().equals(HeaderParser.METADATA)) {
                throw new IllegalArgumentException("not a valid tensor name: " + tensor.name());
            }
            entries.add(new TensorEntry(tensor, next));
            next = Math.addExact(next, tensor.bytes());
        }
        return new SafetensorsLayout(entries, dataStart, metadata);
    }

    /// How many of the tensors, counted from the first, fit in one file that can be read again.
    /// Rounded down.
    public static int fitting(List<TensorSpec> tensors) {
        long header = METADATA_BYTES;
        int most = Math.min(tensors.size(), HeaderParser.MAX_TENSORS);
        for (int i = 0; i < most; i++) {
            header += mostBytes(tensors.get(i));
            if (header > SafetensorsHeader.MAX_HEADER_BYTES) {
                return i;
            }
        }
        return most;
    }

    // In the header, where a number has at most 20 digits.
    private static long mostBytes(TensorSpec tensor) {
        long name = tensor.name().chars().map(SafetensorsLayout::mostBytes).asLongStream().sum();
        return name + TENSOR_BYTES + 21L * tensor.shape().dimensions().size();
    }

    private static int mostBytes(int letter) {
        if (letter < ' ' || letter == '"' || letter == '\\') {
            return 6;
        }
        return letter < 0x80 ? 1 : 3;
    }

    @Override
    public SafetensorsLayout withMetadata(String fileName, Map<String, String> other) {
        return of(fileName, specs(), other);
    }

    private List<TensorSpec> specs() {
        return entries.stream().map(TensorEntry::spec).toList();
    }

    @Override
    public long fileSize() {
        return entries.isEmpty() ? dataStart : entries.getLast().end();
    }

    @Override
    public byte[] head() {
        byte[] header = header(specs(), metadata);
        return ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    /// The header of `tensors` in this order, padded with spaces so that the data is aligned.
    static byte[] header(List<TensorSpec> tensors, Map<String, String> metadata) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(FORMAT, PYTORCH);
        entries.putAll(metadata);
        StringBuilder json = new StringBuilder("{");
        StrictJson.quote(HeaderParser.METADATA, json);
        String separator = ":{";
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            json.append(separator);
            StrictJson.quote(entry.getKey(), json);
            json.append(':');
            StrictJson.quote(entry.getValue(), json);
            separator = ",";
        }
        json.append('}');
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
}
