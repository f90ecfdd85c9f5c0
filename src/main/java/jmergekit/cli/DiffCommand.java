package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.compare.ComparedModel;
import jmergekit.compare.ModelComparison;
import jmergekit.compare.ModelDifference;
import jmergekit.model.ModelSources;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.report.DiffCsv;
import jmergekit.report.DiffJson;
import jmergekit.report.DiffPage;
import jmergekit.report.DiffText;
import jmergekit.threads.Cancellation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares models.
@Command(
        name = "diff",
        description = "Compares models: weights by layer and part, configuration, tokenizer.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DiffCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description =
                    "The models, named as in a recipe. Without --base, the others are compared "
                            + "with the first one.")
    private List<String> models = List.of();

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description =
                    "The base model of the others: their differences from it are task vectors. "
                            + "An adapter is compared as the base model with the adapter applied.")
    private Optional<String> base = Optional.empty();

    @Option(names = "--json", description = "Print all figures as JSON instead of text.")
    private boolean json;

    @Option(
            names = "--csv",
            description = "Print a line of figures for each tensor and model instead of text.")
    private boolean csv;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a self-contained HTML page with charts and tables.")
    private Optional<String> html = Optional.empty();

    @Mixin private MergeOptions merging;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private DiffCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new DiffCommand(console)),
                "merging",
                Set.of("--num-threads", "--read-threads", "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        merging.check(problems);
        List<String> compared = new ArrayList<>(base.stream().toList());
        compared.addAll(models);
        if (compared.size() < 2) {
            problems.add(
                    Problem.usage("mergekit diff", "needs at least two models to compare")
                            .expected("two models, or one model and --base"));
        }
        if (json && csv) {
            problems.add(
                    Problem.usage("--csv", "only one output format can be printed")
                            .hint("give either --json or --csv"));
        }
        Optional<ResultFile> page =
                html.map(name -> new ResultFile(console.resolve(name), name, ResultFile.PAGE));
        page.ifPresent(p -> p.check(problems));
        problems.throwIfErrors();
        try (ModelSources sources = merging.sources(console, quiet)) {
            List<ComparedModel> opened =
                    new ComparedModels(console, sources, problems).open(compared, base);
            problems.warnings().forEach(console::report);
            ModelDifference difference = measure(new ModelComparison(opened, base.isPresent()));
            page.ifPresent(p -> p.write(DiffPage.html(difference)));
            console.out().print(text(difference));
            console.out().flush();
            return ExitCode.OK.status();
        }
    }

    private ModelDifference measure(ModelComparison comparison) {
        try (ProgressDisplay progress =
                ProgressDisplay.comparing(comparison.count(), comparison.bytes(), quiet, console)) {
            return comparison.measure(merging.runThreads(), progress, new Cancellation());
        }
    }

    private String text(ModelDifference difference) {
        if (json) {
            return DiffJson.text(difference);
        }
        return csv ? DiffCsv.text(difference) : DiffText.text(difference);
    }
}
