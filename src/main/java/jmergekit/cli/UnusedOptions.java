package jmergekit.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Says in a command's help that it has no use for some of the options that commands share.
final class UnusedOptions {
    private UnusedOptions() {}

    /// The command's options, changed in place.
    ///
    /// @param reasons why nothing needs to be done, by an option's name
    static CommandSpec explained(CommandSpec command, Map<String, String> reasons) {
        for (OptionSpec option : List.copyOf(command.options())) {
            String reason = reasons.get(option.longestName());
            if (reason != null) {
                command.remove(option);
                command.addOption(
                        OptionSpec.builder(option)
                                .description(MergeOptions.NOTHING + reason)
                                .build());
            }
        }
        return command;
    }
}
