package jmergekit.report;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.Plan;
import jmergekit.plan.Quantised;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.Shape;

/// A merge of stored tensors, which may make only part of an output tensor.
///
/// @param tensor the output tensor
/// @param models the models whose versions are merged, the base first if there is one
/// @param hasBase whether the first is the base
/// @param versions in the order of the models, all with the same shape
/// @param place its location in the output tensor
record MergeUnit(
        String tensor, List<String> models, boolean hasBase, List<Source> versions, Output place) {
    MergeUnit {
        models = List.copyOf(models);
        versions = List.copyOf(versions);
    }

    /// A range of elements of an output tensor.
    ///
    /// @param begin the first element
    /// @param count the number of elements
    /// @param of the total number of elements
    /// @param isPlain whether the tensor is stored unquantised
    record Output(long begin, long count, long of, boolean isPlain) {
        /// The elements from the written tensor.
        ///
        /// @param shape the shape of the result
        Source in(Source stored, Shape shape) {
            if (begin == 0 && count == of) {
                return stored;
            }
            long columns =
                    BigInteger.valueOf(begin).gcd(BigInteger.valueOf(count)).longValueExact();
            return new Rearranged.Rows(stored, columns, begin / columns, 1, shape);
        }
    }

    /// The informative merges of a task: those of two or more versions, none of which is made by
    /// another task.
    static List<MergeUnit> of(Plan plan, TensorTask task) {
        List<MergeUnit> units = new ArrayList<>();
        add(plan, task, task.output().name(), units, true);
        return units;
    }

    private static void add(
            Plan plan, TensorTask task, String name, List<MergeUnit> units, boolean isPlain) {
        long begin = 0;
        long all = task.output().shape().elements();
        for (TensorTask part : task.parts()) {
            long count = part.output().shape().elements();
            if (part.work() instanceof Work.Merge merge) {
                unit(plan, part, merge, name, new Output(begin, count, all, isPlain), units);
            } else if (part.isCopy()
                    && part.sources().getFirst() instanceof Quantised.Values values) {
                values.made().ifPresent(made -> add(plan, made, name, units, false));
            }
            begin += count;
        }
    }

    private static void unit(
            Plan plan,
            TensorTask task,
            Work.Merge merge,
            String name,
            Output place,
            List<MergeUnit> units) {
        boolean hasBase = merge.base() >= 0;
        boolean known =
                task.sources().stream()
                        .flatMap(Source::all)
                        .noneMatch(s -> s instanceof Source.Made || s instanceof Source.Computed);
        if (!known || task.inputs().size() < 2 || place.count() == 0) {
            return;
        }
        List<TaskInput> ordered = new ArrayList<>(task.inputs());
        if (hasBase) {
            ordered.addFirst(ordered.remove(merge.base()));
        }
        units.add(
                new MergeUnit(
                        name,
                        names(plan, ordered),
                        hasBase,
                        ordered.stream().map(TaskInput::source).toList(),
                        place));
    }

    /// A model that occurs twice gets a number.
    private static List<String> names(Plan plan, List<TaskInput> inputs) {
        Map<String, Integer> met = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (TaskInput input : inputs) {
            String name = plan.models().get(input.model());
            int count = met.merge(name, 1, Integer::sum);
            names.add(count == 1 ? name : "%s (%d)".formatted(name, count));
        }
        return names;
    }
}
