package jmergekit.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jmergekit.compare.ModelDifference.Change;
import jmergekit.compare.ModelDifference.FileDifference;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.tokenizer.ChatTemplates;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.Vocabulary;
import jmergekit.weights.JsonTree;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How the non-weight files of a model differ from another model's.
final class FileDifferences {
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String TOKENIZER = "tokenizer";
    private static final String UNREADABLE = "cannot be read";

    private final ModelFolder reference;
    private final ModelFolder version;
    private final int number;
    private final List<FileDifference> found = new ArrayList<>();

    private FileDifferences(ModelFolder reference, ModelFolder version, int number) {
        this.reference = reference;
        this.version = version;
        this.number = number;
    }

    /// How the files of each model differ from the first model's.
    static List<FileDifference> of(List<ComparedModel> models) {
        List<FileDifference> all = new ArrayList<>();
        Optional<ModelFolder> first = models.getFirst().folder();
        for (int i = 1; i < models.size() && first.isPresent(); i++) {
            Optional<ModelFolder> other = models.get(i).folder();
            if (other.isPresent()) {
                all.addAll(new FileDifferences(first.get(), other.get(), i).all());
            }
        }
        return all;
    }

    private List<FileDifference> all() {
        add("config.json", changes(reference.config().json(), version.config().json()));
        json("generation_config.json", reference.folder(), version.folder());
        json(TOKENIZER_CONFIG, reference.tokenizerFolder(), version.tokenizerFolder());
        vocabulary();
        template();
        return found;
    }

    private void add(String file, List<Change> changes) {
        if (!changes.isEmpty()) {
            found.add(
                    new FileDifference(
                            number,
                            file,
                            changes.stream().limit(FileDifference.MOST_CHANGES).toList(),
                            changes.size()));
        }
    }

    private void json(String name, Path referenceFolder, Path versionFolder) {
        Optional<ObjectNode> before = object(reference, referenceFolder.resolve(name), name);
        Optional<ObjectNode> after = object(version, versionFolder.resolve(name), name);
        if (before.isPresent() != after.isPresent()) {
            add(name, List.of(new Change("the file", there(before), there(after))));
        } else if (before.isPresent()) {
            List<Change> changes = changes(before.get(), after.orElseThrow());
            // Tokens and templates are compared separately.
            add(
                    name,
                    changes.stream()
                            .filter(c -> !c.what().startsWith("added_tokens_decoder"))
                            .filter(c -> !c.what().startsWith("chat_template"))
                            .toList());
        }
    }

    private static Optional<ObjectNode> object(ModelFolder model, Path file, String name) {
        return Files.isRegularFile(file)
                ? Optional.of(ConfigJson.readObject(file, model.reference() + "/" + name))
                : Optional.empty();
    }

    private static String there(Optional<?> file) {
        return file.isPresent() ? "there" : "";
    }

    private static List<Change> changes(ObjectNode before, ObjectNode after) {
        Map<String, String> left = new TreeMap<>();
        Map<String, String> right = new TreeMap<>();
        flatten("", before, left);
        flatten("", after, right);
        return changes(left, right);
    }

    // Lists are compared as a whole, since one more entry would shift all later ones.
    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(e ->
                            flatten(
                                    path.isEmpty() ? e.getKey() : path + "." + e.getKey(),
                                    e.getValue(),
                                    into));
        } else {
            into.put(path, JsonTree.MAPPER.writeValueAsString(node));
        }
    }

    private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(after);
        List<Change> changes = new ArrayList<>();
        for (String key : all.keySet()) {
            String left = before.getOrDefault(key, "");
            String right = after.getOrDefault(key, "");
            if (!left.equals(right)) {
                changes.add(new Change(key, left, right));
            }
        }
        return changes;
    }

    private void vocabulary() {
        Optional<Vocabulary> before = ModelComparison.vocabulary(reference);
        Optional<Vocabulary> after = ModelComparison.vocabulary(version);
        if (before.isPresent() && after.isPresent()) {
            add(TOKENIZER, tokens(before.get().ids(), after.get().ids()));
            return;
        }
        String left = state(reference, before);
        String right = state(version, after);
        if (!left.equals(right) || left.equals(UNREADABLE)) {
            add(TOKENIZER, List.of(new Change(FileDifference.VOCABULARY, left, right)));
        }
    }

    private static String state(ModelFolder model, Optional<Vocabulary> vocabulary) {
        boolean unreadable = vocabulary.isEmpty() && ModelTokenizer.isIn(model.tokenizerFolder());
        return unreadable ? UNREADABLE : there(vocabulary);
    }

    // Moved tokens, then tokens that only one model has, each by id.
    private static List<Change> tokens(Map<String, Integer> before, Map<String, Integer> after) {
        List<Change> changes = new ArrayList<>();
        before.forEach((token, id) -> {
            @Nullable Integer now = after.get(token);
            if (!id.equals(now)) {
                changes.add(new Change(token, id.toString(), now == null ? "" : now.toString()));
            }
        });
        after.forEach((token, id) -> {
            if (!before.containsKey(token)) {
                changes.add(new Change(token, "", id.toString()));
            }
        });
        changes.sort(
                Comparator.comparing((Change c) -> c.before().isEmpty() || c.after().isEmpty())
                        .thenComparing(c -> c.before().isEmpty())
                        .thenComparingInt(c ->
                                Integer.parseInt(c.before().isEmpty() ? c.after() : c.before()))
                        .thenComparing(Change::what));
        return changes;
    }

    private void template() {
        String before = ChatTemplates.mostCommon(List.of(reference)).orElse("");
        String after = ChatTemplates.mostCommon(List.of(version)).orElse("");
        if (!before.equals(after)) {
            add("chat template", List.of(new Change("the template", before, after)));
        }
    }
}
