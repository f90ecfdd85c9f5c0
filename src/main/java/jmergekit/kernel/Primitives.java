package jmergekit.kernel;

/// The operations that every merge method is written in, over the sources of one output tensor.
///
/// Each call but [#combine] is one or a few reading passes over the sources; [#combine] is the one
/// pass that writes the output and is called exactly once. A method that uses these says nothing of
/// devices, threads, tiles or memory, so that another processor implements this interface alone.
///
/// Sources are numbered as the plan lists them. If [#base] is not [#NO_BASE], that source is the
/// base model's tensor, and *differences* are taken from it: the task vectors of the other sources.
public interface Primitives {
    /// [#base] of a tensor without one.
    int NO_BASE = -1;

    /// How many sources there are, the base included.
    int sources();

    /// Which source is the base model's, or [#NO_BASE].
    int base();

    /// Elements of the tensor.
    long elements();

    /// Dot products of every two sources, accumulated in float64: entry `[i][j]` is the sum of
    /// `x_i * x_j`.
    double[][] gram();

    /// For each source, which of its differences from the base are the `keep[i]` largest by
    /// magnitude, exactly. Of equals that fall on both sides of the border, the same are kept on
    /// every run: the first ones, or in a small tensor those that a sort puts first. The base's
    /// entry is not looked at; `keep[i] >= elements()` keeps everything.
    Mask[] select(long[] keep);

    /// For each source, the sum of the magnitudes of its differences from the base, first of all of
    /// them (`[i][0]`), then of those that `masks[i]` keeps (`[i][1]`).
    double[][] absoluteSums(Mask[] masks);

    /// Writes the output.
    void combine(Combination combination);
}
