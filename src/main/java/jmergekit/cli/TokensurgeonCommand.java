package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.linalg.Torch;
import jmergekit.model.ModelReference;
import jmergekit.output.AdapterCard;
import jmergekit.output.OutputPlanner;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.transplant.TransplantOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Gives a model the tokenizer of another model.
@Command(
        name = "tokensurgeon",
        aliases = "mergekit-tokensurgeon",
        description = "Gives a model the tokenizer of another model.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class TokensurgeonCommand implements Callable<Integer>, PlannedCommand {
    private static final String NAME = "tokensurgeon";

    private final Console console;

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private String model;

    @Parameters(
            index = "1",
            paramLabel = "DONOR",
            description = "The model that provides the tokenizer.")
    private String donor;

    @Parameters(
            index = "2",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    private String output;

    @Mixin private TokensurgeonOptions how;
    @Mixin private RunOptions run;

    TokensurgeonCommand(Console console) {
        this.console = console;
    }

    /// The command, with help texts for options that differ from those of merges.
    static CommandSpec spec(Console console) {
        return SharedOptions.described(
                CommandSpec.forAnnotatedObject(new TokensurgeonCommand(console)),
                Map.of(
                        "--random-seed",
                        "Random seed for the rows of randn and john_hewitt, the sketches of "
                                + "landmark_pca, and noise. Default: ${DEFAULT-VALUE}.",
                        "--copy-tokenizer",
                        "Copy the donor's tokenizer to the output (default).",
                        "--write-model-card",
                        "Write README.md, mergekit_tokensurgeon.json with the report and"
                                + " mergekit_tokensurgeon.plan.json (default)."));
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public String output() {
        return output;
    }

    @Override
    public List<Path> read() {
        return List.of();
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        TransplantOptions wanted = how.read(problems);
        if (run.report) {
            problems.add(
                    Problem.usage(
                                    "--report",
                                    "only applies to merges, since it compares a merge "
                                            + "with its parents")
                            .hint(
                                    "omit it: mergekit_tokensurgeon.json reports the quality of "
                                            + "the rows"));
        }
        Optional<ModelReference> own = reference("MODEL", model, problems);
        Optional<ModelReference> other = reference("DONOR", donor, problems);
        if (own.isEmpty() || other.isEmpty()) {
            problems.throwIfErrors();
        }
        return new OutputPlanner(options, run.merging.copyTokenizer, problems)
                .transplant(wanted, own.orElseThrow(), other.orElseThrow(), commandLine());
    }

    @Override
    public void settled() {
        if (!run.dryRun) {
            Torch.load();
        }
    }

    private Optional<ModelReference> reference(String argument, String text, Problems problems) {
        try {
            return Optional.of(ModelReference.parse(text, console::has));
        } catch (MergeException e) {
            e.problems().forEach(p -> problems.add(Problem.usage(argument, p.toString())));
            return Optional.empty();
        }
    }

    // Skips the command's name, which the launcher may have supplied.
    private String commandLine() {
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        boolean named = !given.isEmpty() && Commands.name(given.getFirst()).equals(NAME);
        List<String> all = new ArrayList<>(List.of("mergekit-" + NAME));
        all.addAll(named ? given.subList(1, given.size()) : given);
        return AdapterCard.command(all);
    }
}
