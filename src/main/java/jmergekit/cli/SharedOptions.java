package jmergekit.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What a command's help says of options that commands share, where it has no use for them or another one.
final class SharedOptions {
    private SharedOptions() {}

    /// Leaves out options of a mixin that a command has no use for.
    ///
    /// @param mixin the name of the command's field
    /// @param names the longest names of those that stay
    static CommandSpec keeping(CommandSpec command, String mixin, Set<String> names) {
        for (OptionSpec option : List.copyOf(command.mixins().get(mixin).options())) {
            if (!names.contains(option.longestName())) {
                command.remove(option);
            }
        }
        return command;
    }

    /// The command's options, changed in place.
    ///
    /// @param reasons why nothing needs to be done, by an option's name
    static CommandSpec unused(CommandSpec command, Map<String, String> reasons) {
        Map<String, String> texts = new HashMap<>(reasons);
        texts.replaceAll((_, reason) -> MergeOptions.NOTHING + reason);
        return described(command, texts);
    }

    /// The command's options, changed in place.
    ///
    /// @param texts what the help says, by an option's name
    static CommandSpec described(CommandSpec command, Map<String, String> texts) {
        for (OptionSpec option : List.copyOf(command.options())) {
            String text = texts.get(option.longestName());
            if (text != null) {
                command.remove(option);
                command.addOption(OptionSpec.builder(option).description(text).build());
            }
        }
        return command;
    }
}
