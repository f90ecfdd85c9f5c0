package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.model.ModelFolder;

/// How cards speak of models.
final class CardModels {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private CardModels() {}

    /// The metadata for the hub: which of its models went into the output, and tags.
    static String frontMatter(List<ModelFolder> models, String... tags) {
        List<String> ids =
                models.stream()
                        .filter(m -> !m.isMade())
                        .flatMap(m -> ModelName.hubId(m.reference(), m.folder()).stream())
                        .distinct()
                        .toList();
        // Quoted, since some ids would be numbers or booleans in YAML.
        String bases =
                ids.isEmpty()
                        ? " []\n"
                        : ids.stream()
                                .map(id -> "\n- \"" + id + "\"")
                                .collect(Collectors.joining("", "", "\n"));
        String tagLines =
                Stream.concat(Stream.of("mergekit"), Stream.of(tags))
                        .map(tag -> "- " + tag + "\n")
                        .collect(Collectors.joining());
        String relation = ids.isEmpty() ? "" : "base_model_relation: merge\n";
        return "base_model:%s%slibrary_name: transformers\ntags:\n%s"
                .formatted(bases, relation, tagLines);
    }

    /// The sentence about the plan that a card ends with.
    static String hash(String hash) {
        return "The plan of this output has the hash `%s`.".formatted(hash);
    }

    /// The program with its version, if the build wrote one.
    static String program() {
        String version = CardModels.class.getPackage().getImplementationVersion();
        return version == null ? "jmergekit" : "jmergekit " + version;
    }

    /// The model's name, linked to its page if it came from the hub, with the revision that was read.
    static String link(ModelFolder model) {
        String name = Markdown.inline(ModelName.text(model.reference()));
        if (model.isMade()) {
            return name + " (made by another recipe)";
        }
        return ModelName.hubId(model.reference(), model.folder())
                .map(id ->
                        "[%s](https://huggingface.co/%s)%s"
                                .formatted(name, id, revision(model.folder())))
                .orElse(name);
    }

    // The cache keeps each revision in a folder that is called after it.
    private static String revision(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return COMMIT.matcher(name).matches() ? " at revision `" + name + "`" : "";
    }
}
