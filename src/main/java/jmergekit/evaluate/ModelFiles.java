package jmergekit.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.MergePlan;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Sha256;
import jmergekit.weights.IoReason;

/// The files of a model other than its weights, in a folder that exists until this is closed.
final class ModelFiles implements AutoCloseable {
    private static final String CONFIG = "config.json";

    /// The files that define a tokenizer.
    private static final List<String> TOKENIZER =
            List.of(
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json");

    private final Path folder;

    private ModelFiles(Path folder) {
        this.folder = folder;
    }

    /// @param parent the folder in which theirs is created
    static ModelFiles of(MergePlan plan, Path parent) {
        try {
            Files.createDirectories(parent);
            ModelFiles files = new ModelFiles(Files.createTempDirectory(parent, "model-files-"));
            boolean written = false;
            try {
                plan.writeFiles(files.folder);
                written = true;
                return files;
            } finally {
                if (!written) {
                    files.close();
                }
            }
        } catch (IOException e) {
            throw failure(parent, e);
        }
    }

    Path folder() {
        return folder;
    }

    ModelConfig config() {
        return new ModelConfig(CONFIG, ConfigJson.readObject(folder.resolve(CONFIG), CONFIG));
    }

    /// Equal for models that encode questions as the same tokens.
    String tokenizerHash(ModelConfig config) {
        StringBuilder text = new StringBuilder();
        for (String name : TOKENIZER) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                text.append(name).append(' ').append(hash(file)).append(' ');
            }
        }
        text.append(Questions.settings(config));
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(Path file) {
        try {
            return Sha256.hex(Files.readAllBytes(file));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static MergeException failure(Path where, IOException e) {
        return new MergeException(Problem.output(where.toString(), IoReason.of(e)), e);
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }
}
