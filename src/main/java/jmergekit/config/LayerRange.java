package jmergekit.config;

import jmergekit.problem.Location;

/// Layers `start` up to, not including, `end`.
public record LayerRange(int start, int end, Location at) {
    public LayerRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("layers " + start + " to " + end);
        }
    }

    public int layers() {
        return end - start;
    }

    /// `[0, 16]`
    @Override
    public String toString() {
        return "[" + start + ", " + end + "]";
    }
}
