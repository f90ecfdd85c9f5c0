package jmergekit.primitive;

/// The operations that every merge method is written in, over the sources of one output tensor.
///
/// Each call but [#combine] is one or a few reading passes over the sources; [#combine] is the one
/// that writes the output and is called exactly once. A method that uses these says nothing of
/// devices, threads, tiles or memory, so that another processor implements this interface alone.
///
/// Sources are numbered as the plan lists them. If [#base] is not [#NO_BASE], that source is the
/// base model's tensor, and *differences* are taken from it: the task vectors of the other sources.
/// In arrays by source the base's entry is not looked at where only differences matter.
public interface Primitives {
    /// [#base] of a tensor without one.
    int NO_BASE = -1;

    /// Most elements of a tensor that counts as small in [#select].
    int SMALL = 1 << 17;

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
    /// every run: the first ones, or in a small tensor those that a sort puts first.
    /// `keep[i] >= elements()` keeps everything.
    Mask[] select(long[] keep);

    /// For each source, its differences from the base without the `top[i]` largest and the
    /// `bottom[i]` smallest by magnitude. Of equals as [#select] says.
    Mask[] selectBetween(long[] bottom, long[] top);

    /// For each source, the elements where the differences of all vary most: the share `topK` of
    /// those with a variance above 0, rounded down. From 1 on everything is kept.
    Mask[] selectVarying(double topK);

    /// The same masks in a form that is quick to apply several times, where that takes little memory.
    Mask[] materialize(Mask[] masks);

    /// For each source, the sum of the magnitudes of its differences from the base, first of all of
    /// them (`[i][0]`), then of those that `masks[i]` keeps (`[i][1]`).
    double[][] absoluteSums(Mask[] masks);

    /// For each source, the sum of the squares of those of its differences from the base that
    /// `masks[i]` keeps.
    double[] squareSums(Mask[] masks);

    /// For each source, at how many elements its difference from the base is more than `epsilon` in
    /// size: as the only one of all sources (`[i][0]`), and together with others (`[i][1]`).
    long[][] contributions(double epsilon);

    /// The importance of what the only source besides the base changed.
    Importance importance();

    /// The values that are at `places` of the importances in ascending order, the first at 0.
    float[] importanceAt(Importance importance, long[] places);

    /// A source as a whole, in float32. It takes four bytes for each element, at most
    /// [Matrix#MOST], and is read anew on every call; for a [Combination.Computed] result.
    Matrix matrix(int source);

    /// Writes the output.
    void combine(Combination combination);
}
