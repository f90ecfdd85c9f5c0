package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads layer ranges, `[start, end]`.
///
/// @param least the minimum number of layers in a range
record LayerRangeReader(int least, Problems problems) {
    /// Reads a range; empty if a problem was added.
    ///
    /// @param key the key of the range
    Optional<LayerRange> read(String key, YamlNode node) {
        List<YamlNode> items = node instanceof YamlNode.Sequence list ? list.items() : List.of();
        List<Integer> numbers = new ArrayList<>();
        for (YamlNode item : items) {
            OptionalInt number =
                    item instanceof YamlNode.Scalar scalar
                            ? ScalarRules.integer(scalar)
                            : OptionalInt.empty();
            number.ifPresent(numbers::add);
        }
        if (items.size() != 2 || numbers.size() != 2) {
            problems.add(Fields.wrongForm("'" + key + "'", "a list of two whole numbers", node));
            return Optional.empty();
        }
        int start = numbers.getFirst();
        int end = numbers.getLast();
        if (start < 0 || (long) end - start < least) {
            String order = least > 0 ? "start < end" : "start <= end";
            problems.add(
                    Problem.recipe(node.at(), "'" + key + "' is not a layer range")
                            .expected("[start, end] with 0 <= " + order + "; end is exclusive")
                            .found("[" + start + ", " + end + "]"));
            return Optional.empty();
        }
        return Optional.of(new LayerRange(start, end, node.at()));
    }
}
