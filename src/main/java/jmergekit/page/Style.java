package jmergekit.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program's style sheets and script: `colours.css` defines the colours of light and dark
/// pages, `charts.css` the shapes of charts, `page.css` everything else.
final class Style {
    private static final Pattern NAMED =
            Pattern.compile("(--[a-z0-9]+):\\s*light-dark\\(([^,]+),[^)]+\\)");

    private static final Pattern USED = Pattern.compile("var\\((--[a-z0-9]+)\\)");

    private Style() {}

    /// The style of a page.
    static String ofPage() {
        return resource("colours.css") + resource("charts.css") + resource("page.css");
    }

    /// The style of a standalone chart: always light, and without features that only browsers
    /// support.
    static String ofChart() {
        Map<String, String> light = new HashMap<>();
        NAMED.matcher(resource("colours.css"))
                .results()
                .forEach(named -> light.put(named.group(1), named.group(2).strip()));
        return USED.matcher(resource("charts.css"))
                .replaceAll(used -> Matcher.quoteReplacement(value(light, used.group(1))));
    }

    private static String value(Map<String, String> colours, String name) {
        String value = colours.get(name);
        if (value == null) {
            throw new IllegalStateException("missing in colours.css: " + name);
        }
        return value;
    }

    static String script() {
        return resource("page.js");
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream("/jmergekit/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
