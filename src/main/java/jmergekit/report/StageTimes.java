package jmergekit.report;

import java.util.ArrayList;
import java.util.List;

/// How long the stages of a run took, one after the other. Not thread-safe.
public final class StageTimes {
    private final List<Stage> stages = new ArrayList<>();
    private long begin;

    /// One that has ended.
    public record Stage(String name, double seconds) {}

    /// @param begin of the first stage, by [System#nanoTime]
    public StageTimes(long begin) {
        this.begin = begin;
    }

    /// The stage that goes on ends, and the next one begins.
    public void ended(String name) {
        long now = System.nanoTime();
        stages.add(new Stage(name, (now - begin) / 1e9));
        begin = now;
    }

    /// Lets the next stage begin now: what happened since the last one was something else.
    public void resume() {
        begin = System.nanoTime();
    }

    /// Those that ended, in their order.
    List<Stage> stages() {
        return List.copyOf(stages);
    }
}
