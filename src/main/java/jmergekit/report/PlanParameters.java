package jmergekit.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.method.MergeMethods;
import jmergekit.method.Param;
import jmergekit.method.Value;
import jmergekit.plan.Plan;
import jmergekit.plan.Quantised;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.report.ParameterValues.Curve;
import jmergekit.report.ParameterValues.Group;

/// Collects the values of parameters from the tasks of a plan, as tensors get them after gradients
/// and filters.
public final class PlanParameters {
    private final Plan plan;
    private final MergeMethods methods;
    private final TensorPlaces places;
    private final Map<Key, Map<String, Value>> values = new LinkedHashMap<>();
    private final Set<TensorTask> entered = Collections.newSetFromMap(new IdentityHashMap<>());

    /// @param made the inner recipe with the parameter; empty for the outer recipe
    private record Key(String made, String method, String name, String source) {}

    private PlanParameters(Plan plan, MergeMethods methods) {
        this.plan = plan;
        this.methods = methods;
        this.places = TensorPlaces.of(plan);
    }

    /// All parameters of all methods; per-model parameters are in the order of the models.
    public static List<ParameterValues> of(Plan plan) {
        PlanParameters found = new PlanParameters(plan, MergeMethods.builtIn());
        plan.tasks().forEach(task -> found.add("", task));
        return found.values.entrySet().stream()
                .map(e -> found.values(e.getKey(), e.getValue()))
                .sorted(
                        Comparator.comparing(ParameterValues::method)
                                .thenComparing(v -> v.source().isPresent())
                                .thenComparing(v -> v.source().isPresent() ? v.name() : ""))
                .toList();
    }

    private void add(String made, TensorTask task) {
        switch (task.work()) {
            case Work.Parts(List<TensorTask> parts) -> parts.forEach(part -> add(made, part));
            case Work.Copy _ -> {}
            case Work.Sum sum -> addSum(made, task, sum);
            case Work.Merge merge -> addMerge(made, task, merge, sources(made, task));
            case Work.Factors factors ->
                    addMerge(made, task, factors.merge(), ofChanges(made, task, factors));
        }
        for (TaskInput input : task.inputs()) {
            inner(input.source())
                    .filter(entered::add)
                    .ifPresent(inner -> add(scope(made, input), inner));
        }
    }

    // A method that treats the base separately does not use its values.
    private void addMerge(String made, TensorTask task, Work.Merge merge, List<String> sources) {
        String name = task.output().name();
        values(merge, merge.parameters().global())
                .forEach((parameter, value) ->
                        put(new Key(made, merge.method(), parameter, ""), name, value));
        for (int i = 0; i < merge.parameters().perSource().size(); i++) {
            if (i == merge.base()) {
                continue;
            }
            String source = sources.get(i);
            values(merge, merge.parameters().perSource().get(i))
                    .forEach((parameter, value) ->
                            put(new Key(made, merge.method(), parameter, source), name, value));
        }
    }

    // Excludes values without effect.
    private Map<String, Value> values(Work.Merge merge, Map<String, Value> all) {
        Map<String, Value> values = new TreeMap<>(all);
        methods.named(merge.method())
                .map(method -> method.info().params())
                .orElse(List.of())
                .forEach(param -> {
                    if (param.inert()) {
                        values.remove(param.name());
                    } else if (param.kind() == Param.Kind.FLAG) {
                        values.computeIfPresent(param.name(), (_, value) -> flag(value));
                    }
                });
        return values;
    }

    private static Value flag(Value value) {
        return value instanceof Value.Number(double number)
                ? Value.of(String.valueOf(number != 0))
                : value;
    }

    private void addSum(String made, TensorTask task, Work.Sum sum) {
        List<String> sources = sources(made, task);
        for (int i = 0; i < sources.size(); i++) {
            put(
                    new Key(made, "sum", "coefficient", sources.get(i)),
                    task.output().name(),
                    Value.of(sum.coefficients().get(i)));
        }
    }

    private void put(Key key, String tensor, Value value) {
        values.computeIfAbsent(key, _ -> new LinkedHashMap<>()).put(tensor, value);
    }

