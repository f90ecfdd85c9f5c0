package jmergekit.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.WeightFormat;

/// A model on disk: its configuration and the headers of its weights. No tensor data is read.
///
/// @param reference as the recipe writes it
/// @param architecture the configuration's, or what the reference overrides it with
public record ModelFolder(
        ModelReference reference,
        Path folder,
        ModelConfig config,
        String architecture,
        Checkpoint checkpoint) {

    /// The formats of weights that are read. Of a folder with several, the first one listed.
    public static final List<WeightFormat> FORMATS =
            List.of(SafetensorsHeader.FORMAT, TorchHeader.FORMAT);

    /// Opens what a reference names. Everything wrong with it is added to `problems`; the result is
    /// empty if the folder cannot be used.
    ///
    /// @param workingDirectory what relative paths are relative to
    public static Optional<ModelFolder> open(
            ModelReference reference, Path workingDirectory, Problems problems) {
        String where = reference.toString();
        if (reference.adapter().isPresent()) {
            problems.add(
                    Problem.input(
                                    where,
                                    "adapter '%s' cannot be applied: this version reads no adapters"
                                            .formatted(reference.adapter().get()))
                            .hint("merge the adapter into its model first"));
            return Optional.empty();
        }
        Path folder = resolve(reference.path(), workingDirectory);
        if (!Files.isDirectory(folder)) {
            problems.add(missing(reference, folder));
            return Optional.empty();
        }
        if (reference.revision().isPresent()) {
            problems.add(
                    Problem.input(
                                    where,
                                    "a folder on disk has no revisions; '@' and what follows ignored")
                            .asWarning());
        }
        try {
            String configName = where + "/config.json";
            ModelConfig config =
                    new ModelConfig(
                            configName,
                            ConfigJson.readObject(folder.resolve("config.json"), configName));
            int before = problems.all().size();
            Checkpoint checkpoint = Checkpoint.open(folder, FORMATS, problems);
            boolean refused =
                    problems.all().stream()
                            .skip(before)
                            .anyMatch(p -> p.severity() == jmergekit.problem.Severity.ERROR);
            if (refused) {
                return Optional.empty();
            }
            String architecture = reference.overrideArchitecture().orElseGet(config::architecture);
            return Optional.of(
                    new ModelFolder(reference, folder, config, architecture, checkpoint));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private static Path resolve(String path, Path workingDirectory) {
        String home = System.getProperty("user.home", "");
        String expanded =
                path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path;
        return workingDirectory.resolve(expanded).normalize();
    }

    // A path with one slash or none that is not on disk may also mean a model of the hub.
    private static Problem missing(ModelReference reference, Path folder) {
        String path = reference.path();
        boolean local =
                path.startsWith("/")
                        || path.startsWith("~")
                        || path.startsWith(".")
                        || path.chars().filter(c -> c == '/').count() > 1;
        String what = Files.exists(folder) ? "not a folder" : "no such model folder";
        Problem problem = Problem.input(reference.toString(), what);
        return local
                ? problem.hint("check the path; relative ones count from the working directory")
                : problem.hint(
                        "this version downloads nothing from the hub: download the model and give"
                                + " its folder");
    }
}
