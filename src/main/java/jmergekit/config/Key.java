package jmergekit.config;

/// A key of a recipe.
///
/// @param required whether its mapping always needs it; false if only some recipes do
/// @param summary a description for recipe authors: one or two sentences in Markdown
public record Key(String name, Form form, boolean required, String summary) {
    static Key of(String name, Form form, String summary) {
        return new Key(name, form, false, summary);
    }

    static Key required(String name, Form form, String summary) {
        return new Key(name, form, true, summary);
    }
}
