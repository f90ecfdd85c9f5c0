package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The objects that references were opened as, each opened once. If two threads need the same one
/// at the same time, one of them opens it.
final class OpenedOnce<T> {
    private final Map<ModelReference, Opened<T>> opened = new ConcurrentHashMap<>();
    private final Map<ModelReference, Object> locks = new ConcurrentHashMap<>();

    /// An opened object, and the warnings from opening it.
    private record Opened<T>(T value, List<Problem> warnings) {}

    /// The result of `open`, from this call or an earlier one; an object that had errors is opened
    /// again.
    ///
    /// @param problems receives the warnings on every call
    Optional<T> get(
            ModelReference reference, Function<Problems, Optional<T>> open, Problems problems) {
        synchronized (locks.computeIfAbsent(reference, _ -> new Object())) {
            Opened<T> known = opened.get(reference);
            if (known == null) {
                Problems own = new Problems();
                Optional<T> found = open.apply(own);
                if (found.isEmpty() || own.hasErrors()) {
                    problems.addAll(own);
                    return found;
                }
                known = new Opened<>(found.get(), own.warnings());
                opened.put(reference, known);
            }
            known.warnings().forEach(problems::add);
            return Optional.of(known.value());
        }
    }
}
