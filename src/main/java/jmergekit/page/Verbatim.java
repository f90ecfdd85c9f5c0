package jmergekit.page;

import java.util.Locale;

/// The content of `style` and `script`, where nothing can be escaped. It is the page's own, or JSON
/// without `<`, `>` and `&`.
record Verbatim(String text) implements Node {
    Verbatim {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("</") || lower.contains("<!--")) {
            throw new IllegalArgumentException("it would end its element");
        }
    }
}
