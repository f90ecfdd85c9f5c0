package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// An HTML or SVG element. It cannot run code or fetch anything: event and style attributes are
/// refused, and links only lead to places on the same page.
///
/// @param name spelt as in HTML or SVG
/// @param attributes in output order; values are escaped on output
/// @param children in order
public record Element(String name, Map<String, String> attributes, List<Node> children)
        implements Node {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

    public Element {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        children = List.copyOf(children);
        requireName(name);
        attributes.forEach(Element::requireHarmless);
    }

    /// Without attributes.
    public static Element of(String name, Node... children) {
        return new Element(name, Map.of(), Arrays.asList(children));
    }

    /// With text inside.
    public static Element text(String name, String text) {
        return of(name, new Text(text));
    }

    /// With an attribute added or replaced.
    public Element with(String attribute, String value) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.put(attribute, value);
        return new Element(name, all, children);
    }

    /// With a length or position, rounded to a tenth.
    public Element with(String attribute, double value) {
        return with(attribute, Numbers.place(value));
    }

    /// With more children appended.
    public Element and(Node... more) {
        return and(Arrays.asList(more));
    }

    /// With more children appended.
    public Element and(List<? extends Node> more) {
        List<Node> all = new ArrayList<>(children);
        all.addAll(more);
        return new Element(name, attributes, all);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name: '" + name + "'");
        }
    }

    private static void requireHarmless(String attribute, String value) {
        requireName(attribute);
        String name = attribute.toLowerCase(Locale.ROOT);
        boolean runs = name.startsWith("on") || name.equals("style") || name.equals("srcdoc");
        boolean leads = name.equals("href") || name.equals("src") || name.equals("action");
        if (runs || leads && !value.startsWith("#")) {
            throw new IllegalArgumentException("not allowed in a page: " + attribute + "=" + value);
        }
    }
}
