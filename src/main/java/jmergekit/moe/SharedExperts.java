package jmergekit.moe;

import java.util.Optional;
import jmergekit.config.MixtureConfig;

/// The families' rules for shared experts; each returns what is wrong, or empty.
final class SharedExperts {
    private SharedExperts() {}

    static Optional<String> none(MixtureConfig config) {
        return count(config) == 0
                ? Optional.empty()
                : Optional.of("it does not support shared experts, found " + count(config));
    }

    static Optional<String> atMostOneWithoutPrompts(MixtureConfig config) {
        if (count(config) > 1) {
            return Optional.of("it supports at most one shared expert, found " + count(config));
        }
        return hasPrompts(config)
                ? Optional.of("its shared expert has no gate and takes no prompts")
                : Optional.empty();
    }

    static Optional<String> exactlyOneWithPrompts(MixtureConfig config) {
        if (count(config) != 1) {
            return Optional.of("it needs exactly one shared expert, found " + count(config));
        }
        return config.gateMode().prompts() && !hasPrompts(config)
                ? Optional.of("its shared expert has a gate and needs positive_prompts")
                : Optional.empty();
    }

    private static int count(MixtureConfig config) {
        return config.sharedExperts().size();
    }

    private static boolean hasPrompts(MixtureConfig config) {
        return config.sharedExperts().stream().anyMatch(e -> !e.positivePrompts().isEmpty());
    }
}
