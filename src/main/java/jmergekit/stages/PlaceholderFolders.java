package jmergekit.stages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.engine.BoundPlan;
import jmergekit.plan.PlannedFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.shards.PlaceholderFiles;
import jmergekit.weights.IoReason;

/// Folders that stand in for outputs that do not exist yet: with all files except the tensors'
/// data. Recipes that read such an output can be planned with them.
public final class PlaceholderFolders implements AutoCloseable {
    private final List<Path> folders = new ArrayList<>();

    /// A folder for the output of a plan.
    public Path of(BoundPlan plan) {
        try {
            Path folder = create("jmergekit-planned-");
            for (PlannedFile file : plan.plan().files()) {
                Path target = folder.resolve(file.name());
                Files.createDirectories(target.getParent());
                switch (file) {
                    case PlannedFile.Text text -> Files.writeString(target, text.text());
                    case PlannedFile.Copy copy -> {
                        Path source = plan.inputs().path(copy);
                        // Files that still have to be downloaded are not part of a plan.
                        if (Files.exists(source)) {
                            Files.copy(source, target);
                        }
                    }
                }
            }
            PlaceholderFiles.write(plan.plan().shards(), folder);
            return folder;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    Path create(String name) throws IOException {
        Path folder = Files.createTempDirectory(name);
        folders.add(folder);
        return folder;
    }

    static MergeException failed(IOException e) {
        return new MergeException(
                Problem.output(
                                System.getProperty("java.io.tmpdir"),
                                "temporary files for planning cannot be written there: "
                                        + IoReason.of(e))
                        .hint(
                                "free space there, or choose another folder, as in"
                                        + " JMERGEKIT_OPTS=-Djava.io.tmpdir=/scratch"),
                e);
    }

    /// Removes the folders. A folder that cannot be removed stays in the system's temporary
    /// directory.
    @Override
    public void close() {
        for (Path folder : folders) {
            try {
                Removal.ofAll(folder);
            } catch (IOException _) {
                // The plan is valid nevertheless.
            }
        }
        folders.clear();
    }
}
