package jmergekit.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.PlanSettings;
import jmergekit.Recipe;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.Clusters;
import jmergekit.cluster.Job;
import jmergekit.cluster.ShardJob;
import jmergekit.cluster.SharedPlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.apache.spark.SparkContext;

/// Does one thing after another with the same executors, which take most of the time to start.
final class SparkProgram {
    static final String LOCAL_CLUSTER = "local-cluster[2,1,1024]";

    private static final PlanSettings SHARDS = PlanSettings.defaults().shardBytes(60_000);

    private SparkProgram() {}

    /// Where each recipe's model goes, under the folder that this process runs in.
    static String output(String recipe) {
        return "made/" + recipe;
    }

    /// Makes a model of each recipe by itself.
    static void single(Path folder, String recipe) {
        try (Models models = models(folder)) {
            plan(models, folder, recipe).write(Path.of("single", recipe));
        }
    }

    private static Models models(Path folder) {
        return Models.open(folder, ModelSettings.defaults().offline(true).cache(Path.of("none")));
    }

    private static MergePlan plan(Models models, Path folder, String recipe) {
        return models.plan(Recipe.read(folder.resolve(recipe)), SHARDS.title("out"));
    }

    /// The first argument is the cluster's address. Each of the others is a recipe to merge, or a job to do,
    /// which fails in the way that it says.
    public static void main(String[] args) {
        Path folder = Path.of("").toAbsolutePath();
        Map<String, String> twice = Map.of("spark.task.maxFailures", "2");
        try (Cluster cluster = Clusters.open("--master", args[0], twice);
                Models models = models(folder)) {
            for (String what : List.of(args).subList(1, args.length)) {
                if (what.endsWith(".yml")) {
                    merge(cluster, folder, plan(models, folder, what), output(what));
                } else {
                    attempt(cluster, what);
                }
            }
        }
    }

    private static void merge(Cluster cluster, Path folder, MergePlan plan, String output) {
        Cluster.Shared<SharedPlan> shared =
                cluster.share(new SharedPlan(folder.toString(), "none", plan.toJson()));
        List<Boolean> made =
                cluster.run(
                        ShardJob.of(shared, plan.shards(), Set.of(), output, 0, false, true),
                        new Printed());
        System.out.println(output + " by " + made.size() + " jobs");
        plan.publish(Path.of(output));
    }

    private static void attempt(Cluster cluster, String name) {
        try {
            if (name.equals("stopped")) {
                // As Spark does when no master answers.
                SparkContext.getOrCreate().stop();
            }
            cluster.run(List.of(new Failing("fine"), new Failing(name)), new Printed());
        } catch (MergeException e) {
            System.out.println(e.exitCode() + " " + e.getMessage());
        } catch (IllegalStateException e) {
            System.out.println("BUG " + e.getMessage());
        }
    }

    private record Printed() implements Cluster.Watcher {
        @Override
        public void finished(int job) {}

        @Override
        public void note(String line) {
            System.out.println("note: " + line);
        }
    }

    /// Fails in the way that its name says.
    private record Failing(String name) implements Job<String> {
        @Override
        public String run(Attempt attempt) {
            return switch (name) {
                case "refused" ->
                        throw new MergeException(
                                Problem.input("model/a", "differs from the file in the plan")
                                        .expected("3 bytes")
                                        .found("4"));
                case "defect" -> throw new IllegalArgumentException("no such thing");
                case "ended" -> {
                    Runtime.getRuntime().halt(7);
                    yield "";
                }
                default -> name;
            };
        }
    }
}
