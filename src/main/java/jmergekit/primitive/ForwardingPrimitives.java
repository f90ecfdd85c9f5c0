package jmergekit.primitive;

import java.util.List;
import java.util.Optional;

/// Primitives that pass every call on to others, for those that change some of the calls.
public abstract class ForwardingPrimitives implements Primitives {
    private final Primitives primitives;

    protected ForwardingPrimitives(Primitives primitives) {
        this.primitives = primitives;
    }

    @Override
    public int sources() {
        return primitives.sources();
    }

    @Override
    public int base() {
        return primitives.base();
    }

    @Override
    public long elements() {
        return primitives.elements();
    }

    @Override
    public double[][] gram() {
        return primitives.gram();
    }

    @Override
    public Mask[] select(long[] keep) {
        return primitives.select(keep);
    }

    @Override
    public Mask[] selectBetween(long[] bottom, long[] top) {
        return primitives.selectBetween(bottom, top);
    }

    @Override
    public Mask[] selectVarying(double topK) {
        return primitives.selectVarying(topK);
    }

    @Override
    public Mask[] materialize(Mask[] masks) {
        return primitives.materialize(masks);
    }

    @Override
    public double[][] absoluteSums(Mask[] masks) {
        return primitives.absoluteSums(masks);
    }

    @Override
    public double[] squareSums(Mask[] masks) {
        return primitives.squareSums(masks);
    }

    @Override
    public long[][] contributions(double epsilon) {
        return primitives.contributions(epsilon);
    }

    @Override
    public Importance importance() {
        return primitives.importance();
    }

    @Override
    public float[] importanceAt(Importance importance, long[] places) {
        return primitives.importanceAt(importance, places);
    }

    @Override
    public float[][] scoresAt(List<ElementScore> scores, long[] places) {
        return primitives.scoresAt(scores, places);
    }

    @Override
    public Matrix matrix(int source) {
        return primitives.matrix(source);
    }

    @Override
    public Matrix taskVector(double[] weights) {
        return primitives.taskVector(weights);
    }

    @Override
    public boolean haveStatistics() {
        return primitives.haveStatistics();
    }

    @Override
    public SourceTensor statistics(int source) {
        return primitives.statistics(source);
    }

    @Override
    public double[] statisticsMeans() {
        return primitives.statisticsMeans();
    }

    @Override
    public Matrix result(Combination combination) {
        return primitives.result(combination);
    }

    @Override
    public Optional<Matrix> polar(Matrix matrix, double cut) {
        return primitives.polar(matrix, cut);
    }

    @Override
    public void combine(Combination combination) {
        primitives.combine(combination);
    }
}
