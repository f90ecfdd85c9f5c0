package jmergekit.shards;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.safetensors.SafetensorsLayout;
import jmergekit.tensor.TensorSpec;
import jmergekit.torchfile.TorchHeader;
import jmergekit.torchfile.TorchLayout;
import jmergekit.weights.FileLayout;
import jmergekit.weights.WeightFormat;

/// A format of weight files that are written: the names of its files, and their layout.
public enum ShardFormat {
    SAFETENSORS(
            "safetensors",
            SafetensorsHeader.FORMAT,
            SafetensorsLayout::of,
            SafetensorsLayout::fitting),
    PYTORCH("pytorch", TorchHeader.FORMAT, TorchLayout::of, TorchLayout::fitting);

    private static final String ADAPTER = "adapter_model";

    private final String id;
    private final WeightFormat format;
    private final BiFunction<String, List<TensorSpec>, FileLayout> layout;
    private final ToIntFunction<List<TensorSpec>> fitting;
    private final Pattern names;

    ShardFormat(
            String id,
            WeightFormat format,
            BiFunction<String, List<TensorSpec>, FileLayout> layout,
            ToIntFunction<List<TensorSpec>> fitting) {
        this.id = id;
        this.format = format;
        this.layout = layout;
        this.fitting = fitting;
        this.names =
                Pattern.compile(
                        "%s(-\\d{5,9}-of-\\d{5,9})?\\Q%s\\E".formatted(stem(), format.suffix()));
    }

    /// The id in a plan's JSON.
    public String id() {
        return id;
    }

    /// Finds a format by its id.
    public static Optional<ShardFormat> of(String id) {
        for (ShardFormat format : values()) {
            if (format.id.equals(id)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// The format for reading these files.
    public WeightFormat format() {
        return format;
    }

    /// The file name of an adapter's weights, as in `adapter_model.safetensors`.
    public String adapter() {
        return ADAPTER + format.suffix();
    }

    /// Whether a file of this name may hold the weights of a model or an adapter.
    public boolean isShard(String fileName) {
        return names.matcher(fileName).matches() || fileName.equals(adapter());
    }

    /// The same for any of the formats.
    public static boolean isShardOfAny(String fileName) {
        return Arrays.stream(values()).anyMatch(format -> format.isShard(fileName));
    }

    /// Whether a file of this name may hold a model's weights or their index, in any of the
    /// formats.
    public static boolean isOfModel(String fileName) {
        return Arrays.stream(values())
                .anyMatch(f ->
                        f.names.matcher(fileName).matches() || f.format.index().equals(fileName));
    }

    private String stem() {
        String single = format.single();
        return single.substring(0, single.length() - format.suffix().length());
    }

    /// @param shard counted from 0
    String fileName(int shard, int count) {
        return count == 1
                ? format.single()
                : String.format(
                        Locale.ROOT,
                        "%s-%05d-of-%05d%s",
                        stem(),
                        shard + 1,
                        count,
                        format.suffix());
    }

    /// How many of the tensors, counted from the first, fit in one file, whatever their size in
    /// bytes.
    int fitting(List<TensorSpec> tensors) {
        return fitting.applyAsInt(tensors);
    }

    FileLayout layout(String fileName, List<TensorSpec> tensors) {
        return layout.apply(fileName, tensors);
    }
}
