package jmergekit.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.MergePlan;
import jmergekit.RunSettings;

/// Makes one shard of a plan, which stays next to the output until the output is published. Any
/// number of attempts at the same shard may run at the same time.
///
/// @param shard its number in the plan
/// @param name the name of its file
/// @param readThreads the threads that read its inputs ahead
/// @param overwrite whether the output will replace a model
/// @param sync whether the shard is flushed to the disk
public record ShardJob(
        Cluster.Shared<SharedPlan> plan,
        int shard,
        String name,
        String output,
        int readThreads,
        boolean overwrite,
        boolean sync)
        implements Job<Boolean> {

    /// The jobs for the shards of a plan.
    ///
    /// @param shards the file names of all shards
    /// @param finished the shards that exist already
    public static List<ShardJob> of(
            Cluster.Shared<SharedPlan> plan,
            List<String> shards,
            Set<String> finished,
            String output,
            int readThreads,
            boolean overwrite,
            boolean sync) {
        return IntStream.range(0, shards.size())
                .filter(i -> !finished.contains(shards.get(i)))
                .mapToObj(i ->
                        new ShardJob(plan, i, shards.get(i), output, readThreads, overwrite, sync))
                .toList();
    }

    /// @return whether this attempt made the shard; if not, another one had made it
    @Override
    public Boolean run(Attempt attempt) {
        MergePlan opened = plan.value().open();
        return opened.makePart(
                shard,
                Path.of(output),
                RunSettings.defaults()
                        .threads(attempt.threads())
                        .readThreads(readThreads)
                        .overwrite(overwrite)
                        .sync(sync)
                        .cancellation(attempt.cancellation()));
    }
}
