package jmergekit.safetensors;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.StrictJson;
import jmergekit.weights.TensorEntry;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Parses one header, and checks its consistency and its agreement with the size of the file.
final class HeaderParser {
    static final String METADATA = "__metadata__";

    /// The most tensors in a file. They fit in the memory of a default run; the largest models have
    /// this many in all their files together.
    static final int MAX_TENSORS = 250_000;

    private static final int MAX_METADATA = 100_000;

    /// More dimensions than any array library supports.
    private static final int MAX_RANK = 64;

    /// The longest part of a name that a message shows, so that the error still fits in the line.
    private static final int SHOWN = 200;

    private static final String WRONG = "the file is truncated or its header is invalid";

    /// A tensor with its offsets as the header gives them: from the start of the data.
    private record Listed(TensorSpec spec, long begin, long end) {}

    private final Path file;
    private final List<Listed> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    HeaderParser(Path file) {
        this.file = file;
    }

    /// Parses the header's JSON, which ends with the stream.
    void parse(InputStream text) {
        try (JsonParser json = StrictJson.parser(text)) {
            json.nextToken();
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (name.equals(METADATA)) {
                    readMetadata(json);
                } else {
                    if (tensors.size() == MAX_TENSORS) {
                        throw refused(
                                "the header lists more than %d tensors".formatted(MAX_TENSORS));
                    }
                    tensors.add(readTensor(json, name));
                }
            }
            if (json.nextToken() != null) {
                throw refused("the header has content after its JSON object");
            }
        } catch (JacksonException e) {
            throw StrictJson.refusal(file, "the header", e);
        }
    }

    private void readMetadata(JsonParser json) {
        if (json.nextToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw refused("'%s' is not an object".formatted(METADATA));
        }
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw refused("'%s': the value of '%s' is not a string".formatted(METADATA, key));
            }
            if (metadata.size() == MAX_METADATA) {
                throw refused("'%s' has more than %d keys".formatted(METADATA, MAX_METADATA));
            }
            metadata.put(key, json.getString());
        }
    }

    private Listed readTensor(JsonParser json, String name) {
        if (!StrictJson.isUnicode(name)) {
            throw refused(name, "the name is not valid Unicode");
        }
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw refused(name, "its description is not an object");
        }
        DType dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            switch (key) {
                case "dtype" -> dtype = readDType(json, name);
                case "shape" -> shape = readSizes(json, name, key, MAX_RANK);
                case "data_offsets" -> offsets = readSizes(json, name, key, 2);
                // An unknown key could change what the bytes mean, so reading on would be a guess.
                default -> throw refused(name, "key '%s' is unknown".formatted(key));
            }
        }
        return listed(
                name,
                present(dtype, name, "dtype"),
                present(shape, name, "shape"),
                present(offsets, name, "data_offsets"));
    }

    private <T> T present(@Nullable T value, String name, String key) {
        if (value == null) {
            throw refused(name, "has no '%s'".formatted(key));
        }
        return value;
    }

    private DType readDType(JsonParser json, String name) {
        String text = json.getString();
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(name, "'dtype' is not a string");
        }
        return DType.ofSafetensors(text)
                .orElseThrow(() -> refused(name, "dtype '%s' is not supported".formatted(text)));
    }

    private List<Long> readSizes(JsonParser json, String name, String key, int most) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw refused(name, "'%s' is not a list".formatted(key));
        }
        List<Long> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0) {
                throw refused(
                        name,
                        "'%s' holds '%s', which is not an integer from 0 to %d"
                                .formatted(key, json.getString(), Long.MAX_VALUE));
            }
            if (sizes.size() == most) {
                throw refused(name, "'%s' has more than %d numbers".formatted(key, most));
            }
            sizes.add(json.getLongValue());
        }
        return sizes;
    }

    private Listed listed(String name, DType dtype, List<Long> sizes, List<Long> offsets) {
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw refused(
                    name,
                    "'data_offsets' is %s, not a begin and an end at or after it"
                            .formatted(offsets));
        }
        TensorSpec spec;
        try {
            spec = new TensorSpec(name, dtype, new Shape(sizes));
        } catch (ArithmeticException _) {
            throw refused(
                    name,
                    "shape %s of %s is %s"
                            .formatted(
                                    sizes,
                                    dtype,
                                    dtype.isPacked()
                                            ? "not a whole number of bytes, or larger than any file"
                                            : "larger than any file"));
        }
        long bytes = offsets.get(1) - offsets.get(0);
        if (bytes != spec.bytes()) {
            throw new MergeException(
                    problem(
                                    name,
                                    "data is %d bytes, shape %s of %s needs %d"
                                            .formatted(bytes, spec.shape(), dtype, spec.bytes()))
                            .hint(WRONG));
        }
        return new Listed(spec, offsets.get(0), offsets.get(1));
    }

    /// Returns the header, after checking that its tensors fill the file from `dataStart` to its
    /// end at `fileSize`.
    SafetensorsHeader header(long dataStart, long fileSize) {
        tensors.sort(Comparator.comparingLong(Listed::begin).thenComparingLong(Listed::end));
        long dataBytes = fileSize - dataStart;
        List<TensorEntry> entries = new ArrayList<>(tensors.size());
        long next = 0;
        for (Listed tensor : tensors) {
            checkAdjacent(tensor, next);
            next = tensor.end();
        }
        for (Listed tensor : tensors) {
            if (tensor.end() > dataBytes) {
                throw truncated(tensor, dataBytes, next);
            }
            entries.add(new TensorEntry(tensor.spec(), dataStart + tensor.begin()));
        }
        if (next < dataBytes) {
            throw new MergeException(
                    Problem.input(
                                    file.toString(),
                                    "has %d bytes after its last tensor"
                                            .formatted(dataBytes - next))
                            .hint("its header is invalid or something was appended"));
        }
        return new SafetensorsHeader(file, entries, metadata);
    }

    private void checkAdjacent(Listed tensor, long next) {
        if (tensor.begin() < next) {
            throw refused(
                    tensor.spec().name(),
                    "data begins at byte %d, inside the tensor before it, which ends at %d"
                            .formatted(tensor.begin(), next));
        }
        if (tensor.begin() > next) {
            throw refused(
                    tensor.spec().name(),
                    "data begins at byte %d; bytes %d to %d belong to no tensor"
                            .formatted(tensor.begin(), next, tensor.begin()));
        }
    }

    private MergeException truncated(Listed tensor, long present, long needed) {
        return new MergeException(
                problem(
                                tensor.spec().name(),
                                "only %d of its %d bytes exist; the file has %d of %d bytes of data"
                                        .formatted(
                                                Math.max(0, present - tensor.begin()),
                                                tensor.spec().bytes(),
                                                present,
                                                needed))
                        .hint("the file is truncated: download or copy it again"));
    }

    private Problem problem(String tensor, String what) {
        String shown = tensor.length() > SHOWN ? tensor.substring(0, SHOWN) + "…" : tensor;
        return Problem.input(file.toString(), "tensor '%s': %s".formatted(shown, what));
    }

    private MergeException refused(String tensor, String what) {
        return new MergeException(problem(tensor, what));
    }

    private MergeException refused(String what) {
        return new MergeException(Problem.input(file.toString(), what));
    }
}
