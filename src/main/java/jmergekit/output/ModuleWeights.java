package jmergekit.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.model.ModelFolder;
import jmergekit.planner.PlannedMerge;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Weights in the folders of a sentence encoder's modules, such as `2_Dense/model.safetensors`.
/// They are not merged: the output gets the donor's.
public final class ModuleWeights {
    private ModuleWeights() {}

    /// Warns of each model whose weights differ from the donor's. Files that are not on disk yet
    /// are not compared.
    public static void warn(PlannedMerge plan, Problems problems) {
        ModelFolder donor = plan.donorModel();
        for (SideFile file : SideFiles.weights(donor.folder())) {
            for (ModelFolder model : plan.models()) {
                if (differs(file.source(), model.folder().resolve(file.name()))) {
                    problems.add(
                            Problem.input(
                                            model.reference().toString(),
                                            "'%s' differs from that of '%s', which is copied"
                                                    .formatted(file.name(), donor.reference()))
                                    .hint("weights in module folders are not merged")
                                    .asWarning());
                }
            }
        }
    }

    private static boolean differs(Path ours, Path theirs) {
        try {
            return Files.isRegularFile(theirs) && Files.mismatch(ours, theirs) >= 0;
        } catch (IOException e) {
            return true;
        }
    }
}
