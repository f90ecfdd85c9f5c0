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

/// Converts a checkpoint's names to the style of a reference checkpoint. Names of the same tensor
/// may differ in their first words, the classes around the network: `bert.encoder.layer.0…` and
/// `encoder.layer.0…`, or `model.layers.0…` and `model.language_model.layers.0…`.
public final class NameMap {
    private static final String AMBIGUOUS = "";

    private NameMap() {}

    /// The reference-style name for each of `names`. A name that the reference has is unchanged.
    /// Any other name is mapped to the only name of the reference that differs just in the classes.
    /// If there is none, or more than one, it gets the classes that most similar names got, so that
    /// a tensor that only this checkpoint has is named consistently.
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

    /// The new prefix of most names that have this prefix. An unknown prefix gets the words that
    /// the others gained at the front.
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

    /// The changes that a map makes, in words: `'model.*' as 'model.language_model.*'`.
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
