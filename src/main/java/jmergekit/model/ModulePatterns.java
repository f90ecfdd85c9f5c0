package jmergekit.model;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.databind.JsonNode;

/// The numbers that an adapter's `rank_pattern` or `alpha_pattern` gives to some modules. A key is
/// a regular expression for the end of a module's name, starting at a dot; the first match counts.
///
/// Source: the configuration of LoRA adapters in the PEFT format.
final class ModulePatterns {
    /// The most characters that all expressions may read, so that none runs forever.
    private static final int MOST_STEPS = 50_000_000;

    private static final Pattern PLAIN = Pattern.compile("[\\w.-]+");

    /// @param order the position among the keys
    private record Entry(int order, double value) {}

    private final String where;
    private final Map<String, Entry> plain = new HashMap<>();
    private final Map<Pattern, Entry> expressions = new LinkedHashMap<>();
    private int steps;

    private ModulePatterns(String where) {
        this.where = where;
    }

    /// @param json an object of numbers, or nothing
    /// @param where the name of the mapping in messages
    static ModulePatterns of(JsonNode json, String where) {
        ModulePatterns patterns = new ModulePatterns(where);
        if (!json.isObject() && !json.isNull() && !json.isMissingNode()) {
            throw patterns.refused("is not a mapping from modules to numbers");
        }
        int order = 0;
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (!entry.getValue().isNumber()) {
                throw patterns.refused("gives '" + entry.getKey() + "' no number");
            }
            double value = entry.getValue().doubleValue();
            patterns.add(entry.getKey(), new Entry(order++, value));
        }
        return patterns;
    }

    private void add(String key, Entry entry) {
        if (PLAIN.matcher(key).matches()) {
            plain.put(key, entry);
            return;
        }
        try {
            expressions.put(Pattern.compile("(.*\\.)?(" + key + ")$"), entry);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw refused("has a key that is not a regular expression: '" + key + "'");
        }
    }

    /// The number for a module.
    OptionalDouble find(String module) {
        Optional<Entry> expression =
                expressions.entrySet().stream()
                        .filter(e -> matches(e.getKey(), module))
                        .map(Map.Entry::getValue)
                        .findFirst();
        return Stream.concat(
                        ends(module).map(plain::get).filter(Objects::nonNull), expression.stream())
                .min(Comparator.comparingInt(Entry::order))
                .map(e -> OptionalDouble.of(e.value()))
                .orElse(OptionalDouble.empty());
    }

    /// The name, and the part after each of its dots.
    private static Stream<String> ends(String module) {
        return IntStream.rangeClosed(0, module.length())
                .filter(i -> i == 0 || module.charAt(i - 1) == '.')
                .mapToObj(module::substring);
    }

    private boolean matches(Pattern pattern, String module) {
        try {
            return pattern.matcher(new Counted(module)).lookingAt();
        } catch (StackOverflowError e) {
            throw refused("has a key that takes too long to match");
        }
    }

    private MergeException refused(String what) {
        return new MergeException(Problem.input(where, what));
    }

    /// Text that throws when it has been read too often.
    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw refused("has a key that takes too long to match");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end));
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
