package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.OutputFile;
import jmergekit.model.ModelFolder;
import jmergekit.plan.PlanOptions;
import jmergekit.plan.RunPlan;
import jmergekit.problem.Problems;

/// What is particular to a command that makes a model as a recipe says.
interface ModelMaker<P extends RunPlan> {
    /// Reads the recipe and plans, from headers alone.
    ///
    /// @param source what messages call the recipe's file
    P plan(Path recipe, String source, PlanOptions options, Problems problems);

    /// The model whose files besides the weights the output gets.
    ModelFolder donor(P plan);

    /// The plan for people, all of it.
    String text(P plan, int threads);

    /// The first lines of it.
    String summary(P plan, int threads);

    /// The plan with what can only be known when the models are there.
    default P ready(P plan) {
        return plan;
    }

    /// The files of the output besides the weights.
    ///
    /// @param card the title of the model card, if there is to be one
    List<OutputFile> files(P plan, Optional<String> card);
}
