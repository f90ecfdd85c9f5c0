package jmergekit.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.MergePlan;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.cluster.Cluster;
import jmergekit.config.EvolveConfig;
import jmergekit.config.EvolveReader;
import jmergekit.config.GenomeConfig;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.EvaluatorSettings;
import jmergekit.evaluate.Evaluators;
import jmergekit.evolve.Search;
import jmergekit.evolve.SearchSummary;
import jmergekit.evolve.SearchedRecipe;
import jmergekit.evolve.SearchedRecipes;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Printable;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Searches for the best recipe.
@Command(
        name = "evolve",
        aliases = "mergekit-evolve",
        description = "Searches for the recipe whose model scores best on given tasks.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class EvolveCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "CONFIG",
            description =
                    "A YAML file with the search space, as a 'genome' or a recipe with search "
                            + "marks, and 'tasks'.")
    private String file;

    @Option(
            names = "--storage-path",
            paramLabel = "DIR",
            required = true,
            description =
                    "The folder for the log, the results, and models while they are being scored.")
    private String storage;

    @Mixin private EvolveOptions options;
    @Mixin private EvolveCluster cluster;
    @Spec private CommandSpec spec;

    EvolveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        options.check(problems);
        cluster.check(options, problems);
        if (storage.isBlank()) {
            problems.add(Problem.usage("--storage-path", "needs a folder name"));
        }
        EvolveSetup setup = setup(problems);
        EvolveConfig config = setup.config();
        setup.refuseBenchmarks(problems);
        problems.throwIfErrors();
        EvolveListener listener =
                new EvolveListener(
                        console, options.quiet, config.subject() instanceof GenomeConfig);
        try (Models models =
                Models.open(console.workingDirectory(), setup.modelSettings(listener))) {
            SearchedRecipe recipe = recipe(setup, problems);
            MergePlan start =
                    models.plan(
                            Recipe.parse(recipe.recipe(recipe.space().start())),
                            setup.planSettings());
            EvaluatorSettings settings =
                    setup.evaluatorSettings(console.resolve(storage), start.bytes());
            Evaluators.warnings(config.evaluator(), setup.tasks(), settings).forEach(problems::add);
            problems.warnings().forEach(console::report);
            start.warnings().forEach(listener::warning);
            try (Evaluator evaluator =
                    elsewhere(
                            Evaluators.open(config.evaluator(), setup.tasks(), settings), start)) {
                search(
                        new Search(
                                models,
                                config,
                                recipe,
                                evaluator,
                                setup.objective(),
                                setup.scoring(),
                                setup.searchOptions(start.bytes(), listener),
                                new EvolveDisplay(console, options.quiet)));
            }
            return ExitCode.OK.status();
        }
    }

    private EvolveSetup setup(Problems problems) {
        Optional<EvolveConfig> read =
                new EvolveReader(console.workingDirectory(), console.methods())
                        .read(console.resolve(file), file, problems);
        EvolveConfig config = read.orElseThrow(() -> new MergeException(problems.all()));
        return new EvolveSetup(config, options, console);
    }

    /// The setup from the file and the options, for a process that scores on behalf of the search.
    EvolveSetup setup() {
        Problems problems = new Problems();
        EvolveSetup setup = setup(problems);
        problems.throwIfErrors();
        return setup;
    }

    Path storage() {
        return console.resolve(storage);
    }

    // The cluster is started only after all other checks have passed.
    private Evaluator elsewhere(Evaluator here, MergePlan start) {
        try {
            here.check(start);
            if (!cluster.isAsked()) {
                return here;
            }
            Cluster opened = cluster.open();
            options.jobs = options.jobs.or(() -> Optional.of(opened.slots()));
            return new ClusterEvaluator(
                    here,
                    opened,
                    SearchCommandLine.of(
                            console,
                            // The first is the name of the command.
                            spec.root().commandLine().getParseResult().expandedArgs().stream()
                                    .skip(1)
                                    .toList(),
                            options.transformersCache
                                    .map(c -> console.resolve(c).toString())
                                    .orElse(null)),
                    storage().resolve("merged"),
                    console);
        } catch (RuntimeException e) {
            here.close();
            throw e;
        }
    }

    private SearchedRecipe recipe(EvolveSetup setup, Problems problems) {
        try (ModelSources sources = setup.sources()) {
            ModelLocator locator = new ModelLocator(console.workingDirectory(), sources);
            Optional<SearchedRecipe> recipe = SearchedRecipes.of(setup.config(), locator, problems);
            problems.throwIfErrors();
            return recipe.orElseThrow(() -> new MergeException(problems.all()));
        }
    }

    private void search(Search search) {
        Path path = console.resolve(storage);
        if (options.dryRun) {
            new EvolvePlanText(search, console).print(path);
            return;
        }
        SearchSummary summary = search.run(path, storage);
        summary.verdict().forEach(s -> console.out().println(Printable.of(s)));
        console.out().println("Report: " + storage + "/report.html");
    }
}
