package jmergekit.primitive;

import java.util.List;
import java.util.Optional;

/// The operations in which merge methods are written, over the sources of one output tensor.
///
/// Each call except [#combine] is one or a few reading passes over the sources; [#combine] writes
/// the output and is called exactly once. A method that uses these operations is independent of
/// devices, threads, tiles and memory, so another processor only has to implement this interface.
///
/// Sources are numbered as in the plan. If [#base] is not [#NO_BASE], that source is the base
/// model's tensor, and *differences* are relative to it: the task vectors of the other sources. In
/// arrays by source the base's entry is ignored if only differences matter.
public interface Primitives {
    /// The value of [#base] for a tensor without one.
    int NO_BASE = -1;

    /// Maximum number of elements of a tensor that counts as small in [#select].
    int SMALL = 1 << 17;

    /// The smallest cut of [#polar]. Float64 products of float32 matrices do not tell apart smaller
    /// singular values.
    double LEAST_CUT = 1e-6;

    /// The largest cut of [#polar].
    double MOST_CUT = 0.5;

    /// The number of sources, including the base.
    int sources();

    /// The index of the base model's source, or [#NO_BASE].
    int base();

    /// The number of elements of the tensor.
    long elements();

    /// Dot products of all pairs of sources, accumulated in float64: entry `[i][j]` is the sum of
    /// `x_i * x_j`.
    double[][] gram();

    /// For each source, exactly the `keep[i]` largest of its differences from the base by
    /// magnitude. If equal magnitudes are on both sides of the cut, every run keeps the same ones:
    /// the first ones, or in a small tensor those that a sort puts first. `keep[i] >= elements()`
    /// keeps everything.
    Mask[] select(long[] keep);

    /// For each source, its differences from the base without the `top[i]` largest and the
    /// `bottom[i]` smallest by magnitude. Equal magnitudes are treated as in [#select].
    Mask[] selectBetween(long[] bottom, long[] top);

    /// For each source, the elements where the differences of all sources vary most: the fraction
    /// `topK` of those with a variance above 0, rounded down. Values of 1 or more keep everything.
    Mask[] selectVarying(double topK);

    /// The same masks in a form that is fast to apply repeatedly, if that takes little memory.
    Mask[] materialize(Mask[] masks);

    /// For each source, the sum of the magnitudes of its differences from the base: of all of them
    /// (`[i][0]`), and of those that `masks[i]` keeps (`[i][1]`).
    double[][] absoluteSums(Mask[] masks);

    /// For each source, the sum of the squares of its differences from the base that `masks[i]`
    /// keeps.
    double[] squareSums(Mask[] masks);

    /// For each source, the number of elements at which its difference from the base is larger than
    /// `epsilon` in magnitude: as the only one of all sources (`[i][0]`), and together with others
    /// (`[i][1]`).
    long[][] contributions(double epsilon);

    /// The importance of the changes in the only source other than the base.
    Importance importance();

    /// The importances at `places` in ascending order, counted from 0.
    float[] importanceAt(Importance importance, long[] places);

    /// For each score, its values at `places` in ascending order, counted from 0. There is a base and
    /// at least one other source, and at least one element.
    float[][] scoresAt(List<ElementScore> scores, long[] places);

    /// A whole source, in float32. It takes four bytes for each element, at most [Matrix#MOST], and
    /// is read again on every call; used for a [Combination.Computed] result.
    Matrix matrix(int source);

    /// The sum of the differences from the base, each multiplied by its source's weight, in float32.
    /// It takes as much memory as [#matrix].
    Matrix taskVector(double[] weights);

    /// What [#combine] would write, in float32 and before it is rounded to the output's dtype. It takes
    /// as much memory as [#matrix].
    Matrix result(Combination combination);

    /// Whether every source has statistics of its model.
    boolean haveStatistics();

    /// The statistics of a source, to be read on the host in tiles of any size.
    ///
    /// @throws java.util.NoSuchElementException if it has none
    SourceTensor statistics(int source);

    /// For each source the mean of its statistics, accumulated in float64; NaN and infinity count as
    /// 0.
    double[] statisticsMeans();

    /// The orthogonal polar factor of a matrix, `U Vᵀ` of its singular value decomposition `U S Vᵀ`,
    /// if this processor is faster at products of matrices than the CPU; empty otherwise, and if the
    /// processor lacks the memory.
    ///
    /// Directions with singular values of at most `cut` times the largest are left out: they are 0
    /// in the factor. Those above 1.14 times the cut are kept, and those in between in part. With a
    /// cut of 1e-5 the factor is right to within 1e-6 of its norm. A matrix that is not finite
    /// has a factor of NaN.
    ///
    /// @param matrix float32, of any size
    /// @param cut from [#LEAST_CUT] to [#MOST_CUT]
    default Optional<Matrix> polar(Matrix matrix, double cut) {
        return Optional.empty();
    }

    /// Writes the output.
    void combine(Combination combination);
}
