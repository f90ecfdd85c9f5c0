package jmergekit.lora;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The modules that the adapter holds whole. Thread-safe.
final class KeptModules {
    private final SortedMap<String, ModuleWork.Whole> modules = new ConcurrentSkipListMap<>();

    void add(ModuleWork.Whole module) {
        modules.put(module.module(), module);
    }

    boolean isEmpty() {
        return modules.isEmpty();
    }

    /// Their names, sorted.
    List<String> names() {
        return List.copyOf(modules.keySet());
    }

    Stream<TensorPair> tensors() {
        return modules.values().stream().flatMap(m -> m.tensors().stream());
    }

    /// Keeps a module together with other modules that its full name also matches.
    ///
    /// @param others modules that may be kept
    void addNamesakes(List<ModuleWork.Whole> others, TargetNames names) {
        Map<String, ModuleWork.Whole> left = new HashMap<>();
        others.forEach(w -> left.put(w.module(), w));
        Deque<String> open = new ArrayDeque<>(names());
        while (!open.isEmpty()) {
            String module = open.remove();
            for (String stray : names.strays(module, modules.keySet()).stream().sorted().toList()) {
                ModuleWork.Whole also = left.get(stray);
                if (also == null) {
                    throw unnameable(module, stray);
                }
                add(also);
                open.add(stray);
            }
        }
    }

    private static MergeException unnameable(String module, String stray) {
        return new MergeException(
                Problem.input(
                                module,
                                "PEFT cannot keep this module whole, because its name also matches"
                                        + " '%s'".formatted(stray))
                        .hint(
                                "keep that whole too with --save-module '%s', or leave this one out"
                                                .formatted(stray)
                                        + " with --exclude-regex"));
    }
}
