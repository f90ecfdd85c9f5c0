package jmergekit.cli;

import java.nio.file.Path;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;

/// What is particular to a command that makes something as a recipe says.
interface RecipeCommand {
    /// Reads the recipe and plans, from headers alone. Throws a
    /// [jmergekit.problem.MergeException] with everything that is wrong with both.
    ///
    /// @param source what messages call the recipe's file
    PlannedOutput plan(Path recipe, String source, PlanOptions options, Problems problems);
}
