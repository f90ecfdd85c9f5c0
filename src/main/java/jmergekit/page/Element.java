package jmergekit.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// An element of HTML or SVG. It cannot run code or fetch anything: attributes for events and styles
/// are refused, and links lead to places of the same page.
///
/// @param name in the writing of HTML or SVG
/// @param attributes in the order they are written in; values are escaped then
/// @param children in their order
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

    /// With one attribute more, or another value of it.
    public Element with(String attribute, String value) {
        Map<String, String> all = new LinkedHashMap<>(attributes);
        all.put(attribute, value);
        return new Element(name, all, children);
    }

    /// With a length or place, to a tenth.
    public Element with(String attribute, double value) {
        return with(attribute, Numbers.place(value));
    }

    /// With more inside, at the end.
    public Element and(Node... more) {
        return and(Arrays.asList(more));
    }

    /// With more inside, at the end.
    public Element and(List<? extends Node> more) {
        List<Node> all = new ArrayList<>(children);
        all.addAll(more);
        return new Element(name, attributes, all);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name: '" + name + "'");
        }
    }

    private static void requireHarmless(String attribute, String value) {
        requireName(attribute);
        String name = attribute.toLowerCase(Locale.ROOT);
        boolean runs = name.startsWith("on") || name.equals("style") || name.equals("srcdoc");
        boolean leads = name.equals("href") || name.equals("src") || name.equals("action");
        if (runs || leads && !value.startsWith("#")) {
            throw new IllegalArgumentException("not in a page: " + attribute + "=" + value);
        }
    }
}
