package jmergekit.bench;

/// Whether all targets were met and all merges succeeded, in all tables.
final class Verdicts {
    private boolean allMet = true;
    private boolean anyFailed;

    /// Text for a table.
    String of(String target, boolean met) {
        allMet &= met;
        return "target " + target + ": " + (met ? "met" : "missed");
    }

    /// Call this for each run that failed.
    void fail() {
        anyFailed = true;
    }

    boolean allMet() {
        return allMet && !anyFailed;
    }

    boolean anyFailed() {
        return anyFailed;
    }
}
