package jmergekit.report;

import java.util.ArrayList;
import java.util.List;

/// How long the stages of a run took, one after the other. Not thread-safe.
public final class StageTimes {
    private final List<Stage> stages = new ArrayList<>();
    private long begin;

    /// A stage that has ended, with its wall-clock time.
    public record Stage(String name, double seconds) {}

    /// @param begin of the first stage, by [System#nanoTime]
    public StageTimes(long begin) {
        this.begin = begin;
    }

    /// Ends the current stage and begins the next one.
    ///
    /// @param name of the stage that ends
    public void ended(String name) {
        long now = System.nanoTime();
        stages.add(new Stage(name, (now - begin) / 1e9));
        begin = now;
    }

    /// Begins the next stage now, so that the time since the last one counts for none.
    public void resume() {
        begin = System.nanoTime();
    }

    /// The stages that have ended, in order.
    List<Stage> stages() {
        return List.copyOf(stages);
    }
}
