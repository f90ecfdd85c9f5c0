package jmergekit.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// The operations that ran on the CPU instead of a GPU, and why. For any number of threads.
final class Fallbacks {
    private final Set<String> withoutKernel = new ConcurrentSkipListSet<>();
    private final Set<String> tooLarge = new ConcurrentSkipListSet<>();

    /// There is no kernel for it.
    void withoutKernel(String operation) {
        withoutKernel.add(operation);
    }

    /// It needs more memory than the GPU has.
    void tooLarge(String operation) {
        tooLarge.add(operation);
    }

    /// A line for each reason.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        add("ran on the CPU, since no kernel exists yet: ", withoutKernel, lines);
        add("ran on the CPU, since the GPU has too little memory: ", tooLarge, lines);
        return lines;
    }

    private static void add(String reason, Set<String> operations, List<String> lines) {
        if (!operations.isEmpty()) {
            lines.add(reason + String.join(", ", operations));
        }
    }
}
