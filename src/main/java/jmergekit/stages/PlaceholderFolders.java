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

/// Folders that stand for outputs which are not made yet: with all files but the tensors' data. What
/// reads an output can be planned with them.
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
                        // What is still to be downloaded is no part of a plan.
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
                                "what is needed for planning cannot be kept there: "
                                        + IoReason.of(e))
                        .hint(
                                "free space there, or choose another folder, as in"
                                        + " JMERGEKIT_OPTS=-Djava.io.tmpdir=/scratch"),
                e);
    }

    /// Removes them. One that cannot be removed stays in the system's folder for such files.
    @Override
    public void close() {
        for (Path folder : folders) {
            try {
                Removal.ofAll(folder);
            } catch (IOException _) {
                // The plan is sound all the same.
            }
        }
        folders.clear();
    }
}
