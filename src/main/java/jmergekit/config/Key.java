package jmergekit.config;

/// A key of a recipe.
///
/// @param required whether its mapping cannot do without; what only some recipes need is not
/// @param summary what it says, for people who write recipes: one or two sentences in Markdown
public record Key(String name, Form form, boolean required, String summary) {
    static Key of(String name, Form form, String summary) {
        return new Key(name, form, false, summary);
    }

    static Key required(String name, Form form, String summary) {
        return new Key(name, form, true, summary);
    }
}