    // A quantised tensor is made by an inner task.
    private static Optional<TensorTask> inner(Source source) {
        Source root = source;
        while (root instanceof Source.Derived derived) {
            root = derived.tensor();
        }
        return root instanceof Source.Made made ? Optional.of(made.task()) : Optional.empty();
    }

    private String scope(String made, TaskInput input) {
        if (input.source() instanceof Quantised) {
            return made;
        }
        return made.isEmpty() ? plan.models().get(input.model()) : "a recipe inside " + made;
    }

    /// The names of the adapters.
    private List<String> ofChanges(String made, TensorTask task, Work.Factors factors) {
        List<String> inputs = sources(made, task);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < factors.merge().parameters().perSource().size(); i++) {
            names.add("input " + i);
        }
        for (int i = 0; i < factors.changes().size(); i++) {
            names.set(factors.changes().get(i).source(), inputs.get(2 * i));
        }
        return names;
    }

    /// The names of the inputs. A model that occurs twice gets a number.
    private List<String> sources(String made, TensorTask task) {
        List<String> names = new ArrayList<>();
        Map<String, Integer> met = new HashMap<>();
        for (TaskInput input : task.inputs()) {
            String name = made.isEmpty() ? plan.models().get(input.model()) : folder(input);
            int count = met.merge(name, 1, Integer::sum);
            names.add(count == 1 ? name : "%s (%d)".formatted(name, count));
        }
        return names;
    }

    // The models of an inner recipe are numbered separately.
    private static String folder(TaskInput input) {
        return input.source()
                .stored()
                .findFirst()
                .map(s -> s.file().folder())
                .orElse("model " + input.model());
    }

    private ParameterValues values(Key key, Map<String, Value> byTensor) {
        Map<List<String>, SortedMap<Integer, Value>> cells = new LinkedHashMap<>();
        Map<Value, List<String>> outside = new LinkedHashMap<>();
        byTensor.forEach((tensor, value) -> {
            TensorPlaces.Spot spot = places.of(tensor);
            if (spot.layer().isPresent()) {
                cells.computeIfAbsent(List.of(spot.module(), spot.part()), _ -> new TreeMap<>())
                        .put(spot.layer().getAsInt(), value);
            } else {
                outside.computeIfAbsent(value, _ -> new ArrayList<>()).add(spot.part());
            }
        });
        String method = key.made().isEmpty() ? key.method() : key.method() + " of " + key.made();
        return new ParameterValues(
                method,
                key.name(),
                Optional.of(key.source()).filter(s -> !s.isEmpty()),
                curves(cells),
                outside.entrySet().stream().map(e -> new Group(e.getKey(), e.getValue())).toList());
    }

    // Parts missing from some layers are grouped with parts that have equal values in the layers
    // with both.
    private static List<Curve> curves(Map<List<String>, SortedMap<Integer, Value>> cells) {
        List<Curve> curves = new ArrayList<>();
        cells.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
                .forEach(e -> {
                    String module = e.getKey().getFirst();
                    String part = e.getKey().getLast();
                    for (int i = 0; i < curves.size(); i++) {
                        Curve curve = curves.get(i);
                        if (curve.module().equals(module) && agree(curve, e.getValue())) {
                            curves.set(i, joined(curve, part, e.getValue()));
                            return;
                        }
                    }
                    curves.add(new Curve(module, List.of(part), e.getValue()));
                });
        return curves;
    }

    private static boolean agree(Curve curve, SortedMap<Integer, Value> values) {
        return values.entrySet().stream()
                .allMatch(e ->
                        curve.byLayer()
                                .getOrDefault(e.getKey(), e.getValue())
                                .equals(e.getValue()));
    }

    private static Curve joined(Curve curve, String part, SortedMap<Integer, Value> values) {
        List<String> parts = new ArrayList<>(curve.parts());
        parts.add(part);
        SortedMap<Integer, Value> all = new TreeMap<>(curve.byLayer());
        all.putAll(values);
        return new Curve(curve.module(), parts, all);
    }
}
