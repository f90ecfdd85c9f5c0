package jmergekit.planner;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Finds what some names have in front and others have not, such as `module.` after training on several
/// devices.
final class NamePrefix {
    private NamePrefix() {}

    /// The text that makes names of the others out of all of `bare`; empty if there is none.
    static Optional<String> of(Collection<String> bare, Collection<String> others) {
        if (bare.isEmpty() || bare.size() != others.size()) {
            return Optional.empty();
        }
        Set<String> all = new HashSet<>(others);
        String first = bare.iterator().next();
        return others.stream()
                .filter(o -> o.endsWith("." + first))
                .map(o -> o.substring(0, o.length() - first.length()))
                .filter(prefix -> bare.stream().allMatch(b -> all.contains(prefix + b)))
                .findFirst();
    }
}
