package jmergekit.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.weights.WeightFolder;

/// What is said of weights that are no model folder: single files, and files of GGUF.
final class BareFile {
    private static final Pattern WEIGHTS =
            Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt)", Pattern.CASE_INSENSITIVE);
    private static final String GGUF =
            "GGUF files are made for running a model and cannot be merged; name the safetensors"
                    + " checkpoint that it was made from";

    private BareFile() {}

    /// A file where a folder must be.
    static Problem problem(String where, Path file) {
        String name = String.valueOf(file.getFileName());
        Problem problem = Problem.input(where, "not a folder");
        if (isGguf(name)) {
            return problem.found("a GGUF file").hint(GGUF);
        }
        return WEIGHTS.matcher(name).matches()
                ? problem.found("a file of weights")
                        .hint(
                                "name the folder that holds it beside its config.json, or merge"
                                        + " weights alone with mergekit-pytorch")
                : problem;
    }

    /// A file that must be one of weights, and is none.
    static Problem noWeights(String where, String name, String expected) {
        return isGguf(name)
                ? Problem.input(where, "holds no weights that can be merged")
                        .found("a GGUF file")
                        .hint(GGUF)
                : Problem.input(where, "not a file of weights").expected(expected);
    }

    /// A folder that lacks a configuration beside its weights.
    ///
    /// @param config what messages call the configuration
    static Optional<Problem> withoutConfig(String config, WeightFolder folder) {
        return folder.holds("config.json")
                        || folder.names().stream().noneMatch(n -> WEIGHTS.matcher(n).matches())
                ? Optional.empty()
                : Optional.of(
                        Problem.input(config, "no such file")
                                .hint(
                                        "bring it there, or merge weights alone with"
                                                + " mergekit-pytorch"));
    }

    /// A folder whose only weights are of GGUF.
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
