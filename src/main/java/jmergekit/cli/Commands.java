package jmergekit.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;

/// The commands by name, and the error for unknown ones.
final class Commands {
    private Commands() {}

    /// A factory for each command, in the order in which help lists them.
    static Map<String, Function<Console, Object>> all() {
        Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
        commands.put("yaml", YamlCommand::new);
        commands.put("moe", MoeCommand::new);
        commands.put("multi", MultiCommand::new);
        commands.put("check", CheckCommand::spec);
        commands.put("plan", PlanCommand::spec);
        commands.put("part", PartCommand::spec);
        commands.put("publish", PublishCommand::spec);
        commands.put("evolve", EvolveCommand::new);
        commands.put("extract-lora", ExtractCommand::new);
        commands.put("layershuffle", LayerShuffleCommand::new);
        commands.put("tokensurgeon", TokensurgeonCommand::spec);
        commands.put("legacy", LegacyCommand::new);
        commands.put("bakllama", BakllamaCommand::new);
        commands.put("pytorch", PytorchCommand::spec);
        commands.put("spark", SparkCommand::spec);
        commands.put("diff", DiffCommand::spec);
        commands.put("stats", StatsCommand::spec);
        commands.put("show", ShowCommand::new);
        commands.put("verify", VerifyCommand::spec);
        commands.put("methods", MethodsCommand::new);
        commands.put("schema", SchemaCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("man", ManCommand::new);
        commands.put("upload", UploadCommand::new);
        return commands;
    }

    /// `yaml` for `yaml` and `mergekit-yaml`.
    static String name(String argument) {
        return argument.replaceFirst("^mergekit-", "");
    }

    /// The problem if the first argument names an unknown command; empty if the command exists or
    /// the argument is an option.
    static Optional<Problem> unknown(String argument) {
        String name = name(argument);
        if (argument.startsWith("-") || all().containsKey(name)) {
            return Optional.empty();
        }
        String what =
                "unknown command '%s'%s"
                        .formatted(argument, Suggestion.didYouMean(name, all().keySet()));
        return Optional.of(
                Problem.usage("mergekit", what)
                        .expected("one of " + String.join(", ", all().keySet())));
    }
}
