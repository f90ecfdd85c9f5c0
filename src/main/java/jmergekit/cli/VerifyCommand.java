package jmergekit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import jmergekit.PlanSettings;
import jmergekit.engine.BoundPlan;
import jmergekit.history.Origin;
import jmergekit.hub.FetchList;
import jmergekit.model.ModelSources;
import jmergekit.output.PlanNote;
import jmergekit.plan.TensorTask;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Manifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Checks whether an output matches its recipe.
@Command(
        name = "verify",
        description =
                "Plans a merged model's recipe again and compares the plan's hash, the headers, "
                        + "and optionally the bytes of some tensors.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "The folder of the merged model.")
    private String model;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "The base folder for relative paths in the recipe. Default: the current "
                            + "folder.")
    private Optional<String> from = Optional.empty();

    @Option(
            names = {"-I", "--intermediate-dir"},
            paramLabel = "DIR",
            description =
                    "The --intermediate-dir folder of 'mergekit multi', for a model made from "
                            + "its stages.")
    private Optional<String> intermediates = Optional.empty();

    @Option(
            names = "--bytes",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "16",
            description =
                    "Recompute N tensors and compare their bytes with the stored ones. Without a "
                            + "number: 16.")
    private Optional<Integer> bytes = Optional.empty();

    @Option(
            names = "--sample-seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description =
                    "The seed for choosing the tensors of --bytes. Default: " + "${DEFAULT-VALUE}.")
    private long sampleSeed;

    @Mixin private MergeOptions merging;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private VerifyCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new VerifyCommand(console)),
                "merging",
                Set.of("--num-threads", "--read-threads", "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        merging.check(problems);
        bytes.filter(n -> n < 1)
                .ifPresent(n ->
                        problems.add(
                                Problem.usage("--bytes", "needs a positive number").found("" + n)));
        problems.throwIfErrors();
        Path folder = ShowCommand.folder(console, model);
        Path start =
                from.map(f -> ShowCommand.folder(console, f)).orElse(console.workingDirectory());
        Origin origin = Origin.of(folder, start);
        PlanNote note = note(origin, folder);
        if (note.settings().isEmpty()) {
            console.report(
                    Problem.input(model, "does not record the options it was made with")
                            .hint("assuming the defaults")
                            .asWarning());
        }
        try (ModelSources sources = merging.sources(console, quiet)) {
            FetchList downloads = sources.hub().fetchList();
            RecordedRecipe recipe =
                    new RecordedRecipe(
                            model + "/" + origin.file().orElseThrow(),
                            origin.recipe().orElseThrow(),
                            note.settings().orElseGet(VerifyCommand::usual),
                            start,
                            intermediates.map(f -> ShowCommand.folder(console, f)),
                            sources,
                            console.methods());
            BoundPlan bound = recipe.plan(note.plan(), downloads);
            MadeAgain again = new MadeAgain(bound, folder, model, console.methods(), problems);
            checkHash(note, bound, again, problems);
            checkFiles(folder, problems);
            again.checkHeaders();
            bytes.ifPresent(n -> {
                downloads.add(bound.weightFiles());
                compare(again, bound, n, downloads, problems);
            });
            problems.throwIfErrors();
            return ExitCode.OK.status();
        }
    }

    private static PlanNote.Settings usual() {
        PlanSettings usual = PlanSettings.defaults();
        return new PlanNote.Settings(
                usual.seed(),
                usual.shardBytes(),
                usual.safeSerialization(),
                usual.copyTokenizer(),
                WantedExperts.BASE);
    }

    private PlanNote note(Origin origin, Path folder) {
        boolean planned =
                origin.kind() == Origin.Kind.MERGE && !isLoose(folder)
                        || origin.kind() == Origin.Kind.MIXTURE;
        if (!planned) {
            throw new MergeException(
                    Problem.input(model, "has no recipe that can be planned again")
                            .expected(
                                    "an output of mergekit yaml, moe or multi with a model card"));
        }
        return origin.note()
                .orElseThrow(() ->
                        new MergeException(
                                Problem.input(model, "has a recipe, but no plan hash")
                                        .hint(
                                                "outputs of other programs or made with "
                                                        + "--no-write-model-card have none")));
    }

    // An output of `mergekit pytorch`: any tensors, without a configuration.
    private static boolean isLoose(Path folder) {
        return !Files.exists(folder.resolve("config.json"))
                && !Files.exists(folder.resolve("adapter_config.json"));
    }

    private void checkHash(PlanNote note, BoundPlan bound, MadeAgain again, Problems problems) {
        String now = bound.plan().hash();
        if (now.equals(note.plan())) {
            say("the plan matches the recorded one: " + now);
            return;
        }
        List<String> newer = again.newerInputs().stream().map(Path::toString).toList();
        Problem problem =
                Problem.input(model, "was made from another plan than its recipe gives now")
                        .expected(note.plan())
                        .found(now);
        problems.add(
                newer.isEmpty()
                        ? problem.hint(
                                "an input model has changed, or another version of the program "
                                        + "made the output"
                                        + note.program().map(p -> " (" + p + ")").orElse(""))
                        : problem.hint(
                                "modified after the output was made: " + String.join(", ", newer)));
    }

    private void checkFiles(Path folder, Problems problems) {
        Optional<Manifest> manifest = Manifest.read(folder);
        if (manifest.isEmpty()) {
            boolean damaged = Files.exists(folder.resolve(Manifest.NAME));
            Problem problem =
                    damaged
                            ? Problem.input(
                                    model + "/" + Manifest.NAME,
                                    "is not a valid list of the written files")
                            : Problem.input(model, "has no list of its files").asWarning();
            problems.add(problem);
            problems.warnings().forEach(console::report);
            return;
        }
        List<String> differing = manifest.get().differing(folder);
        for (String file : differing) {
            Problem problem =
                    Problem.input(
                            model + "/" + file,
                            "has changed since it was written, or is " + "missing");
            // Users may edit the model card.
            problems.add(file.equals("README.md") ? problem.asWarning() : problem);
        }
        problems.warnings().forEach(console::report);
        if (differing.isEmpty()) {
            say(
                    "%d files are unchanged since they were written"
                            .formatted(manifest.get().files().size()));
        }
    }

    private void compare(
            MadeAgain again, BoundPlan bound, int count, FetchList downloads, Problems problems) {
        if (problems.hasErrors()) {
            return;
        }
        downloads.run();
        List<TensorTask> tasks =
                new MadeAgain(bound.computed(), again.folder(), model, console.methods(), problems)
                        .compareBytes(
                                count,
                                sampleSeed,
                                merging.runThreads(),
                                made ->
                                        ProgressDisplay.merging(
                                                made.size(), size(made), quiet, console));
        if (!problems.hasErrors()) {
            say(
                    "recomputed %d of %d tensors (%s): the bytes are identical"
                            .formatted(
                                    tasks.size(),
                                    bound.plan().tasks().size(),
                                    ByteSize.text(size(tasks))));
        }
    }

    private static long size(List<TensorTask> tasks) {
        return tasks.stream().mapToLong(t -> t.output().bytes()).sum();
    }

    private void say(String text) {
        if (!quiet) {
            console.out().println(model + ": " + text);
            console.out().flush();
        }
    }
}
