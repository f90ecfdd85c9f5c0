package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.lora.AdapterInput;
import jmergekit.lora.AdapterMergePlanner;
import jmergekit.output.MergedAdapter;
import jmergekit.output.MergedModel;
import jmergekit.output.ModuleWeights;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.Planner;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
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
final class YamlCommand implements Callable<Integer>, RecipeCommand {
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
    public PlannedOutput plan(Path recipe, String source, PlanOptions options, Problems problems) {
        Optional<MergeConfig> read =
                new RecipeReader(console.workingDirectory()).read(recipe, source, problems);
        MergeConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        // A recipe that names adapters alone makes an adapter.
        Optional<List<AdapterInput>> adapters = AdapterInput.of(config, options.models(), problems);
        if (adapters.isPresent()) {
            return new MergedAdapter(
                    new AdapterMergePlanner(config, adapters.get(), problems).plan());
        }
        PlannedMerge merge = new Planner(config, options, problems).plan();
        warnOfIdleTemplate(merge, problems);
        ModuleWeights.warn(merge, problems);
        return new MergedModel(merge, run.copyTokenizer());
    }

    private void warnOfIdleTemplate(PlannedMerge merge, Problems problems) {
        boolean alone = merge.tokenizer().filter(t -> t.merged().isEmpty()).isPresent();
        if (alone && !run.copyTokenizer()) {
            problems.add(
                    Problem.recipe(
                                    merge.config().chatTemplate().orElseThrow().at(),
                                    "no chat template is written with --no-copy-tokenizer")
                            .asWarning());
        }
    }
}
