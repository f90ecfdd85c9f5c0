package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.model.ModelLocator;
import jmergekit.plan.RunPlan;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;

/// What is particular to a command that makes a model as a recipe says.
///
/// @param <C> what a recipe says
/// @param <P> what is planned from it
interface ModelMaker<C, P extends RunPlan> {
    /// Reads the recipe; empty if it says nothing that can be planned.
    ///
    /// @param source what messages call the recipe's file
    Optional<C> read(Path recipe, String source, Problems problems);

    /// Plans, from headers alone.
    P plan(C config, PlanOptions options, Problems problems);

    /// What the recipe makes instead of a model, if it does.
    default Optional<OtherOutput> other(C config, ModelLocator models, Problems problems) {
        return Optional.empty();
    }

    /// What the plan makes, in a few words.
    default String made(P plan) {
        return plan.tasks().size() + " tensors";
    }

    /// Which files of models' folders the output gets, by their path there.
    Map<Path, Predicate<String>> copied(P plan);

    /// The folders that are read.
    default List<Path> inputs(P plan) {
        return plan.models().stream().flatMap(m -> m.folders().stream()).toList();
    }

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
