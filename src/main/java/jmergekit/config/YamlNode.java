package jmergekit.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.Location;

/// A YAML value with its location; aliases and merge keys are already resolved.
sealed interface YamlNode {
    /// Where the value is written; for an alias, where its anchor is.
    Location at();

    /// The number of values in this tree, counting each use of an alias, which limits the growth
    /// through aliases.
    int size();

    /// A description of the value, for the `found` part of a problem.
    String description();

    /// Whether it is YAML's null, which is equivalent to omitting the key.
    default boolean isNull() {
        return false;
    }

    /// Text, a number, a boolean or null: `plain` is false if it was quoted or tagged as text.
    record Scalar(String text, boolean plain, Location at) implements YamlNode {
        private static final int LONGEST_SHOWN = 80;

        @Override
        public int size() {
            return 1;
        }

        @Override
        public String description() {
            String shown =
                    text.length() > LONGEST_SHOWN
                            ? text.substring(0, LONGEST_SHOWN).stripTrailing() + "…"
                            : text;
            return isNull() ? "nothing" : "'" + shown + "'";
        }

        @Override
        public boolean isNull() {
            return plain && ScalarRules.isNull(text);
        }
    }

    /// A list.
    record Sequence(List<YamlNode> items, int size, Location at) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String description() {
            return items.isEmpty() ? "an empty list" : "a list of " + items.size();
        }
    }

    /// A mapping without duplicate keys, in the order of its keys.
    ///
    /// @param span its text, including its anchor
    record Mapping(
            List<Entry> entries, Map<String, Entry> byKey, int size, Location at, TextSpan span)
            implements YamlNode {
        static Mapping of(List<Entry> entries, int size, Location at, TextSpan span) {
            Map<String, Entry> byKey = new LinkedHashMap<>();
            entries.forEach(entry -> byKey.put(entry.key().text(), entry));
            return new Mapping(List.copyOf(entries), Map.copyOf(byKey), size, at, span);
        }

        /// The entry under `key` unless it is absent or null.
        Optional<Entry> entry(String key) {
            return Optional.ofNullable(byKey.get(key)).filter(entry -> !entry.value().isNull());
        }

        @Override
        public String description() {
            return entries.isEmpty() ? "an empty mapping" : "a mapping";
        }
    }

    /// A key and its value; `anchored` if the value has an anchor and so may only be there for
    /// reuse.
    ///
    /// @param span from the key to the end of the text of the value, which may be an alias
    record Entry(Scalar key, YamlNode value, boolean anchored, TextSpan span) {
        /// From the key to the end of the value, if they are on the same line.
        Location at() {
            Location start = key.at();
            Location end = value.at();
            if (start.line() != end.line() || end.column() < start.column()) {
                return start;
            }
            int length = end.column() + end.length() - start.column();
            return new Location(start.source(), start.line(), start.column(), length, start.text());
        }
    }
}
