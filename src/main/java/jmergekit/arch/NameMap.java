package jmergekit.arch;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings a checkpoint's names into the manner of another one's. Names of the same tensor may differ
/// in their first words, those of the classes around the network: `bert.encoder.layer.0…` and
/// `encoder.layer.0…`, or `model.layers.0…` and `model.language_model.layers.0…`.
public final class NameMap {
    private static final String AMBIGUOUS = "";

    private NameMap() {}

    /// For each of `names`, what it is called in the reference's manner. A name that the reference
    /// has stays as it is. Another one is taken for the only name of the reference that is the same
    /// but for the classes; if there is none or several, it gets the classes that most names like it
    /// got, so that a tensor that only this checkpoint has fits in.
    public static Map<String, String> toReference(Collection<String> names, Set<String> reference) {
        Map<String, String> byCore = byCore(reference);
        Map<String, String> ownByCore = byCore(names);
        Map<String, String> map = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> votes = new LinkedHashMap<>();
        for (String name : names) {
            WrappedName own = WrappedName.of(name);
            String found =
                    reference.contains(name) ? name : byCore.getOrDefault(own.core(), AMBIGUOUS);
            boolean sole = !ownByCore.get(own.core()).equals(AMBIGUOUS);
            if (!found.equals(AMBIGUOUS) && (found.equals(name) || sole)) {
                map.put(name, found);
                votes.computeIfAbsent(own.prefix(), _ -> new LinkedHashMap<>())
                        .merge(WrappedName.of(found).prefix(), 1, Integer::sum);
            } else {
                map.put(name, name);
            }
        }
        follow(map, reference, votes);
        return map;
    }

    private static Map<String, String> byCore(Collection<String> names) {
        Map<String, String> byCore = new HashMap<>();
        for (String name : names) {
            byCore.merge(WrappedName.of(name).core(), name, (_, _) -> AMBIGUOUS);
        }
        return byCore;
    }

    private static void follow(
            Map<String, String> map,
            Set<String> reference,
            Map<String, Map<String, Integer>> votes) {
        Set<String> taken = new HashSet<>(map.values());
        for (Map.Entry<String, String> entry : map.entrySet()) {
            String name = entry.getKey();
            if (!entry.getValue().equals(name) || reference.contains(name)) {
                continue;
            }
            WrappedName own = WrappedName.of(name);
            String followed = prefix(own.prefix(), votes).map(p -> p + own.core()).orElse(name);
            if (!reference.contains(followed) && taken.add(followed)) {
                entry.setValue(followed);
            }
        }
    }

    /// What names that begin like this one got. A beginning of which nothing is known gains what
    /// the others gained in front.
    private static Optional<String> prefix(String own, Map<String, Map<String, Integer>> votes) {
        if (votes.containsKey(own)) {
            return Optional.of(most(votes.get(own)));
        }
        return votes.entrySet().stream()
                .map(v -> gained(v.getKey(), most(v.getValue())))
                .flatMap(Optional::stream)
                .findFirst()
                .map(gained -> gained + own);
    }

    private static String most(Map<String, Integer> votes) {
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static Optional<String> gained(String own, String reference) {
        int length = reference.length() - own.length();
        boolean gains =
                length > 0 && reference.endsWith(own) && reference.charAt(length - 1) == '.';
        return gains ? Optional.of(reference.substring(0, length)) : Optional.empty();
    }

    /// What a map changes, in words: `'model.*' as 'model.language_model.*'`.
    public static List<String> changes(Map<String, String> map) {
        Set<String> changes = new LinkedHashSet<>();
        map.forEach((own, name) -> {
            if (!own.equals(name)) {
                changes.add(
                        "'%s*' as '%s*'"
                                .formatted(
                                        WrappedName.of(own).prefix(),
                                        WrappedName.of(name).prefix()));
            }
        });
        return List.copyOf(changes);
    }
}
