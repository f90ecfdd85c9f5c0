package jmergekit.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.engine.NonFiniteTensor.Input;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.tensor.DType;

/// The NaN and infinity that a run found in its inputs and output.
///
/// @param tensors in output order
public record NonFiniteReport(List<NonFiniteTensor> tensors) {
    /// The most tensors that a message lists.
    private static final int SHOWN = 3;

    public NonFiniteReport {
        tensors = List.copyOf(tensors);
    }

    /// Adds the inputs of tensors that were computed before the run, by name.
    public NonFiniteReport from(List<Input> computed) {
        List<NonFiniteTensor> all = new ArrayList<>();
        for (NonFiniteTensor tensor : tensors) {
            List<Input> inputs = new ArrayList<>(tensor.inputs());
            computed.stream()
                    .filter(i -> i.tensor().equals(tensor.output().name()))
                    .forEach(inputs::add);
            all.add(new NonFiniteTensor(tensor.output(), tensor.count(), inputs));
        }
        return new NonFiniteReport(all);
    }

    /// A warning for each model that has NaN or infinity, and warnings about the tensors of the
    /// output that have more of them than their inputs, grouped by cause.
    public List<Problem> warnings() {
        List<Problem> warnings = new ArrayList<>(models());
        warnings.addAll(grown().stream().map(Problem::asWarning).toList());
        return warnings;
    }

    /// A warning for each model that has NaN or infinity.
    public List<Problem> models() {
        List<Problem> warnings = new ArrayList<>();
        inModels().forEach((model, found) -> warnings.add(inModel(model, found)));
        return warnings;
    }

    /// Errors about the tensors of the output that have more NaN and infinity than their inputs,
    /// for a strict run. They blame the input if any of its values are NaN or infinite, otherwise
    /// the output, which cannot represent the results.
    public List<Problem> grown() {
        List<Problem> problems = new ArrayList<>();
        List<NonFiniteTensor> all = tensors.stream().filter(NonFiniteTensor::grew).toList();
        List<NonFiniteTensor> spread = all.stream().filter(t -> !t.inputs().isEmpty()).toList();
        List<NonFiniteTensor> made = all.stream().filter(t -> t.inputs().isEmpty()).toList();
        if (!spread.isEmpty()) {
            problems.add(
                    Problem.input("output", "NaN or infinity spread: " + listed(spread))
                            .hint("fix the models that hold it, or leave out their tensors"));
        }
        if (!made.isEmpty()) {
            boolean narrow = made.stream().anyMatch(t -> isNarrow(t.output().dtype()));
            problems.add(
                    Problem.output("output", "results that are NaN or infinite: " + listed(made))
                            .hint(
                                    narrow
                                            ? "choose a 'dtype' with a wider range, such as"
                                                    + " bfloat16, or smaller weights"
                                            : "check the recipe's weights"));
        }
        return problems;
    }

    private static boolean isNarrow(DType dtype) {
        return dtype == DType.F16 || dtype.bytes() == 1;
    }

    private Map<String, Set<Input>> inModels() {
        Map<String, Set<Input>> models = new LinkedHashMap<>();
        for (NonFiniteTensor tensor : tensors) {
            for (Input input : tensor.inputs()) {
                models.computeIfAbsent(input.model(), _ -> new LinkedHashSet<>()).add(input);
            }
        }
        return models;
    }

    private static Problem inModel(String model, Set<Input> found) {
        List<String> tensors =
                found.stream()
                        .map(i -> "'%s' (%d of its values)".formatted(i.tensor(), i.count()))
                        .toList();
        return Problem.input(model, "holds NaN or infinity: " + ShortList.of(tensors, SHOWN))
                .asWarning();
    }

    private static String listed(List<NonFiniteTensor> tensors) {
        return ShortList.of(tensors.stream().map(NonFiniteTensor::text).toList(), SHOWN);
    }

    /// A line for the model card; empty if everything is finite.
    public Optional<String> line() {
        if (tensors.isEmpty()) {
            return Optional.empty();
        }
        List<NonFiniteTensor> out = tensors.stream().filter(t -> t.count() > 0).toList();
        long values = out.stream().mapToLong(NonFiniteTensor::count).sum();
        Set<Input> inputs = new LinkedHashSet<>();
        inModels().values().forEach(inputs::addAll);
        return Optional.of(
                "%d values in %d tensors are NaN or infinite; in the inputs %d values in %d tensors are."
                        .formatted(
                                values,
                                out.size(),
                                inputs.stream().mapToLong(Input::count).sum(),
                                inputs.size()));
    }
}
