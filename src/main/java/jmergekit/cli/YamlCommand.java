package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.lora.AdapterInput;
import jmergekit.lora.AdapterMergePlanner;
import jmergekit.model.ModelLocator;
import jmergekit.output.ModuleWeights;
import jmergekit.output.OutputFiles;
import jmergekit.plan.MergePlan;
import jmergekit.plan.PlanText;
import jmergekit.plan.TensorCounts;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.Planner;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Merges models as a recipe says.
@Command(
        name = "yaml",
        aliases = "mergekit-yaml",
        description = "Merges models as a YAML recipe says.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class YamlCommand implements Callable<Integer>, ModelMaker<MergeConfig, MergePlan> {
    private final Console console;

    @Mixin private RunOptions run;

    YamlCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public Optional<MergeConfig> read(Path recipe, String source, Problems problems) {
        return new RecipeReader(console.workingDirectory()).read(recipe, source, problems);
    }

    @Override
    public MergePlan plan(MergeConfig config, PlanOptions options, Problems problems) {
        MergePlan plan = new Planner(config, options, problems).plan();
        warnOfIdleTemplate(plan, problems);
        ModuleWeights.warn(plan, problems);
        return plan;
    }

    /// A recipe that names adapters alone makes an adapter.
    @Override
    public Optional<OtherOutput> other(MergeConfig config, ModelLocator models, Problems problems) {
        return AdapterInput.of(config, models, problems)
                .map(adapters -> new AdapterMergePlanner(config, adapters, problems).plan())
                .map(AdapterOutput::new);
    }

    private void warnOfIdleTemplate(MergePlan plan, Problems problems) {
        boolean alone = plan.tokenizer().filter(t -> t.merged().isEmpty()).isPresent();
        if (alone && !run.copyTokenizer()) {
            problems.add(
                    Problem.recipe(
                                    plan.config().chatTemplate().orElseThrow().at(),
                                    "no chat template is written with --no-copy-tokenizer")
                            .asWarning());
        }
    }

    @Override
    public Map<Path, Predicate<String>> copied(MergePlan plan) {
        return new OutputFiles(plan, run.copyTokenizer(), Optional.empty()).copied();
    }

    @Override
    public List<Path> inputs(MergePlan plan) {
        return Stream.concat(
                        ModelMaker.super.inputs(plan).stream(),
                        plan.tokenizer().stream().map(t -> t.files().folder()))
                .toList();
    }

    @Override
    public String made(MergePlan plan) {
        return TensorCounts.of(plan).withForms();
    }

    @Override
    public String text(MergePlan plan, int threads) {
        return PlanText.of(plan, threads, run.isVerbose());
    }

    @Override
    public String summary(MergePlan plan, int threads) {
        return PlanText.summary(plan, threads);
    }

    @Override
    public List<OutputFile> files(MergePlan plan, Optional<String> card) {
        return new OutputFiles(plan, run.copyTokenizer(), card).list();
    }
}
