package jmergekit.planner;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Finds a prefix that some names have and others lack, such as `module.` after training on several
/// devices.
final class NamePrefix {
    private NamePrefix() {}

    /// The prefix that turns all of `bare` into names of the others; empty if there is none.
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

    /// The longest prefix up to a dot that all `names` have, if some of them are among `others`
    /// without it and none with it; otherwise empty.
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
