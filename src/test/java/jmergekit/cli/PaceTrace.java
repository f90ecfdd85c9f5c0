package jmergekit.cli;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import jmergekit.Listener;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.RunSettings;

/// Merges as a recipe says and tells how far off the time left was, `PaceTrace RECIPE OUTPUT`: once
/// with the parts of tensors counted, and once with whole tensors only. For measurements by hand.
final class PaceTrace implements Listener {
    private final NavigableMap<Long, Long> parts =
            Collections.synchronizedNavigableMap(new TreeMap<>());
    private final NavigableMap<Long, Long> tensors =
            Collections.synchronizedNavigableMap(new TreeMap<>());
    private volatile long total;
    private volatile long start;

    private PaceTrace() {}

    public static void main(String[] args) {
        PaceTrace trace = new PaceTrace();
        try (Models models = Models.open(Path.of("").toAbsolutePath())) {
            models.plan(Recipe.read(Path.of(args[0])))
                    .write(Path.of(args[1]), RunSettings.defaults().listener(trace));
        }
        double seconds = (System.nanoTime() - trace.start) / 1e9;
        System.out.println(seconds + " s");
        System.out.println("by parts:   " + trace.errors(seconds, trace.parts));
        System.out.println("by tensors: " + trace.errors(seconds, trace.tensors));
    }

    private PaceErrors errors(double seconds, NavigableMap<Long, Long> bytes) {
        NavigableMap<Long, Long> sums = new TreeMap<>();
        long sum = 0;
        for (Map.Entry<Long, Long> entry : bytes.entrySet()) {
            sum += entry.getValue();
            sums.put(entry.getKey(), sum);
        }
        return PaceErrors.of(
                seconds,
                t -> {
                    Map.Entry<Long, Long> last = sums.floorEntry((long) (t * 1e9));
                    return last == null ? 0 : (double) last.getValue() / total;
                });
    }

    @Override
    public void merging(int count, long bytes) {
        total = bytes;
        start = System.nanoTime();
    }

    @Override
    public void made(long bytes) {
        parts.merge(System.nanoTime() - start, bytes, Long::sum);
    }

    @Override
    public void merged(String tensor, long bytes) {
        tensors.merge(System.nanoTime() - start, bytes, Long::sum);
    }
}
