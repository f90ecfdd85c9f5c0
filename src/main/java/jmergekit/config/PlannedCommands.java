package jmergekit.config;

import java.util.Set;

/// The commands of mergekit that jmergekit does not have yet.
public final class PlannedCommands {
    private static final Set<String> NAMES = Set.of("evolve");

    private PlannedCommands() {}

    /// Their names, without `mergekit-`.
    public static Set<String> names() {
        return NAMES;
    }

    /// @param command without `mergekit-`
    public static boolean include(String command) {
        return NAMES.contains(command);
    }
}
