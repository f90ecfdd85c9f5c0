package jmergekit.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.MergePlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// The options that say which shards of a plan a part makes.
final class PartShards {
    @Option(
            names = "--index",
            paramLabel = "I",
            description =
                    "Make the shards of part I, counted from 0, of as many parts as --of says.")
    private Optional<Integer> index = Optional.empty();

    @Option(
            names = "--of",
            paramLabel = "N",
            description =
                    "The number of parts. Each shard is in one of them, and all have about as many"
                            + " bytes to read and write.")
    private Optional<Integer> of = Optional.empty();

    @Option(
            names = "--shards",
            paramLabel = "LIST",
            converter = ShardNumbers.Reader.class,
            description =
                    "Make these shards, numbered as their files are, such as 3,7-9; in place of --index"
                            + " and --of.")
    private Optional<ShardNumbers> shards = Optional.empty();

    /// What is wrong with a number of parts.
    static Optional<Problem> problem(String option, int parts) {
        return parts > 0
                ? Optional.empty()
                : Optional.of(Problem.usage(option, "needs a positive number").found("" + parts));
    }

    void check(Problems problems) {
        if (shards.isPresent() && (index.isPresent() || of.isPresent())) {
            problems.add(
                    Problem.usage(
                                    "--shards",
                                    "says which shards to make, and so do --index and --of")
                            .hint("give one of the two"));
        } else if (shards.isEmpty() && (index.isEmpty() || of.isEmpty())) {
            problems.add(
                    Problem.usage("mergekit part", "which shards to make is not said")
                            .expected("--index I --of N, or --shards LIST"));
        }
        of.flatMap(n -> problem("--of", n)).ifPresent(problems::add);
        if (index.isPresent() && of.orElse(0) > 0) {
            int part = index.get();
            if (part < 0 || part >= of.get()) {
                problems.add(
                        Problem.usage("--index", "there is no such part")
                                .expected(
                                        of.get() == 1
                                                ? "0"
                                                : "from 0 to %d".formatted(of.get() - 1))
                                .found("" + part));
            }
        }
    }

    /// The shards to make, from 0 on.
    List<Integer> of(MergePlan plan) {
        if (shards.isEmpty()) {
            int parts = of.orElseThrow();
            int part = index.orElseThrow();
            // There may be very many that are empty.
            return part < plan.shards().size()
                    ? plan.shares(Math.min(parts, plan.shards().size())).get(part)
                    : List.of();
        }
        int count = plan.shards().size();
        ShardNumbers numbers = shards.get();
        if (numbers.largest() > count) {
            throw new MergeException(
                    Problem.usage("--shards", "the plan has no such shard")
                            .expected(count == 1 ? "1" : "from 1 to " + count)
                            .found("" + numbers.largest()));
        }
        return IntStream.range(0, count).filter(i -> numbers.contain(i + 1L)).boxed().toList();
    }

    /// What to say of a part without shards.
    String emptyText(MergePlan plan) {
        return "part %d of %d has no shards, since there are %d; a smaller --out-shard-size of mergekit plan makes more"
                .formatted(index.orElse(0), of.orElse(0), plan.shards().size());
    }
}
