package jmergekit.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.MergePlan;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// The options that choose which shards of a plan a part makes.
final class PartShards {
    @Option(
            names = "--index",
            paramLabel = "I",
            description = "Make the shards of part I of --of parts, counted from 0.")
    private Optional<Integer> index = Optional.empty();

    @Option(
            names = "--of",
            paramLabel = "N",
            description =
                    "The number of parts. Each shard belongs to one part, and all parts read and "
                            + "write about the same number of bytes.")
    private Optional<Integer> of = Optional.empty();

    @Option(
            names = "--shards",
            paramLabel = "LIST",
            converter = ShardNumbers.Reader.class,
            description =
                    "Make these shards, numbered like their files, such as 3,7-9; instead of "
                            + "--index and --of.")
    private Optional<ShardNumbers> shards = Optional.empty();

    /// The problem with a number of parts, if any.
    static Optional<Problem> problem(String option, int parts) {
        return parts > 0
                ? Optional.empty()
                : Optional.of(Problem.usage(option, "needs a positive number").found("" + parts));
    }

    void check(Problems problems) {
        if (shards.isPresent() && (index.isPresent() || of.isPresent())) {
            problems.add(
                    Problem.usage("--shards", "cannot be combined with --index and --of")
                            .hint("give one of the two"));
        } else if (shards.isEmpty() && (index.isEmpty() || of.isEmpty())) {
            problems.add(
                    Problem.usage("mergekit part", "no shards to make were given")
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

    /// The indices of the shards to make, starting at 0.
    List<Integer> of(MergePlan plan) {
        if (shards.isEmpty()) {
            int parts = of.orElseThrow();
            int part = index.orElseThrow();
            // Very many parts may be empty.
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

    /// The message for a part without shards.
    String emptyText(MergePlan plan) {
        return "part %d of %d is empty, since there are only %d shards; use a smaller --out-shard-size with mergekit plan to get more"
                .formatted(index.orElse(0), of.orElse(0), plan.shards().size());
    }
}
