package jmergekit.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Section;

/// The kinds of recipe that have a schema.
public enum SchemaKind {
    MERGE("Recipe of mergekit yaml", Section.RECIPE),
    MOE("Recipe of mergekit moe", Section.MIXTURE),
    /// The schema applies to each document of the file.
    MULTI("Recipes of mergekit multi", Section.RECIPE),
    EVOLVE("Search of mergekit evolve", Section.EVOLUTION),
    PYTORCH("Recipe of mergekit pytorch", Section.RECIPE),
    BAKLLAMA("Layer slices of mergekit bakllama", Section.LAYER_SLICES);

    /// Keys that need models with layers and tokenizers.
    private static final Set<String> OF_MODELS =
            Set.of("slices", "modules", "tokenizer", "tokenizer_source", "chat_template");

    private final String title;
    private final Section section;

    SchemaKind(String title, Section section) {
        this.title = title;
        this.section = section;
    }

    /// The name on the command line, such as `merge`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(SchemaKind::word).toList();
    }

    public static Optional<SchemaKind> of(String word) {
        return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
    }

    String title() {
        return title;
    }

    Section section() {
        return section;
    }

    /// Keys that recipes of this kind may not have, even if the parser knows them.
    Set<String> without() {
        return this == PYTORCH ? OF_MODELS : Set.of();
    }

    /// Whether any value may be a search mark instead.
    boolean hasMarks() {
        return this == EVOLVE;
    }
}
