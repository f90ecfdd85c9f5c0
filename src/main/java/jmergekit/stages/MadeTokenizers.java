package jmergekit.stages;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.output.SideFile;
import jmergekit.output.SideFiles;
import jmergekit.tokenizer.TokenizerOutput;
import jmergekit.tokenizer.TokenizerOutput.Content;

/// Tokenizers that recipes make. They are kept in folders while the enclosing recipes are planned,
/// because planning reads a tokenizer from a folder.
///
/// @param folders that contain them
record MadeTokenizers(PlaceholderFolders folders) {

    /// The folder of a tokenizer.
    Path write(TokenizerOutput tokenizer) {
        try {
            Path folder = folders.create("jmergekit-tokenizer-");
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
            throw PlaceholderFolders.failed(e);
        }
    }
}
