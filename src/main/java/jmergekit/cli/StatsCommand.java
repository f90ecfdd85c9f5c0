package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import jmergekit.compare.ComparedModel;
import jmergekit.linalg.Statistic;
import jmergekit.linalg.Torch;
import jmergekit.model.ModelSources;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsLayout;
import jmergekit.statistics.ModelStatistics;
import jmergekit.statistics.StatisticsFile;
import jmergekit.statistics.StatisticsLayout;
import jmergekit.statistics.TextData;
import jmergekit.statistics.TextTokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures a model on texts, for merges that use such statistics.
@Command(
        name = "stats",
        description =
                "Measures a model on texts and writes a file of statistics, from which merges work "
                        + "without the texts.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class StatsCommand implements Callable<Integer> {
    private static final String TOKENS = "--max-tokens";
    private static final int DEFAULT_TOKENS = 512;
    private static final int MOST_TEXTS = 1_000_000;

    private final Console console;

    @Parameters(
            paramLabel = "MODEL",
            description = "The model, named as in a recipe; with an adapter: MODEL+ADAPTER.")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description =
                    "The texts, in UTF-8: JSON Lines with the key 'text', or 'context' and "
                            + "'continuation'; in a file whose name ends with .txt, one text in "
                            + "each line.")
    private String data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            defaultValue = "statistics.safetensors",
            description = "The file to write. Default: ${DEFAULT-VALUE}.")
    private String out;

    @Option(
            names = "--kinds",
            paramLabel = "KIND,…",
            split = ",",
            defaultValue = "gram,fisher",
            description =
                    "What to measure: gram for 'regmean', fisher for 'fisher'. Default: "
                            + "${DEFAULT-VALUE}.")
    private List<String> kinds;

    @Option(
            names = "--texts",
            paramLabel = "N",
            defaultValue = "256",
            description = "Use the first N texts of the file. Default: ${DEFAULT-VALUE}.")
    private int texts;

    @Option(
            names = TOKENS,
            paramLabel = "N",
            description =
                    "Use the first N tokens of each text. Default: 512, or as many as the model "
                            + "can read.")
    private Optional<Integer> tokens = Optional.empty();

    @Option(
            names = "--text-key",
            paramLabel = "KEY",
            defaultValue = "text",
            description = "The key of the texts in JSON Lines. Default: ${DEFAULT-VALUE}.")
    private String key;

    @Option(names = "--overwrite", description = "Replace an existing file of statistics.")
    private boolean overwrite;

    @Mixin private MergeOptions merging;

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    private boolean quiet;

    private StatsCommand(Console console) {
        this.console = console;
    }

    static CommandSpec spec(Console console) {
        return SharedOptions.keeping(
                CommandSpec.forAnnotatedObject(new StatsCommand(console)),
                "merging",
                Set.of("--num-threads", "--transformers-cache"));
    }

    @Override
    public Integer call() {
        Problems problems = new Problems();
        merging.check(problems);
        Set<Statistic> wanted = wanted(problems);
        checkNumber("--texts", texts, MOST_TEXTS, problems);
        tokens.ifPresent(n -> checkNumber(TOKENS, n, Integer.MAX_VALUE, problems));
        Path target = console.resolve(out);
        StatisticsFile.check(target, out, overwrite, problems);
        problems.throwIfErrors();
        long characters = (long) tokens.orElse(DEFAULT_TOKENS) * TextTokens.CHARACTERS;
        TextData read = TextData.read(console.resolve(data), data, key, texts, characters);
        try (ModelSources sources = merging.sources(console, quiet)) {
            ComparedModel opened =
                    new ComparedModels(console, sources, problems)
                            .open(List.of(model), Optional.empty())
                            .getFirst();
            problems.warnings().forEach(console::report);
            measure(opened, read, wanted, target);
        }
        return ExitCode.OK.status();
    }

    private static void checkNumber(String option, int number, int most, Problems problems) {
        int least = option.equals(TOKENS) ? 2 : 1;
        if (number < least || number > most) {
            problems.add(
                    Problem.usage(option, "is out of range")
                            .expected("a number from %d to %d".formatted(least, most))
                            .found(String.valueOf(number)));
        }
    }

    private Set<Statistic> wanted(Problems problems) {
        Set<Statistic> wanted = new TreeSet<>();
        for (String kind : kinds) {
            Optional<Statistic> found =
                    List.of(Statistic.values()).stream()
                            .filter(s -> s.text().equals(kind.strip().toLowerCase(Locale.ROOT)))
                            .findFirst();
            found.ifPresentOrElse(
                    wanted::add,
                    () ->
                            problems.add(
                                    Problem.usage("--kinds", "unknown kind")
                                            .expected("gram, fisher or gram,fisher")
                                            .found("'" + kind + "'")));
        }
        return wanted;
    }

    private void measure(ComparedModel opened, TextData read, Set<Statistic> wanted, Path target) {
        ModelStatistics statistics =
                new ModelStatistics(
                        opened.plan(),
                        opened.folder()
                                .orElseThrow(() ->
                                        new MergeException(
                                                Problem.input(model, "an adapter without its model")
                                                        .expected("MODEL+ADAPTER"))));
        TextTokens ids = statistics.tokens(read.texts(), most(statistics));
        if (ids.skipped() > 0) {
            console.report(
                    Problem.input(data, "texts of fewer than two tokens are ignored")
                            .found(String.valueOf(ids.skipped()))
                            .asWarning());
        }
        SafetensorsLayout layout =
                statistics.layout(
                        out,
                        new StatisticsLayout.Origin(
                                statistics.model(), ids.ids().size(), ids.count(), read.sha256()),
                        wanted);
        Problems problems = new Problems();
        StatisticsFile.checkSpace(
                target, out, layout.fileSize() + statistics.scratchBytes(ids, wanted), problems);
        problems.throwIfErrors();
        Torch.load();
        try (StatisticsFile file = new StatisticsFile(target, out, layout)) {
            try (ProgressDisplay progress =
                    ProgressDisplay.measuring(
                            statistics.passes(wanted),
                            statistics.work(ids, wanted),
                            quiet,
                            console)) {
                statistics.write(ids, wanted, file, merging.threads(), progress);
            }
            file.publish();
        }
        if (!quiet) {
            console.info(
                    "%s: %s of %d texts, %d tokens"
                            .formatted(
                                    out,
                                    String.join(
                                            " and ", wanted.stream().map(Statistic::text).toList()),
                                    ids.ids().size(),
                                    ids.count()));
        }
    }

    private int most(ModelStatistics statistics) {
        int longest = statistics.longestText();
        if (tokens.isPresent() && tokens.get() > longest) {
            throw new MergeException(
                    Problem.usage(TOKENS, "is more than the model can read")
                            .expected("at most " + longest)
                            .found(String.valueOf(tokens.get())));
        }
        return tokens.orElse(Math.min(DEFAULT_TOKENS, longest));
    }
}
