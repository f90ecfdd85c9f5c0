package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchHeaderTest {
    @TempDir Path folder;

    @Test
    void otherFormatsAreRefused() throws IOException {
        refuses(
                "",
                "is not a PyTorch checkpoint (expected a zip archive or a pickle); the file is"
                        + " damaged or has another format");
        refuses("<!DOCTYPE html>", "is not a PyTorch checkpoint");
        refuses("P", "is not a PyTorch checkpoint");
    }

    @Test
    void gitPointerIsRefused() throws IOException {
        refuses(
                "version https://git-lfs.github.com/spec/v1\n",
                "is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'");
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThatThrownBy(() -> TorchHeader.read(folder))
                .hasMessage(folder + ": is not a regular file");
        assertThatThrownBy(() -> TorchHeader.read(folder.resolve("x.bin")))
                .hasMessage(folder.resolve("x.bin") + ": does not exist");
    }

    private void refuses(String content, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("m.bin"), content);
        assertThatThrownBy(() -> TorchHeader.read(file))
                .hasMessageStartingWith(file + ": " + message);
    }
}
