package jmergekit.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.MergePlan;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;

/// The files of a model besides its weights, in a folder that is there until this is closed.
final class ModelFiles implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final List<String> TOKENIZER =
            List.of(
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    CONFIG);

    private final Path folder;

    private ModelFiles(Path folder) {
        this.folder = folder;
    }

    static ModelFiles of(MergePlan plan) {
        try {
            ModelFiles files = new ModelFiles(Files.createTempDirectory("jmergekit-evaluation-"));
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
            throw failure(Path.of(System.getProperty("java.io.tmpdir")), e);
        }
    }

    Path folder() {
        return folder;
    }

    ModelConfig config() {
        return new ModelConfig(CONFIG, ConfigJson.readObject(folder.resolve(CONFIG), CONFIG));
    }

    /// Equal for models whose tokens are the same.
    String tokenizerHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : TOKENIZER) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    byte[] bytes = Files.readAllBytes(file);
                    digest.update(
                            "%s %d "
                                    .formatted(name, bytes.length)
                                    .getBytes(StandardCharsets.UTF_8));
                    digest.update(bytes);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw failure(folder, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
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
