package jmergekit.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Adapts shared options to a command that does not use them or uses them differently.
final class SharedOptions {
    private SharedOptions() {}

    /// Removes options of a mixin that a command does not use.
    ///
    /// @param mixin the name of the command's field
    /// @param names the longest names of the options to keep
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
    /// @param reasons why each option has no effect, by name
    static CommandSpec unused(CommandSpec command, Map<String, String> reasons) {
        Map<String, String> texts = new HashMap<>(reasons);
        texts.replaceAll((_, reason) -> MergeOptions.NOTHING + reason);
        return described(command, texts);
    }

    /// The command's options, changed in place.
    ///
    /// @param texts help texts, by an option's name
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
