package jmergekit.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.ShardJob;
import jmergekit.cluster.SharedPlan;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.PartRun;
import jmergekit.plan.Plan;
import jmergekit.plan.PlanJson;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartOutput;
import jmergekit.shards.ShardLayout;

/// Makes the shards of an output on a cluster that sees the same files as this process.
///
/// @param clusters starts the cluster once there is work to do
record ClusterShards(Supplier<Cluster> clusters) implements PlannedCommand.ShardMaker {
    @Override
    public void make(PreparedOutput output, BoundPlan bound) {
        Plan plan = bound.plan();
        OutputPlace place = output.target().place();
        if (!output.options().resume && place.partialOutput().exists()) {
            // This removes the shards of an earlier run.
            OutputFolder.create(place, FolderRun.record(bound), false).close();
        }
        Set<String> finished = finished(place, bound);
        List<String> shards =
                plan.shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
        if (finished.containsAll(shards)) {
            return;
        }
        try (Cluster cluster = clusters.get()) {
            List<ShardJob> jobs =
                    ShardJob.of(
                            cluster.share(shared(output, plan)),
                            shards,
                            finished,
                            output.target().destination().elsewhere(),
                            output.options().merging.readThreads,
                            output.options().overwrite,
                            output.options().merging.sync);
            run(cluster, jobs, output, plan);
        }
    }

    private static Set<String> finished(OutputPlace place, BoundPlan bound) {
        if (!place.partialOutput().exists()) {
            return Set.of();
        }
        try (PartOutput part = PartOutput.open(place, PartRun.record(bound))) {
            return Set.copyOf(part.finished(bound.plan().shards()).keySet());
        }
    }

    private static SharedPlan shared(PreparedOutput output, Plan plan) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        PlanJson.write(plan, json);
        Console console = output.console();
        return new SharedPlan(
                console.workingDirectory().toString(),
                output.options()
                        .merging
                        .transformersCache
                        .map(c -> console.resolve(c).toString())
                        .orElse(null),
                json.toString(StandardCharsets.UTF_8));
    }

    private static void run(
            Cluster cluster, List<ShardJob> jobs, PreparedOutput output, Plan plan) {
        List<ShardLayout.Shard> shards = plan.shards().shards();
        long total = jobs.stream().mapToLong(j -> shards.get(j.shard()).fileSize()).sum();
        boolean quiet = output.options().says.quiet;
        try (ProgressDisplay progress =
                ProgressDisplay.mergingShards(jobs.size(), total, quiet, output.console())) {
            cluster.run(
                    jobs,
                    new Cluster.Watcher() {
                        @Override
                        public void finished(int job) {
                            ShardLayout.Shard made = shards.get(jobs.get(job).shard());
                            progress.finished(made.fileName(), made.fileSize());
                        }

                        @Override
                        public void note(String line) {
                            output.console().info(line);
                        }
                    });
        }
    }
}
