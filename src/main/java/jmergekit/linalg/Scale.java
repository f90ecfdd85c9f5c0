package jmergekit.linalg;

/// Which factor of a low-rank approximation contains the singular values.
public enum Scale {
    /// Both contain their square roots.
    BOTH,
    /// The tall one; the wide one has orthonormal rows.
    LEFT,
    /// The wide one; the tall one has orthonormal columns.
    RIGHT;

    /// The factor on a singular vector whose length is its singular value.
    double ofLeft(double value) {
        return switch (this) {
            case BOTH -> 1 / Math.sqrt(value);
            case LEFT -> 1;
            case RIGHT -> 1 / value;
        };
    }

    /// The factor on a singular vector of length 1.
    double ofRight(double value) {
        return switch (this) {
            case BOTH -> Math.sqrt(value);
            case LEFT -> 1;
            case RIGHT -> value;
        };
    }
}
