package jmergekit.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.config.AdapterKeys;
import jmergekit.config.Located;
import jmergekit.linalg.Space;
import jmergekit.lora.AdapterTasks.Part;
import jmergekit.model.Adapter.Factors;
import jmergekit.plan.TensorTask;
import jmergekit.planner.OutputDType;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import jmergekit.weights.TensorLocation;

/// Plans the tensors of a merged adapter. The sum of products `c_i s_i B_i A_i` is a single
/// product: the `A_i` stacked vertically, and the `c_i s_i B_i` concatenated side by side. Changes
/// that are not added up, and sums of a stated rank, are merged in a small space.
final class MergedTensors {
    static final String PREFIX = "base_model.model.";

    private static final double ROUNDING = 1e-6;

    private final List<AdapterInput> inputs;
    private final AdapterModules modules;
    private final ChangeFactors changes;
    private final Problems problems;
    private final AdapterTasks make;
    private final Optional<Space> space;
    private final Optional<Integer> mostRank;
    private final List<TensorTask> tensors = new ArrayList<>();

    /// @param keys the space and the rank, if the recipe states them
    MergedTensors(
            List<AdapterInput> inputs,
            AdapterModules modules,
            ChangeFactors changes,
            AdapterKeys keys,
            OutputDType dtype,
            Problems problems) {
        this.inputs = inputs;
        this.modules = modules;
        this.changes = changes;
        this.problems = problems;
        this.space = keys.space().map(Located::value);
        this.mostRank = keys.rank().map(Located::value);
        this.make = new AdapterTasks(inputs.stream().map(AdapterInput::file).toList(), dtype);
    }

    List<TensorTask> plan() {
        modules.modules().forEach(this::factors);
        modules.wholeNames().forEach(this::whole);
        return tensors;
    }

    private void factors(String module) {
        List<Integer> having = having(modules.factors(), module);
        Optional<String> flaw =
                having.stream()
                        .flatMap(i -> flaw(module, i, having.getFirst()).stream())
                        .findFirst();
        if (flaw.isPresent()) {
            refuse(having.getFirst(), "module '%s' %s".formatted(module, flaw.get()));
            return;
        }
        Factors first = modules.factors().get(having.getFirst()).get(module);
        long in = shape(first.a()).size(1);
        long out = shape(first.b()).size(0);
        String weight = module + AdapterModules.WEIGHT;
        Optional<ChangeFactors.Change> change = changes.of(weight, Shape.of(out, in));
        if (change.isEmpty()) {
            return;
        }
        Optional<double[]> coefficients = change.get().factors();
        List<Part> a = new ArrayList<>();
        List<Part> b = new ArrayList<>();
        List<Part> biases = new ArrayList<>();
        for (int i : having) {
            Factors factors = modules.factors().get(i).get(module);
            long rank = shape(factors.a()).size(0);
            double scale = inputs.get(i).adapter().settings().scale(factors.module(), rank);
            double factor = coefficients.isPresent() ? coefficients.get()[i] * scale : scale;
            if (rank > 0 && factor != 0) {
                a.add(new Part(i, factors.a(), 1));
                b.add(new Part(i, factors.b(), inSpace(change.get()) ? scale : factor));
                factors.bias().ifPresent(bias -> biases.add(new Part(i, bias, factor)));
            }
        }
        if (a.isEmpty()) {
            return;
        }
        String name = PREFIX + module + (first.lookup() ? ".lora_embedding_%s" : ".lora_%s.weight");
        if (inSpace(change.get())) {
            tensors.addAll(
                    make.inSpace(
                            name,
                            a,
                            b,
                            space.orElse(Space.CORE),
                            mostRank.orElse(Integer.MAX_VALUE),
                            change.get()));
        } else {
            concatenate(name, a, b);
        }
        if (!biases.isEmpty()) {
            String bias = PREFIX + module + ".lora_B.bias";
            tensors.add(
                    coefficients.isPresent()
                            ? make.summed(bias, Shape.of(out), biases)
                            : make.merged(bias, Shape.of(out), biases, change.get()));
        }
    }

