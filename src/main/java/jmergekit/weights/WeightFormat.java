package jmergekit.weights;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;

/// A format of weight files: what a model folder calls them, and how their headers are read.
///
/// @param single the name of an unsharded model's file, as in `model.safetensors`
/// @param weights the names that files with a model's weights may have
/// @param other those among them that hold something else, such as an adapter
/// @param reader reads and checks the header of a file
public record WeightFormat(
        String single, Pattern weights, Pattern other, Function<Path, WeightHeader> reader) {
    /// The names of other files in a folder without any.
    public static final Pattern NOTHING = Pattern.compile("(?!)");

    /// The name of the file that says which shard holds which tensor.
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
