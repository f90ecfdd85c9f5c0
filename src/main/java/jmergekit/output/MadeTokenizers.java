package jmergekit.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.tokenizer.TokenizerOutput;
import jmergekit.tokenizer.TokenizerOutput.Content;
import jmergekit.weights.IoReason;

/// Tokenizers that recipes make, in folders for as long as recipes around them are planned, which read
/// a tokenizer from a folder.
final class MadeTokenizers implements AutoCloseable {
    private final List<Path> folders = new ArrayList<>();

    /// The folder of one.
    Path write(TokenizerOutput tokenizer) {
        try {
            Path folder = Files.createTempDirectory("jmergekit-tokenizer-");
            folders.add(folder);
            Map<String, Content> written = tokenizer.written();
            for (SideFile file : SideFiles.tokenizer(tokenizer.folder())) {
                boolean kept =
                        !written.containsKey(file.name()) && !tokenizer.isOutdated(file.name());
                if (kept) {
                    Path copy = folder.resolve(file.name());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file.source(), copy);
                }
            }
            for (Map.Entry<String, Content> file : written.entrySet()) {
                try (OutputStream out = Files.newOutputStream(folder.resolve(file.getKey()))) {
                    file.getValue().writeTo(out);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(
                                    System.getProperty("java.io.tmpdir"),
                                    "a tokenizer cannot be kept there: " + IoReason.of(e))
                            .hint("free space there, or set another folder by -Djava.io.tmpdir"),
                    e);
        }
    }

    @Override
    public void close() {
        for (Path folder : folders) {
            try {
                Removal.ofAll(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        folders.clear();
    }
}
