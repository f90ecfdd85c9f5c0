package jmergekit.planner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// What references were opened to, each once. Of two threads that need the same at the same time one
/// opens it.
final class OpenedOnce<T> {
    private final Map<ModelReference, Opened<T>> opened = new ConcurrentHashMap<>();
    private final Map<ModelReference, Object> locks = new ConcurrentHashMap<>();

    /// What was opened, and what was warned of then.
    private record Opened<T>(T value, List<Problem> warnings) {}

    /// What `open` gives, or gave before; what had errors is opened again.
    ///
    /// @param problems hears each time what was warned of
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
