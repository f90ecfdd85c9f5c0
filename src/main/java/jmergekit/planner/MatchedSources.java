package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.method.Parameters;
import jmergekit.method.Value;
import jmergekit.plan.TaskInput;

/// The sources of a tensor that take part in its merge: all of them, unless the recipe leaves out
/// those for which no filter matches.
///
/// @param names of the sources in their models
/// @param base the index of the base model's source, or
///     [jmergekit.primitive.Primitives#NO_BASE]
/// @param isMerged whether a model other than the base takes part; otherwise the base's tensor stays
record MatchedSources(
        List<TaskInput> sources,
        List<String> names,
        int base,
        Parameters parameters,
        boolean isMerged) {
    /// @param baseSource the index of the base model's source, also if the method treats it as any
    ///     other
    static MatchedSources of(
            List<TaskInput> sources,
            List<String> names,
            int base,
            int baseSource,
            ParameterResolver.Resolved resolved) {
        Set<Integer> unmatched = resolved.unmatched();
        if (unmatched.isEmpty()) {
            return new MatchedSources(sources, names, base, resolved.parameters(), true);
        }
        List<TaskInput> left = new ArrayList<>();
        List<String> leftNames = new ArrayList<>();
        List<Map<String, Value>> values = new ArrayList<>();
        Set<Integer> others = new HashSet<>();
        int leftBase = base;
        for (int i :
                IntStream.range(0, sources.size()).filter(i -> !unmatched.contains(i)).toArray()) {
            leftBase = i == base ? left.size() : leftBase;
            if (i != baseSource) {
                others.add(i);
            }
            left.add(sources.get(i));
            leftNames.add(names.get(i));
            values.add(resolved.parameters().perSource().get(i));
        }
        return new MatchedSources(
                left,
                leftNames,
                leftBase,
                new Parameters(resolved.parameters().global(), values),
                !others.isEmpty());
    }
}
