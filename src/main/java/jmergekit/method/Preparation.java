package jmergekit.method;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jmergekit.method.Statistics.Measurement;

/// The statistics of all groups of a run, from the measurements of its tensors.
public final class Preparation {
    private final PreparedMethod method;
    private final Map<String, Statistics> byGroup;

    private Preparation(PreparedMethod method, Map<String, Statistics> byGroup) {
        this.method = method;
        this.byGroup = byGroup;
    }

    /// The inputs among `all` that have to be measured to merge `wanted`, a subset of it: all
    /// tensors of their groups, in the order of `all`.
    public static List<MergeInput> needed(
            PreparedMethod method, List<MergeInput> all, Collection<MergeInput> wanted) {
        Set<String> groups = wanted.stream().map(method::group).collect(Collectors.toSet());
        return all.stream().filter(input -> groups.contains(method.group(input))).toList();
    }

    /// @param inputs in the order of the plan
    /// @param measured one measurement for each of them, made at any time and in any process
    public static Preparation of(
            PreparedMethod method, List<MergeInput> inputs, List<double[]> measured) {
        if (inputs.size() != measured.size()) {
            throw new IllegalArgumentException(
                    "%d measurements for %d tensors".formatted(measured.size(), inputs.size()));
        }
        Map<String, List<Measurement>> byGroup =
                IntStream.range(0, inputs.size())
                        .boxed()
                        .collect(
                                Collectors.groupingBy(
                                        i -> method.group(inputs.get(i)),
                                        Collectors.mapping(
                                                i ->
                                                        new Measurement(
                                                                inputs.get(i).tensor(),
                                                                measured.get(i)),
                                                Collectors.toList())));
        Map<String, Statistics> statistics = new HashMap<>();
        byGroup.forEach((group, all) -> statistics.put(group, new Statistics(all)));
        return new Preparation(method, statistics);
    }

    /// The input for merging a tensor: `input` with the statistics of its group, which has been
    /// measured.
    public MergeInput prepared(MergeInput input) {
        Statistics statistics = byGroup.get(method.group(input));
        if (statistics == null) {
            throw new IllegalStateException(
                    "tensor '%s' is in a group that was not measured".formatted(input.tensor()));
        }
        return input.with(statistics);
    }
}
