package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Compares the tokenizer of an output with the expected one under a `tokenizer` policy.
final class TokenizerCheck {
    private static final Set<String> KEYS =
            Set.of("ids", "fixed_below", "row_tensors", "merges", "special", "chat_template");

    private final JsonNode policy;
    private final Vocabulary expected;
    private final Vocabulary actual;

    /// @throws IllegalArgumentException if the policy has a key unknown to this checker
    TokenizerCheck(JsonNode policy, Path expectedFolder, Path outputFolder) throws IOException {
        for (String key : policy.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown key '" + key + "' under tokenizer");
            }
        }
        this.policy = policy;
        this.expected = Vocabulary.read(expectedFolder);
        this.actual = Vocabulary.read(outputFolder);
    }

    private boolean byToken() {
        return policy.path("ids").asString("").equals("by_token");
    }

    List<String> differences() {
        List<String> differences = new ArrayList<>();
        compareTokens(differences);
        if (policy.path("merges").asBoolean(false)) {
            compare("merges", expected.merges(), actual.merges(), differences);
        }
        compareMaps("added token", expected.added(), actual.added(), differences);
        if (policy.has("special")) {
            List<String> roles =
                    policy.path("special").valueStream().map(JsonNode::asString).toList();
            compareMaps(
                    "special token", expected.special(roles), actual.special(roles), differences);
        } else {
            compareMaps("special token", expected.special(), actual.special(), differences);
        }
        if (policy.path("chat_template").asBoolean(true)
                && !Objects.equals(expected.chatTemplate(), actual.chatTemplate())) {
            differences.add(
                    "chat template is '%s', expected '%s'"
                            .formatted(actual.chatTemplate(), expected.chatTemplate()));
        }
        return differences;
    }

    private void compareTokens(List<String> differences) {
        if (!byToken()) {
            compareMaps("token", expected.ids(), actual.ids(), differences);
            return;
        }
        Set<Integer> ids = new TreeSet<>(expected.ids().values());
        Set<Integer> actualIds = actual.tokens().keySet();
        if (!ids.equals(actualIds)) {
            differences.add("ids in use are " + actualIds + ", expected " + ids);
        }
        int fixedBelow = policy.path("fixed_below").asInt(0);
        compareMaps(
                "token", idsBelow(fixedBelow, expected), idsBelow(fixedBelow, actual), differences);
    }

    /// All tokens; those with other ids than the fixed ones all with the id -1.
    private static SortedMap<String, Integer> idsBelow(int fixedBelow, Vocabulary vocabulary) {
        SortedMap<String, Integer> ids = new TreeMap<>(vocabulary.ids());
        ids.replaceAll((token, id) -> id < fixedBelow ? id : -1);
        return ids;
    }

    private static <V> void compare(String what, List<V> e, List<V> a, List<String> differences) {
        for (int i = 0; i < Math.min(e.size(), a.size()); i++) {
            if (!e.get(i).equals(a.get(i))) {
                differences.add("%s: %s at %d, expected %s".formatted(what, a.get(i), i, e.get(i)));
                return;
            }
        }
        if (e.size() != a.size()) {
            differences.add("%d %s, expected %d".formatted(a.size(), what, e.size()));
        }
    }

    private static <V> void compareMaps(
            String what, Map<String, V> e, Map<String, V> a, List<String> differences) {
        Set<String> keys = new TreeSet<>(e.keySet());
        keys.addAll(a.keySet());
        for (String key : keys) {
            if (!Objects.equals(e.get(key), a.get(key))) {
                differences.add(
                        "%s '%s': %s, expected %s"
                                .formatted(
                                        what,
                                        key,
                                        a.containsKey(key) ? a.get(key) : "missing",
                                        e.containsKey(key) ? e.get(key) : "none"));
            }
        }
    }

    /// Output tensors with the rows of `row_tensors` brought into the order of the expected ids.
    /// Rows of no token stay where they are.
    SortedMap<String, StoredTensor> inExpectedOrder(SortedMap<String, StoredTensor> tensors) {
        SortedMap<String, StoredTensor> ordered = new TreeMap<>(tensors);
        if (!byToken() || !actual.ids().keySet().equals(expected.ids().keySet())) {
            return ordered;
        }
        for (JsonNode name : policy.path("row_tensors").values()) {
            ordered.computeIfPresent(name.asString(), (key, tensor) -> inExpectedOrder(tensor));
        }
        return ordered;
    }

    private StoredTensor inExpectedOrder(StoredTensor tensor) {
        int rows = tensor.shape().getFirst();
        int[] order = new int[rows];
        for (int row = 0; row < rows; row++) {
            order[row] = row;
        }
        for (Map.Entry<String, Integer> token : expected.ids().entrySet()) {
            int to = token.getValue();
            int from = actual.ids().get(token.getKey());
            if (to < rows && from < rows) {
                order[to] = from;
            }
        }
        return tensor.rows(order);
    }
}
