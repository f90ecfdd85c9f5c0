package jmergekit.card;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.model.ModelFolder;

/// How cards speak of models.
final class CardModels {
    private CardModels() {}

    /// The metadata for the hub: which of its models went into the output, and tags.
    static String frontMatter(List<ModelFolder> models, String... tags) {
        List<String> ids =
                models.stream()
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
        return "base_model:%slibrary_name: transformers\ntags:\n%s".formatted(bases, tagLines);
    }

    /// The model's name, linked to its page if it came from the hub.
    static String link(ModelFolder model) {
        String name = Markdown.inline(ModelName.text(model.reference()));
        return ModelName.hubId(model.reference(), model.folder())
                .map(id -> "[%s](https://huggingface.co/%s)".formatted(name, id))
                .orElse(name);
    }
}
