package jmergekit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import jmergekit.manual.Argument;
import jmergekit.manual.Command;
import jmergekit.manual.Option;
import jmergekit.manual.Program;
import jmergekit.manual.Value;
import picocli.CommandLine;
import picocli.CommandLine.INegatableOptionTransformer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Describes the commands for completion scripts and man pages. The label of an argument, as shown
/// in the help, determines its possible values.
final class ProgramText {
    private static final Set<String> FILES =
            Set.of(
                    "BASE",
                    "CONFIG",
                    "DONOR",
                    "FILE",
                    "FINETUNED",
                    "MODEL",
                    "PLAN",
                    "RECIPE",
                    "RECIPES");
    private static final Set<String> FOLDERS = Set.of("DIR", "OUTPUT");

    /// The name of a separate program.
    private static final String LAUNCHER = "bakllama";

    private ProgramText() {}

    static Program of(CommandLine program) {
        List<Command> commands =
                program.getSubcommands().entrySet().stream()
                        .filter(c -> c.getKey().equals(c.getValue().getCommandName()))
                        .map(c -> command(c.getValue().getCommandSpec()))
                        .toList();
        CommandSpec spec = program.getCommandSpec();
        return new Program(
                spec.name(), new Version().getVersion()[0], summary(spec), options(spec), commands);
    }

    private static Command command(CommandSpec spec) {
        List<String> launchers = new ArrayList<>(Arrays.asList(spec.aliases()));
        if (spec.name().equals(LAUNCHER)) {
            launchers.add(LAUNCHER);
        }
        return new Command(
                spec.name(),
                launchers,
                summary(spec),
                options(spec),
                spec.positionalParameters().stream().flatMap(p -> arguments(p).stream()).toList());
    }

    private static String summary(CommandSpec spec) {
        return text(spec.usageMessage().description());
    }

    // The help text without terminal codes.
    private static String text(String[] lines) {
        return CommandLine.Help.Ansi.OFF.string(String.join(" ", lines)).formatted();
    }

    private static List<Option> options(CommandSpec spec) {
        return spec.options().stream().filter(o -> !o.hidden()).map(o -> option(o, spec)).toList();
    }

    private static Option option(OptionSpec option, CommandSpec spec) {
        List<String> names = new ArrayList<>(Arrays.asList(option.names()));
        if (option.negatable()) {
            INegatableOptionTransformer no = spec.negatableOptionTransformer();
            Arrays.stream(option.names())
                    .filter(n -> n.startsWith("--"))
                    .map(n -> no.makeNegative(n, spec))
                    .forEach(names::add);
        }
        boolean valued = option.arity().max() > 0;
        String summary = summary(option);
        return new Option(
                names,
                valued ? option.paramLabel() : "",
                valued ? value(option, option.paramLabel()) : new Value.Free(),
                summary.startsWith(MergeOptions.NOTHING.strip()),
                summary);
    }

    private static String summary(ArgSpec arg) {
        return text(arg.description());
    }

    /// One label may stand for several consecutive arguments.
    private static List<Argument> arguments(PositionalParamSpec arg) {
        boolean required = arg.arity().min() > 0;
        boolean endless = arg.arity().max() == Integer.MAX_VALUE;
        return Arrays.stream(arg.paramLabel().split(" "))
                .map(l -> new Argument(l, value(arg, l), required, endless, summary(arg)))
                .toList();
    }

    private static Value value(ArgSpec arg, String label) {
        if (arg.completionCandidates() != null) {
            List<String> words = new ArrayList<>();
            arg.completionCandidates().forEach(words::add);
            return new Value.Words(words);
        }
        if (FILES.contains(label)) {
            return new Value.AnyFile();
        }
        return FOLDERS.contains(label) ? new Value.Folder() : new Value.Free();
    }
}
