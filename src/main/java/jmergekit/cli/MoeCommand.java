package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import jmergekit.config.MixtureConfig;
import jmergekit.config.MixtureReader;
import jmergekit.moe.MixturePlan;
import jmergekit.moe.MixturePlanner;
import jmergekit.moe.MixtureText;
import jmergekit.output.MixtureFiles;
import jmergekit.output.SideFiles;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes a mixture of experts of dense models.
@Command(
        name = "moe",
        aliases = "mergekit-moe",
        description = "Makes a mixture of experts of dense models, as a YAML recipe says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class MoeCommand implements Callable<Integer>, ModelMaker<MixtureConfig, MixturePlan> {
    private static final String NOTHING =
            "Accepted for compatibility; does nothing here: hidden gates need one block of a matrix"
                    + " at a time.";

    private final Console console;

    @Option(
            names = "--i-understand-this-is-not-useful-without-training",
            description = "Allow a mixture whose experts are all the same model.")
    private boolean allowSameModel;

    @Mixin private RunOptions run;

    @Option(names = "--load-in-4bit", negatable = true, description = NOTHING)
    private boolean loadIn4Bit;

    @Option(names = "--load-in-8bit", negatable = true, description = NOTHING)
    private boolean loadIn8Bit;

    MoeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public Optional<MixtureConfig> read(Path recipe, String source, Problems problems) {
        return new MixtureReader(console.workingDirectory()).read(recipe, source, problems);
    }

    @Override
    public MixturePlan plan(MixtureConfig config, PlanOptions options, Problems problems) {
        return new MixturePlanner(config, options, allowSameModel, problems).plan();
    }

    @Override
    public Map<Path, Predicate<String>> copied(MixturePlan plan) {
        Path donor = plan.base().folder();
        return Map.of(donor, SideFiles.wanted(donor, run.copyTokenizer()));
    }

    @Override
    public String text(MixturePlan plan, int threads) {
        return MixtureText.of(plan, run.isVerbose());
    }

    @Override
    public String summary(MixturePlan plan, int threads) {
        return MixtureText.summary(plan);
    }

    @Override
    public MixturePlan ready(MixturePlan plan) {
        if (plan.config().gateMode().forwardPass() && !run.quiet()) {
            console.info("running the base model on the prompts");
        }
        return plan.withGates();
    }

    @Override
    public List<OutputFile> files(MixturePlan plan, Optional<String> card) {
        return new MixtureFiles(plan, run.copyTokenizer(), card).list();
    }
}
