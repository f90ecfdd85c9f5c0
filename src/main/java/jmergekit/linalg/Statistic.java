package jmergekit.linalg;

import java.util.Locale;

/// What is measured on a decoder while it reads texts.
public enum Statistic {
    /// The inputs of linear layers: the mean of `x xᵀ` over all tokens.
    GRAM,
    /// The diagonal of the empirical Fisher information: the mean over texts of the squared gradient
    /// of a text's log-likelihood.
    FISHER;

    /// The name in options and in files.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name of a tensor in a file of statistics.
    ///
    /// @param tensor of the model
    public String of(String tensor) {
        return text() + "." + tensor;
    }
}
