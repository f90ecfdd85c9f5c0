package jmergekit.output;

import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.engine.BoundPlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.weights.JsonTree;

/// Checks the JSON files that an output copies: a file that no loader can read would make the
/// output unusable.
public final class CopiedJson {
    private static final String HINT = "it would be copied to the output: fix it or remove it";

    private CopiedJson() {}

    /// Adds a problem for each file that is not JSON in UTF-8. Files that are still to be
    /// downloaded are skipped.
    public static void check(BoundPlan plan, Problems problems) {
        for (Path source : plan.copiedFiles()) {
            if (source.toString().endsWith(".json") && Files.isRegularFile(source)) {
                try {
                    JsonTree.check(source, source.toString());
                } catch (MergeException e) {
                    e.problems().forEach(p -> problems.add(p.hint(HINT)));
                }
            }
        }
    }
}
