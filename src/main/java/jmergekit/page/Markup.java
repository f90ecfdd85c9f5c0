package jmergekit.page;

import java.util.Set;

/// Writes elements so that browsers read them as HTML and XML parsers as XML.
///
/// Characters not allowed in either, and characters that change the direction of surrounding text,
/// are written as U+FFFD.
public final class Markup {
    private static final char REPLACED = '\uFFFD';

    private static final Set<String> VOID = Set.of("meta", "br", "hr", "col", "input");

    private static final Set<String> OWN_LINE =
            Set.of(
                    "head", "body", "main", "header", "nav", "section", "h1", "h2", "h3", "p", "ul",
                    "li", "figure", "svg", "g", "table", "thead", "tbody", "tr", "pre", "details",
                    "style", "script", "meta", "title");

    private Markup() {}

    /// An element with all its content.
    public static String of(Node node) {
        StringBuilder out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(Node node, StringBuilder out) {
        switch (node) {
            case Text text -> escape(text.text(), out);
            case Verbatim verbatim -> out.append(verbatim.text());
            case Element element -> write(element, out);
        }
    }

    private static void write(Element element, StringBuilder out) {
        String name = element.name();
        out.append('<').append(name);
        element.attributes()
                .forEach((attribute, value) -> {
                    out.append(' ').append(attribute).append("=\"");
                    escape(value, out);
                    out.append('"');
                });
        if (VOID.contains(name)) {
            if (!element.children().isEmpty()) {
                throw new IllegalArgumentException("no content is allowed in " + name);
            }
            out.append("/>");
        } else {
            out.append('>');
            element.children().forEach(child -> write(child, out));
            out.append("</").append(name).append('>');
        }
        if (OWN_LINE.contains(name)) {
            out.append('\n');
        }
    }

    private static void escape(String text, StringBuilder out) {
        String clean = clean(text);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    /// The text with U+FFFD for each character not allowed in a page.
    static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isAllowed(c) ? c : REPLACED));
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        boolean control = c < 0x20 && c != '\t' && c != '\n' || c >= 0x7F && c < 0xA0;
        boolean half = c >= 0xD800 && c <= 0xDFFF;
        boolean none = (c & 0xFFFE) == 0xFFFE || c >= 0xFDD0 && c <= 0xFDEF;
        boolean turning = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        return !(control || half || none || turning);
    }
}
