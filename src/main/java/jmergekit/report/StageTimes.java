package jmergekit.report;

import java.util.ArrayList;
import java.util.List;

/// The durations of a run's consecutive stages. Not thread-safe.
public final class StageTimes {
    private final List<Stage> stages = new ArrayList<>();
    private long begin;

    /// A finished stage with its wall-clock time.
    public record Stage(String name, double seconds) {}

    /// @param begin the start of the first stage, by [System#nanoTime]
    public StageTimes(long begin) {
        this.begin = begin;
    }

    /// Ends the current stage and starts the next one.
    ///
    /// @param name the name of the stage that ends
    public void ended(String name) {
        long now = System.nanoTime();
        stages.add(new Stage(name, (now - begin) / 1e9));
        begin = now;
    }

    /// Starts the next stage now, so that the time since the last one is not counted.
    public void resume() {
        begin = System.nanoTime();
    }

    /// The finished stages, in order.
    List<Stage> stages() {
        return List.copyOf(stages);
    }
}
