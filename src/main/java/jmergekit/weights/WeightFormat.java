package jmergekit.weights;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A format of weight files: their names in a model folder, and how their headers are read.
///
/// @param single the name of an unsharded model's file, as in `model.safetensors`
/// @param weights the names that files with a model's weights may have
/// @param other names among these of files that hold something else, such as an adapter
/// @param reader reads and checks the header of a file
public record WeightFormat(
        String single, Pattern weights, Pattern other, Function<Path, WeightHeader> reader) {
    /// A pattern for formats without other files.
    public static final Pattern NOTHING = Pattern.compile("(?!)");

    /// The name of the index file, which maps tensors to shards.
    public String index() {
        return single + ".index.json";
    }

    /// `.safetensors`
    public String suffix() {
        return single.substring(single.lastIndexOf('.'));
    }

    boolean isWeights(String fileName) {
        return weights.matcher(fileName).matches() && !isOther(fileName);
    }

    boolean isOther(String fileName) {
        return other.matcher(fileName).matches();
    }
}
