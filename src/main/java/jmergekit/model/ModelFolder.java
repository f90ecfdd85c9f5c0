package jmergekit.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;

/// A model: its configuration and the headers of its weights. No tensor data is read, and of a model
/// of the hub none needs to be there.
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
    /// @param models finds the folders that references name
    public static Optional<ModelFolder> open(
            ModelReference reference, ModelLocator models, Problems problems) {
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
        Optional<WeightFolder> found =
                models.find(reference.path(), reference.revision(), where, problems);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Path folder = found.get().path();
        try {
            String configName = where + "/config.json";
            ModelConfig config =
                    new ModelConfig(
                            configName,
                            ConfigJson.readObject(folder.resolve("config.json"), configName));
            int before = problems.all().size();
            Checkpoint checkpoint = Checkpoint.open(found.get(), FORMATS, problems);
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
}
