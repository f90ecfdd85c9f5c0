package jmergekit.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.weights.WeightFolder;

/// Messages about weights that are not a model folder: single files, and GGUF files.
final class BareFile {
    private static final Pattern WEIGHTS =
            Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt)", Pattern.CASE_INSENSITIVE);
    private static final String GGUF =
            "GGUF files are for inference and cannot be merged; name the safetensors checkpoint"
                    + " from which it was made";

    private BareFile() {}

    /// A file in place of a folder.
    static Problem problem(String where, Path file) {
        String name = String.valueOf(file.getFileName());
        Problem problem = Problem.input(where, "not a folder");
        if (isGguf(name)) {
            return problem.found("a GGUF file").hint(GGUF);
        }
        return WEIGHTS.matcher(name).matches()
                ? problem.found("a weight file")
                        .hint(
                                "name the folder with this file and its config.json, or merge only"
                                        + " weights with mergekit-pytorch")
                : problem;
    }

    /// A file that should be a weight file, but is not.
    static Problem noWeights(String where, String name, String expected) {
        return isGguf(name)
                ? Problem.input(where, "holds no weights that can be merged")
                        .found("a GGUF file")
                        .hint(GGUF)
                : Problem.input(where, "not a weight file").expected(expected);
    }

    /// A folder that lacks a configuration for its weights.
    ///
    /// @param config the name of the configuration in messages
    static Optional<Problem> withoutConfig(String config, WeightFolder folder) {
        return folder.holds("config.json")
                        || folder.names().stream().noneMatch(n -> WEIGHTS.matcher(n).matches())
                ? Optional.empty()
                : Optional.of(
                        Problem.input(config, "no such file")
                                .hint("add it, or merge only weights with mergekit-pytorch"));
    }

    /// A folder whose only weights are in GGUF files.
    static Optional<Problem> onlyGguf(String where, List<String> names) {
        boolean other = names.stream().anyMatch(n -> WEIGHTS.matcher(n).matches());
        return names.stream()
                .filter(BareFile::isGguf)
                .findFirst()
                .filter(_ -> !other)
                .map(name ->
                        Problem.input(where, "holds no weights that can be merged")
                                .found("only GGUF, as in '" + name + "'")
                                .hint(GGUF));
    }

    private static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }
}
