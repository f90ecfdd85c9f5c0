package jmergekit.compare;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Sums over versions of the same tensors, and the figures derived from them. Version 0 is the
/// reference: the base model, or the first model. The *change* of a version is its element-wise
/// difference from the reference.
///
/// Elements that are NaN or infinite in any version are counted and excluded from everything else,
/// as are elements whose change exceeds float32. Sums of tensors add up to the sums of a layer or a
/// model. Undefined figures, such as the cosine of a zero change, are NaN.
public final class Sums {
    private final int versions;
    private final long elements;
    private final double[][] products;
    private final long[] nan;
    private final long[] infinite;
    private final double[] largest;
    private final double[] largestChange;
    private final long[] unchanged;
    private final long[] flipped;
    private final long[][] changedByBoth;
    private final long[][] conflicts;
    private final ChangeSample[] samples;

    /// @param products the inner products of the reference and the changes with each other
    /// @param changedByBoth the number of elements changed in both versions `i` and `j`
    /// @param conflicts the number of those that changed in opposite directions
    Sums(
            long elements,
            double[][] products,
            long[] nan,
            long[] infinite,
            double[] largest,
            double[] largestChange,
            long[] unchanged,
            long[] flipped,
            long[][] changedByBoth,
            long[][] conflicts,
            ChangeSample[] samples) {
        this.versions = products.length;
        this.elements = elements;
        this.products = products;
        this.nan = nan;
        this.infinite = infinite;
        this.largest = largest;
        this.largestChange = largestChange;
        this.unchanged = unchanged;
        this.flipped = flipped;
        this.changedByBoth = changedByBoth;
        this.conflicts = conflicts;
        this.samples = samples;
    }

    /// Sums over no elements.
    public static Sums none(int versions) {
        ChangeSample[] samples = new ChangeSample[versions];
        Arrays.fill(samples, ChangeSample.NONE);
        return new Sums(
                0,
                new double[versions][versions],
                new long[versions],
                new long[versions],
                new double[versions],
                new double[versions],
                new long[versions],
                new long[versions],
                new long[versions][versions],
                new long[versions][versions],
                samples);
    }

    /// The sums over both sets of elements.
    ///
    /// @param other sums with the same number of versions
    public Sums plus(Sums other) {
        return new Sums(
                elements + other.elements,
                each(products, other.products),
                each(nan, other.nan),
                each(infinite, other.infinite),
                most(largest, other.largest),
                most(largestChange, other.largestChange),
                each(unchanged, other.unchanged),
                each(flipped, other.flipped),
                each(changedByBoth, other.changedByBoth),
                each(conflicts, other.conflicts),
                IntStream.range(0, versions)
                        .mapToObj(i -> samples[i].plus(other.samples[i]))
                        .toArray(ChangeSample[]::new));
    }

    private static double[][] each(double[][] a, double[][] b) {
        return IntStream.range(0, a.length)
                .mapToObj(i ->
                        IntStream.range(0, a.length).mapToDouble(j -> a[i][j] + b[i][j]).toArray())
                .toArray(double[][]::new);
    }

    private static long[][] each(long[][] a, long[][] b) {
        return IntStream.range(0, a.length).mapToObj(i -> each(a[i], b[i])).toArray(long[][]::new);
    }

    private static long[] each(long[] a, long[] b) {
        return IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray();
    }

    private static double[] most(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> Math.max(a[i], b[i])).toArray();
    }

    /// The number of versions, including the reference.
    public int versions() {
        return versions;
    }

    /// The number of elements that are finite in every version.
    public long elements() {
        return elements;
    }

    /// The Euclidean norm of a version.
    public double norm(int version) {
        return Math.sqrt(Math.max(0, product(version, version)));
    }

    /// The Euclidean norm of a version's change.
    public double change(int version) {
        return version == 0 ? 0 : Math.sqrt(products[version][version]);
    }

    /// [#change] divided by the norm of the reference.
    public double relativeChange(int version) {
        return change(version) / norm(0);
    }

    /// The norm of a version divided by the norm of another.
    public double normRatio(int version, int other) {
        return norm(version) / norm(other);
    }

    /// The Euclidean distance between two versions.
    public double distance(int i, int j) {
        double square = ofChanges(i, i) - 2 * ofChanges(i, j) + ofChanges(j, j);
        return Math.sqrt(Math.max(0, square));
    }

    /// The cosine of the angle between two versions; NaN if one is 0.
    public double cosine(int i, int j) {
        return clamped(product(i, j) / (norm(i) * norm(j)));
    }

    /// The cosine of the angle between the changes of two versions; NaN if one did not change.
    public double changeCosine(int i, int j) {
        return clamped(ofChanges(i, j) / (change(i) * change(j)));
    }

    /// How much of another version's change a version keeps: the projection of its own change onto
    /// the other's, divided by the norm of the other's. 1 for all of it, 0 for none, below 0 for
    /// the opposite direction; NaN if the other did not change.
    public double kept(int version, int other) {
        return ofChanges(version, other) / ofChanges(other, other);
    }

    private static double clamped(double cosine) {
        return Double.isNaN(cosine) ? cosine : Math.clamp(cosine, -1, 1);
    }

    private double ofChanges(int i, int j) {
        return i == 0 || j == 0 ? 0 : products[i][j];
    }

    private double product(int i, int j) {
        double withFirst = i == 0 ? 0 : products[0][i];
        double withSecond = j == 0 ? 0 : products[0][j];
        return products[0][0] + withFirst + withSecond + ofChanges(i, j);
    }

    /// The number of NaN elements of a version.
    public long nan(int version) {
        return nan[version];
    }

    /// The number of infinite elements of a version, of either sign.
    public long infinite(int version) {
        return infinite[version];
    }

    /// The largest magnitude in a version.
    public double largest(int version) {
        return largest[version];
    }

    /// The largest magnitude of a version's change.
    public double largestChange(int version) {
        return largestChange[version];
    }

    /// [#largestChange] divided by the root mean square of the change: 5 or 6 in a large normally
    /// distributed tensor, and far more if a few elements changed much.
    public double outlierRatio(int version) {
        return largestChange(version) / (change(version) / Math.sqrt(elements));
    }

    /// The number of elements equal to the reference's.
    public long unchanged(int version) {
        return version == 0 ? elements : unchanged[version];
    }

    /// [#unchanged] as a share of all elements.
    public double unchangedShare(int version) {
        return (double) unchanged(version) / elements;
    }

    /// The share of elements whose sign is the opposite of the reference's.
    public double signFlips(int version) {
        return (double) flipped[version] / elements;
    }

    /// The share of elements changed in both versions that changed in opposite directions; NaN if
    /// there are none.
    public double signConflict(int i, int j) {
        return (double) conflicts[i][j] / changedByBoth[i][j];
    }

    /// [#signConflict(int, int)] over all pairs of versions other than the reference.
    public double signConflict() {
        long opposite = 0;
        long both = 0;
        for (int i = 1; i < versions; i++) {
            for (int j = 1; j < i; j++) {
                opposite += conflicts[i][j];
                both += changedByBoth[i][j];
            }
        }
        return (double) opposite / both;
    }

    /// Statistics from a sample of the elements.
    public ChangeSample sample(int version) {
        return samples[version];
    }
}
