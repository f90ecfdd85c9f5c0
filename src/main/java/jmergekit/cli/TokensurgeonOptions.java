package jmergekit.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.transplant.ApproximationMethod;
import jmergekit.transplant.MatchScope;
import jmergekit.transplant.SubwordMethod;
import jmergekit.transplant.TransplantOptions;
import jmergekit.transplant.WeightScheme;
import picocli.CommandLine.Option;

/// How rows for tokens missing from a model are approximated.
final class TokensurgeonOptions {
    @Option(
            names = {"-a", "--approximation-method"},
            paramLabel = "METHOD",
            completionCandidates = Candidates.Approximations.class,
            defaultValue = "omp",
            description =
                    "How to approximate rows of missing tokens: omp, common_interpolation, "
                            + "subword, mean, zero, randn, john_hewitt, landmark_pca, stb or "
                            + "mp_rope. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(
            names = {"-k", "--k"},
            paramLabel = "K",
            description =
                    "Number of shared tokens used for each row by omp, common_interpolation, stb "
                            + "and mp_rope. Default: 64, or all if there are fewer.")
    private Optional<Integer> k = Optional.empty();

    @Option(
            names = {"-c", "--cosine-similarity"},
            description =
                    "With common_interpolation, choose the nearest tokens by cosine similarity.")
    private boolean cosine;

    @Option(
            names = {"-nc", "--no-cosine-similarity"},
            description = "Choose them by Euclidean distance (default).")
    private boolean euclidean;

    @Option(
            names = {"-w", "--weight-scheme"},
            paramLabel = "SCHEME",
            completionCandidates = Candidates.Schemes.class,
            description =
                    "How common_interpolation weights the nearest tokens: distance_proportional, "
                            + "barycentric or least_squares. Default: distance_proportional.")
    private Optional<String> weights = Optional.empty();

    @Option(
            names = {"-s", "--subword-method"},
            paramLabel = "WAY",
            completionCandidates = Candidates.Subwords.class,
            description =
                    "How subword combines the rows of pieces: mean, sum, weighted_mean or "
                            + "first_last. Default: mean.")
    private Optional<String> subword = Optional.empty();

    @Option(
            names = {"-pm", "--prefix-match"},
            paramLabel = "WHERE",
            completionCandidates = Candidates.Matches.class,
            defaultValue = "no",
            description =
                    "Give a token the row of its longest prefix that is a token: yes, no, "
                            + "lm_head or embed. Default: ${DEFAULT-VALUE}.")
    private String prefixMatch;

    @Option(
            names = {"-bm", "--byte-match"},
            paramLabel = "WHERE",
            completionCandidates = Candidates.Matches.class,
            defaultValue = "no",
            description =
                    "Give a byte token the row of its character, or the reverse: yes, no, "
                            + "lm_head or embed. Default: ${DEFAULT-VALUE}.")
    private String byteMatch;

    @Option(
            names = "--magikarp",
            negatable = true,
            description = "Approximate only from well-trained tokens.")
    private boolean magikarp;

    @Option(
            names = {"-nvn", "--new-vocab-noise"},
            paramLabel = "STD",
            description =
                    "Standard deviation of the normal noise added to approximated rows. Default: "
                            + "0.")
    private Optional<Double> noise = Optional.empty();

    @Option(
            names = {"-nvs", "--new-vocab-scale"},
            paramLabel = "FACTOR",
            description = "Factor to scale approximated rows by. Default: 1.")
    private Optional<Double> scale = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description =
                    "Maximum number of tokens to approximate at a time. Default: as many as "
                            + "memory allows.")
    private Optional<Integer> batchSize = Optional.empty();

    /// The settings from the options. Adds any problems found.
    TransplantOptions read(Problems problems) {
        if (k.isPresent() && k.get() < 1) {
            refuse("-k", "needs a positive number", k.get().toString(), problems);
        }
        if (cosine && euclidean) {
            refuse("-c", "the option contradicts -nc", "both", problems);
        }
        if (batchSize.isPresent() && batchSize.get() < 1) {
            refuse("--batch-size", "needs a positive number", batchSize.get().toString(), problems);
        }
        double deviation = noise.orElse(0.0);
        if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
            refuse(
                    "--new-vocab-noise",
                    "needs a number of at least 0",
                    String.valueOf(deviation),
                    problems);
        }
        double factor = scale.orElse(1.0);
        if (!Double.isFinite(factor)) {
            refuse("--new-vocab-scale", "needs a number", String.valueOf(factor), problems);
        }
        ApproximationMethod how =
                word("--approximation-method", method, ApproximationMethod.OMP, problems);
        warnOfIdle(how, problems);
        return new TransplantOptions(
                how,
                k.orElse(TransplantOptions.USUAL_K),
                k.isPresent(),
                cosine,
                word(
                        "--weight-scheme",
                        weights.orElse("distance_proportional"),
                        WeightScheme.DISTANCE_PROPORTIONAL,
                        problems),
                word("--subword-method", subword.orElse("mean"), SubwordMethod.MEAN, problems),
                word("--prefix-match", prefixMatch, MatchScope.NO, problems),
                word("--byte-match", byteMatch, MatchScope.NO, problems),
                magikarp,
                deviation,
                factor,
                batchSize.orElse(0));
    }

    private void warnOfIdle(ApproximationMethod how, Problems problems) {
        boolean interpolates = how == ApproximationMethod.COMMON_INTERPOLATION;
        boolean pieces = how == ApproximationMethod.SUBWORD;
        idle("-k", k.isPresent() && !how.usesK(), how, problems);
        idle("--cosine-similarity", cosine && !interpolates, how, problems);
        idle("--weight-scheme", weights.isPresent() && !interpolates, how, problems);
        idle("--subword-method", subword.isPresent() && !pieces, how, problems);
        idle("--magikarp", magikarp && !how.usesDonorRows(), how, problems);
        boolean batches = interpolates || how.isPursuit();
        idle("--batch-size", batchSize.isPresent() && !batches, how, problems);
    }

    private static void idle(
            String option, boolean given, ApproximationMethod how, Problems problems) {
        if (given) {
            problems.add(
                    Problem.usage(option, "has no effect on '%s'".formatted(how.text()))
                            .hint("omit it, or choose another --approximation-method")
                            .asWarning());
        }
    }

    private static void refuse(String option, String what, String found, Problems problems) {
        problems.add(Problem.usage(option, what).found(found));
    }

    private static <E extends Enum<E>> E word(
            String option, String text, E otherwise, Problems problems) {
        List<E> all = Arrays.asList(otherwise.getDeclaringClass().getEnumConstants());
        List<String> names = all.stream().map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
        int place = names.indexOf(text.toLowerCase(Locale.ROOT));
        if (place < 0) {
            problems.add(
                    Problem.usage(
                                    option,
                                    "unknown value '%s'%s"
                                            .formatted(text, Suggestion.didYouMean(text, names)))
                            .expected("one of " + String.join(", ", names)));
            return otherwise;
        }
        return all.get(place);
    }
}
