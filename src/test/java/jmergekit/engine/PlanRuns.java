package jmergekit.engine;

import jmergekit.cpu.CpuExecutor;
import jmergekit.method.MergeMethods;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;

/// Carries out plans on the CPU with one thread.
final class PlanRuns {
    private PlanRuns() {}

    static void write(BoundPlan plan, OutputPlace place) {
        write(plan, place, (_, _) -> {});
    }

    static void write(BoundPlan plan, OutputPlace place, Progress progress) {
        PlanRun run =
                new PlanRun(
                        plan,
                        MergeMethods.builtIn(),
                        1,
                        new CpuExecutor(TileOps.best()),
                        progress,
                        new Cancellation());
        new FolderRun(plan, run).write(OutputFolder.create(place), (_, planned) -> planned);
    }
}