    private boolean inSpace(ChangeFactors.Change change) {
        return change.factors().isEmpty() || space.isPresent() || mostRank.isPresent();
    }

    private void concatenate(String name, List<Part> a, List<Part> b) {
        long rank = a.stream().mapToLong(p -> shape(p.tensor()).size(0)).sum();
        Shape shapeA = Shape.of(rank, shape(a.getFirst().tensor()).size(1));
        Shape shapeB = Shape.of(shape(b.getFirst().tensor()).size(0), rank);
        tensors.add(make.stacked(name.formatted("A"), shapeA, a));
        tensors.add(make.joined(name.formatted("B"), shapeB, b));
    }

    /// Why the factors of one adapter do not match those of the first adapter that has the module.
    private Optional<String> flaw(String module, int input, int firstInput) {
        Factors factors = modules.factors().get(input).get(module);
        Factors first = modules.factors().get(firstInput).get(module);
        Shape a = shape(factors.a());
        Shape b = shape(factors.b());
        if (a.rank() != 2 || b.rank() != 2 || a.size(0) != b.size(1)) {
            return Optional.of(
                    "of '%s' has factors A %s and B %s, which do not match"
                            .formatted(inputs.get(input).label(), a, b));
        }
        boolean same =
                factors.lookup() == first.lookup()
                        && a.size(1) == shape(first.a()).size(1)
                        && b.size(0) == shape(first.b()).size(0);
        if (!same) {
            return Optional.of(
                    "has factors A %s and B %s, those of '%s' are %s and %s"
                            .formatted(
                                    shape(first.a()),
                                    shape(first.b()),
                                    inputs.get(input).label(),
                                    a,
                                    b));
        }
        return factors.bias().isPresent() == first.bias().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "has a bias in only one of '%s' and '%s'"
                                .formatted(
                                        inputs.get(firstInput).label(), inputs.get(input).label()));
    }

    // Adapters without it use the model's own tensor, which is not available.
    private void whole(String name) {
        List<Integer> having = having(modules.whole(), name);
        List<TensorLocation> found =
                having.stream().map(i -> modules.whole().get(i).get(name)).toList();
        Shape shape = shape(found.getFirst());
        boolean sameShapes = found.stream().allMatch(t -> shape(t).equals(shape));
        if (having.size() < inputs.size() || !sameShapes) {
            refuse(
                    having.getFirst(),
                    "tensor '%s' is stored in full here; all adapters must store it in full, with the same shape"
                            .formatted(name));
            return;
        }
        Optional<ChangeFactors.Change> change = changes.of(name, shape);
        if (change.isEmpty()) {
            return;
        }
        Optional<double[]> coefficients = change.get().factors();
        if (coefficients.isEmpty()
                || Math.abs(Arrays.stream(coefficients.get()).sum() - 1) > ROUNDING) {
            refuse(
                    having.getFirst(),
                    "tensor '%s' is stored in full: without the model it can only be averaged"
                            .formatted(name));
            return;
        }
        List<Part> parts = new ArrayList<>();
        having.forEach(i -> parts.add(new Part(i, found.get(i), coefficients.get()[i])));
        tensors.add(make.summed(PREFIX + stored(name), shape, parts));
    }

    /// A tensor of a module with factors belongs to the layer that the factors change.
    private String stored(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && modules.modules().contains(name.substring(0, dot))
                ? name.substring(0, dot) + ".base_layer" + name.substring(dot)
                : name;
    }

    private static <T> List<Integer> having(List<Map<String, T>> maps, String name) {
        return Stream.iterate(0, i -> i < maps.size(), i -> i + 1)
                .filter(i -> maps.get(i).containsKey(name))
                .toList();
    }

    private static Shape shape(TensorLocation tensor) {
        return tensor.entry().spec().shape();
    }

    private void refuse(int input, String what) {
        problems.add(Problem.input(inputs.get(input).label(), what));
    }
}
