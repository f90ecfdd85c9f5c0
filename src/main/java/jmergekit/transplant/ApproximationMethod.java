package jmergekit.transplant;

import java.util.Locale;

/// The methods for rows of tokens that the model does not have.
public enum ApproximationMethod {
    OMP(true, true),
    COMMON_INTERPOLATION(true, true),
    SUBWORD(false, false),
    MEAN(false, false),
    ZERO(false, false),
    RANDN(false, false),
    JOHN_HEWITT(false, false),
    LANDMARK_PCA(true, false),
    STB(true, true),
    MP_ROPE(true, true);

    private final boolean fromDonor;
    private final boolean sparse;

    ApproximationMethod(boolean fromDonor, boolean sparse) {
        this.fromDonor = fromDonor;
        this.sparse = sparse;
    }

    /// Whether it uses the donor's rows, not only its tokenizer.
    public boolean usesDonorRows() {
        return fromDonor;
    }

    /// Whether a row is made from `k` others.
    public boolean usesK() {
        return sparse;
    }

    /// Whether it is a pursuit, which uses the inner products of all shared tokens.
    public boolean isPursuit() {
        return this == OMP || this == MP_ROPE;
    }

    /// The name on the command line: `common_interpolation`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
