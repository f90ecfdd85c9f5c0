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

    /// What all of `names` begin with, up to a dot, and without which some of them are among `others`,
    /// none of which is among `names`; empty if there is no such text. The longest that fits.
    static Optional<String> ofAll(Collection<String> names, Collection<String> others) {
        Set<String> all = new HashSet<>(others);
        if (names.isEmpty() || names.stream().anyMatch(all::contains)) {
            return Optional.empty();
        }
        String first = names.iterator().next();
        for (int dot = first.lastIndexOf('.'); dot > 0; dot = first.lastIndexOf('.', dot - 1)) {
            String prefix = first.substring(0, dot + 1);
            if (names.stream().allMatch(n -> n.startsWith(prefix))
                    && names.stream().anyMatch(n -> all.contains(n.substring(prefix.length())))) {
                return Optional.of(prefix);
            }
        }
        return Optional.empty();
    }
}
