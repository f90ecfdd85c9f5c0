package jmergekit.cli;

import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.MergePlan;
import jmergekit.MergeProblem;
import jmergekit.Models;
import jmergekit.PlanSettings;
import jmergekit.Recipe;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.Sharding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes a plan as JSON, for `part` and `publish`.
@Command(
        name = "plan",
        description =
                "Writes the plan of a recipe to a file, from which several machines can make the "
                        + "output.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    /// The first bytes of every plan file.
    private static final String MARK = "{\"format\":\"jmergekit-plan\"";

    private final Console console;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private String recipe;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The file to write the plan to, or - for standard output.")
    private String output;

    @Option(
            names = "--parts",
            paramLabel = "N",
            description =
                    "Print how evenly N parts would share the work. The plan does not " + "change.")
    private Optional<Integer> parts = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "merged",
            description = "The title of the model card. Default: ${DEFAULT-VALUE}.")
    private String name;

    @Option(
            names = "--strict",
            description = "Treat warnings about the recipe and the models as errors.")
    private boolean strict;

    @Option(
            names = "--expert-layout",
            paramLabel = "LAYOUT",
            completionCandidates = Candidates.Layouts.class,
            converter = ExpertLayoutName.class,
            defaultValue = "base",
            description = "How the output stores experts: base (default), split or fused.")
    private WantedExperts expertLayout;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all copies of one model.")
    private boolean allowSameModel;

    @Mixin private MergeOptions merging;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private PlanCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new PlanCommand(console)),
                "merging",
                Set.of(
                        "--out-shard-size",
                        "--copy-tokenizer",
                        "--write-model-card",
                        "--allow-crimes",
                        "--random-seed",
                        "--safe-serialization",
                        "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        parts.flatMap(n -> PartShards.problem("--parts", n)).ifPresent(problems::add);
        ResultFile file = new ResultFile(console.resolve(output), output, MARK);
        if (!isPrinted()) {
            file.check(problems);
        }
        problems.throwIfErrors();
        try (ConsoleListener listener = new ConsoleListener(console, quiet);
                Models models =
                        Models.open(
                                console.workingDirectory(),
                                merging.modelSettings(console, listener))) {
            MergePlan plan =
                    models.plan(Recipe.read(console.resolve(recipe), recipe), planSettings());
            if (strict && !plan.warnings().isEmpty()) {
                return refuse(plan.warnings());
            }
            plan.warnings().forEach(listener::warning);
            if (isPrinted()) {
                plan.writeJson(console.out());
                console.out().println();
                console.out().flush();
            } else {
                file.write(plan::writeJson);
            }
            listener.note(summary(plan));
            parts.ifPresent(count -> listener.note(balance(plan, count)));
            return ExitCode.OK.status();
        }
    }

    private boolean isPrinted() {
        return output.equals(STANDARD_OUTPUT);
    }

    private PlanSettings planSettings() {
        Sharding sharding = merging.sharding();
        PlanSettings settings =
                PlanSettings.defaults()
                        .allowCrimes(merging.allowCrimes)
                        .allowSameModel(allowSameModel)
                        .seed(merging.randomSeed)
                        .shardBytes(sharding.maxBytes())
                        .safeSerialization(sharding.format() == ShardFormat.SAFETENSORS)
                        .copyTokenizer(merging.copyTokenizer)
                        .expertLayout(ExpertLayoutName.of(expertLayout));
        return merging.writeModelCard ? settings.title(name) : settings.withoutCard();
    }

    private int refuse(List<MergeProblem> warnings) {
        warnings.forEach(w -> console.report(Severity.ERROR, w));
        boolean isOfInputs = warnings.stream().allMatch(w -> w.kind() == MergeProblem.Kind.INPUT);
        return (isOfInputs ? ExitCode.INPUT : ExitCode.RECIPE).status();
    }

    private String summary(MergePlan plan) {
        return "%s: %d tensors in %d shard(s), %s, %s"
                .formatted(
                        output,
                        plan.tensors().size(),
                        plan.shards().size(),
                        ByteSize.text(plan.bytes()),
                        plan.hash());
    }

    private static String balance(MergePlan plan, int count) {
        List<Long> bytes = plan.bytesOfShards();
        // Parts beyond the number of shards are empty.
        LongSummaryStatistics filled =
                plan.shares(Math.min(count, bytes.size())).stream()
                        .mapToLong(share -> share.stream().mapToLong(bytes::get).sum())
                        .summaryStatistics();
        double mean = (double) filled.getSum() / count;
        return "%d part(s): %s to read and write on average, at most %.2f times the average"
                .formatted(count, ByteSize.text((long) mean), filled.getMax() / mean);
    }
}
