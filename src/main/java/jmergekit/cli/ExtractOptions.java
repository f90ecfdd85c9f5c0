package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jmergekit.linalg.RankRule;
import jmergekit.lora.ExtractionOptions;
import jmergekit.lora.ModuleFilter;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// Options that choose what to extract and how precisely.
final class ExtractOptions {
    private static final int DEFAULT_RANK = 32;

    @Option(
            names = {"--rank", "--max-rank"},
            paramLabel = "R",
            description =
                    "Maximum rank of a module's factors. Modules whose change has a smaller rank "
                            + "get that rank. Default: 32, or with --energy as many as needed.")
    Optional<Integer> rank = Optional.empty();

    @Option(
            names = "--energy",
            paramLabel = "SHARE",
            description =
                    "For each module, use the smallest rank that keeps this share of the squared "
                            + "norm of its change, such as 0.99.")
    Optional<Double> energy = Optional.empty();

    @Option(
            names = "--sv-epsilon",
            paramLabel = "EPS",
            defaultValue = "0",
            description = "Drop singular values up to this value. Default: ${DEFAULT-VALUE}.")
    double svEpsilon;

    @Option(
            names = "--distribute-scale",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Split the singular values between both factors (default). With --no-, all "
                            + "go into A.")
    boolean distributeScale;

    @Option(
            names = "--embed-lora",
            negatable = true,
            description = "Also factorise embeddings and heads instead of keeping them whole.")
    boolean embedLora;

    @Option(
            names = "--save-module",
            paramLabel = "NAME",
            description = "Keep modules with this name whole. May be repeated.")
    List<String> saveModules = new ArrayList<>();

    @Option(
            names = {"-e", "--exclude-regex"},
            paramLabel = "REGEX",
            description = "Skip modules whose names match. May be repeated.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = {"-i", "--include-regex"},
            paramLabel = "REGEX",
            description =
                    "Extract only modules whose names match, and embeddings. May be repeated.")
    List<String> include = new ArrayList<>();

    @Option(
            names = "--skip-undecomposable",
            negatable = true,
            description =
                    "Skip norms and other modules without a matrix, instead of keeping them whole.")
    boolean skipUndecomposable;

    @Option(
            names = "--skip-unchanged",
            negatable = true,
            description = "Skip modules kept whole if they equal the base model's.")
    boolean skipUnchanged;

    ExtractionOptions read(MergeOptions merge, Problems problems) {
        if (rank.isPresent() && rank.get() < 1) {
            problems.add(
                    Problem.usage("--rank", "needs a positive number")
                            .found(rank.get().toString()));
        }
        if (energy.isPresent() && !(energy.get() > 0 && energy.get() <= 1)) {
            problems.add(
                    Problem.usage("--energy", "needs a share above 0, up to 1")
                            .found(energy.get().toString()));
        }
        if (!(svEpsilon >= 0 && svEpsilon < Double.POSITIVE_INFINITY)) {
            problems.add(
                    Problem.usage("--sv-epsilon", "needs a number of at least 0")
                            .found(String.valueOf(svEpsilon)));
        }
        List<Pattern> excluded = patterns("--exclude-regex", exclude, problems);
        List<Pattern> included = patterns("--include-regex", include, problems);
        problems.throwIfErrors();
        return new ExtractionOptions(
                new RankRule(
                        rank.orElse(energy.isPresent() ? Integer.MAX_VALUE : DEFAULT_RANK),
                        energy.orElse(1.0),
                        svEpsilon),
                distributeScale,
                embedLora,
                new ModuleFilter(excluded, included, saveModules),
                skipUndecomposable,
                skipUnchanged,
                merge.allowCrimes,
                merge.randomSeed);
    }

    private static List<Pattern> patterns(String option, List<String> texts, Problems problems) {
        List<Pattern> patterns = new ArrayList<>();
        for (String text : texts) {
            try {
                patterns.add(Pattern.compile(text));
            } catch (PatternSyntaxException e) {
                problems.add(
                        Problem.usage(
                                option,
                                "'%s' is not a regular expression: %s"
                                        .formatted(text, e.getDescription())));
            }
        }
        return patterns;
    }
}
