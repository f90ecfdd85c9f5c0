package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The models and the output of an extraction, as three arguments or as three options.
final class ExtractPaths {
    private static final String COMMAND = "mergekit extract-lora";

    @Parameters(
            arity = "0..3",
            paramLabel = "FINETUNED BASE OUTPUT",
            hideParamSyntax = true,
            description =
                    "The fine-tuned model, its base model, and the folder to write the adapter "
                            + "to; or use the next three options.")
    private List<String> positional = new ArrayList<>();

    @Option(names = "--model", paramLabel = "MODEL", description = "The fine-tuned model.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--base-model",
            paramLabel = "MODEL",
            description = "The model it was fine-tuned from.")
    private Optional<String> baseModel = Optional.empty();

    @Option(names = "--out-path", paramLabel = "DIR", description = "The folder to write to.")
    private Optional<String> outPath = Optional.empty();

    String model() {
        return model.orElseThrow();
    }

    String base() {
        return baseModel.orElseThrow();
    }

    String output() {
        return outPath.orElseThrow();
    }

    /// Determines which of the two forms was used; throws if neither is complete.
    void read(Problems problems) {
        boolean named = model.isPresent() || baseModel.isPresent() || outPath.isPresent();
        if (positional.isEmpty()) {
            require("--model", model, problems);
            require("--base-model", baseModel, problems);
            require("--out-path", outPath, problems);
        } else if (named) {
            problems.add(
                    Problem.usage(
                                    COMMAND,
                                    "models and output are given as both arguments and options")
                            .found("'%s'".formatted(positional.getFirst()))
                            .hint("give all three in one form"));
        } else if (positional.size() != 3) {
            problems.add(
                    Problem.usage(COMMAND, "needs exactly three arguments, or none")
                            .expected("FINETUNED BASE OUTPUT")
                            .found(String.join(" ", positional)));
        } else {
            model = Optional.of(positional.get(0));
            baseModel = Optional.of(positional.get(1));
            outPath = Optional.of(positional.get(2));
        }
        problems.throwIfErrors();
    }

    private static void require(String option, Optional<String> value, Problems problems) {
        if (value.isEmpty()) {
            problems.add(
                    Problem.usage(COMMAND, option + " is missing")
                            .hint("see '" + COMMAND + " --help'"));
        }
    }
}
