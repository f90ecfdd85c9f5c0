package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFilesTest {
    @TempDir private Path folder;

    @Test
    void aFileThatVanishesWhileItIsPlannedIsNamed() {
        PlanFiles files = new PlanFiles(Map.of(), PendingFiles.NONE);
        List<SideFile> gone = List.of(new SideFile("LICENSE", folder.resolve("LICENSE")));

        assertThatThrownBy(() -> files.copy(folder, "base", gone, _ -> false))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("LICENSE: cannot be read");
    }
}
