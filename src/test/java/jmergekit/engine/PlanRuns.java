package jmergekit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.config.RecipeReader;
import jmergekit.cpu.CpuExecutor;
import jmergekit.method.MergeMethods;
import jmergekit.output.MergedModel;
import jmergekit.output.PendingFiles;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.Planner;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;

/// Plans recipes, and carries out plans on the CPU.
public final class PlanRuns {
    private PlanRuns() {}

    /// Plans a recipe whose models lie in `folder`.
    public static PlannedMerge merge(Path folder, String recipe, PlanOptions options) {
        try {
            Path file = Files.createTempFile(folder, "recipe", ".yml");
            Files.writeString(file, recipe);
            Problems problems = new Problems();
            return new Planner(
                            new RecipeReader(folder, options.methods())
                                    .read(file, "recipe.yml", problems)
                                    .orElseThrow(() -> new MergeException(problems.all())),
                            options,
                            problems)
                    .plan();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static BoundPlan bound(PlannedMerge merge) {
        return new MergedModel(merge, true).plan(PendingFiles.NONE, Optional.empty());
    }

    static void write(BoundPlan plan, OutputPlace place) {
        write(plan, place, (_, _) -> {});
    }

    static void write(BoundPlan plan, OutputPlace place, Progress progress) {
        write(plan, place, 1, MergeMethods.builtIn(), progress);
    }

    static void write(
            BoundPlan plan,
            OutputPlace place,
            int threads,
            MergeMethods methods,
            Progress progress) {
        write(plan, place, threads, methods, progress, (_, planned) -> planned);
    }

    public static void writeReviewed(BoundPlan plan, OutputPlace place, Review review) {
        write(plan, place, 1, MergeMethods.builtIn(), (_, _) -> {}, review);
    }

    private static void write(
            BoundPlan plan,
            OutputPlace place,
            int threads,
            MergeMethods methods,
            Progress progress,
            Review review) {
        PlanRun run =
                new PlanRun(
                        plan,
                        methods,
                        RunThreads.of(threads),
                        new CpuExecutor(TileOps.best()),
                        progress,
                        new Cancellation());
        new FolderRun(plan, run).write(OutputFolder.create(place), review);
    }
}
