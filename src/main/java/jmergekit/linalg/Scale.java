package jmergekit.linalg;

/// Which factor of a low-rank approximation the singular values go into.
public enum Scale {
    /// Their square roots into each.
    BOTH,
    /// Into the tall one; the wide one has orthonormal rows.
    LEFT,
    /// Into the wide one; the tall one has orthonormal columns.
    RIGHT;

    /// What a singular vector that is as long as its singular value is multiplied by.
    double ofLeft(double value) {
        return switch (this) {
            case BOTH -> 1 / Math.sqrt(value);
            case LEFT -> 1;
            case RIGHT -> 1 / value;
        };
    }

    /// What a singular vector of length 1 is multiplied by.
    double ofRight(double value) {
        return switch (this) {
            case BOTH -> Math.sqrt(value);
            case LEFT -> 1;
            case RIGHT -> value;
        };
    }
}
