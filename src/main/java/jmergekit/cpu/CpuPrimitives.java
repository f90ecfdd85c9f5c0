package jmergekit.cpu;

import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.Computed;
import jmergekit.primitive.Combination.ContributionMean;
import jmergekit.primitive.Combination.Elementwise;
import jmergekit.primitive.Combination.NearSwap;
import jmergekit.primitive.Combination.ReplaceAtLeast;
import jmergekit.primitive.Combination.StatisticsMean;
import jmergekit.primitive.Combination.TaskVectorSum;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.FiniteCheckedTensor;
import jmergekit.tensor.Shape;
import jmergekit.tile.TileOps;

/// The primitives as passes over tiles, for sources that all have as many elements as the output.
public final class CpuPrimitives extends HostPrimitives {
    private final Differences differences;

    public CpuPrimitives(
            List<SourceTensor> sources, int base, OutputTensor output, Chunks chunks, TileOps ops) {
        super(sources, base, output, chunks, ops);
        this.differences =
                new Differences(this.sources, base, output.spec().shape().rowLength(), ops);
    }

    /// This is the host, so there is nothing to report.
    @Override
    protected void onHost(String primitives) {}

    @Override
    protected Primitives into(OutputTensor other) {
        return new CpuPrimitives(sources, base, other, chunks, ops);
    }

    @Override
    public double[][] gram() {
        return gram(new SourceTiles(sources, NO_BASE));
    }

    private double[][] gram(SourceTiles vectors) {
        List<double[][]> parts =
                chunks.map(
                        elements(),
                        (chunk, scratch) -> {
                            DotProducts products = new DotProducts(vectors, ops);
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.SHORT_TILE) {
                                int n = (int) Math.min(TileOps.SHORT_TILE, chunk.end() - i);
                                vectors.read(i, n, scratch);
                                products.add(scratch, n);
                            }
                            return products.totals();
                        });
        double[][] gram = new double[sources()][sources()];
        for (double[][] part : parts) {
            for (int i = 0; i < gram.length; i++) {
                for (int j = 0; j < gram.length; j++) {
                    gram[i][j] += part[i][j];
                }
            }
        }
        return gram;
    }

    @Override
    public Mask[] select(long[] keep) {
        return new DifferenceSelection(differences, ops, chunks).largest(keep);
    }

    @Override
    public Mask[] selectBetween(long[] bottom, long[] top) {
        return new DifferenceSelection(differences, ops, chunks).between(bottom, top);
    }

    @Override
    public Mask[] selectVarying(double topK) {
        return new DifferenceSelection(differences, ops, chunks).varying(topK);
    }

    @Override
    public Mask[] materialize(Mask[] masks) {
        return new MaterializedMasks(differences, ops).of(masks, chunks);
    }

    @Override
    public double[][] absoluteSums(Mask[] masks) {
        return new MaskedSums(differences, masks, ops).absolute(chunks);
    }

    @Override
    public double[] squareSums(Mask[] masks) {
        return new MaskedSums(differences, masks, ops).squares(chunks);
    }

    @Override
    public long[][] contributions(double epsilon) {
        return new ContributionPass(differences, ops).count(chunks, epsilon);
    }

    @Override
    public Importance importance() {
        return importancePass().measure(chunks);
    }

    @Override
    public float[] importanceAt(Importance importance, long[] places) {
        return new Selection(differences, ops, chunks)
                .orderStatistics(importancePass().of(importance), places);
    }

    private ImportancePass importancePass() {
        return new ImportancePass(differences, onlyOther(), ops);
    }

    private int onlyOther() {
        if (sources() != 2 || base == NO_BASE) {
            throw new IllegalStateException("needs a base and one other source");
        }
        return 1 - base;
    }

    @Override
    public void combine(Combination combination) {
        switch (combination) {
            case WeightedSum sum ->
                    new WeightedSumPass(sources, sum.coefficients(), ops).run(chunks, output);
            case TaskVectorSum sum -> taskVectorSum(sum);
            case VectorSums sums -> vectorSums(sums);
            case NearSwap swap -> nearSwap((float) swap.t());
            case ContributionMean mean ->
                    new ContributionPass(checked(), ops).run(chunks, mean, output);
            case ReplaceAtLeast replacement ->
                    new ImportancePass(checked(), onlyOther(), ops)
                            .run(chunks, replacement, output);
            case StatisticsMean mean ->
                    new StatisticsMeanPass(sources, mean, ops).run(chunks, output);
            case Computed computed -> write(computed.matrix().values());
            case Elementwise elementwise -> elementwise(elementwise);
            case Combination.BasePlus(Matrix change, double factor) ->
                    writeChange(change.values(), (float) factor);
            case Combination.Scaled scaled -> combineScaled(scaled);
        }
    }

    private void write(float[] values) {
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) ->
                        (from, n) -> {
                            float[] into = scratch.tile(0);
                            System.arraycopy(values, (int) from, into, 0, n);
                            return into;
                        });
    }

    private void elementwise(Elementwise elementwise) {
        if (sources() == 1) {
            copyBase();
        } else {
            new ElementPass(checked(), elementwise, ops).run(chunks, output);
        }
    }

    private void copyBase() {
        new WeightedSumPass(List.of(sources.get(base)), new double[] {1}, ops).run(chunks, output);
    }

    private void writeChange(float[] values, float factor) {
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) ->
                        (from, n) -> {
                            float[] into = scratch.tile(0);
                            float[] change = scratch.tile(1);
                            differences.readBase(from, n, into);
                            System.arraycopy(values, (int) from, change, 0, n);
                            ops.addTo(into, change, factor, into, n);
                            return into;
                        });
    }

    private void taskVectorSum(TaskVectorSum sum) {
        if (sum.leavesBase(base)) {
            copyBase();
        } else {
            new TaskVectorPass(sum.leavesOut() ? checked() : differences, sum, ops)
                    .run(chunks, output);
        }
    }

    private Differences checked() {
        List<SourceTensor> all =
                sources.stream()
                        .map(s -> (SourceTensor) new FiniteCheckedTensor(s, output))
                        .toList();
        return new Differences(all, base, output.spec().shape().rowLength(), ops);
    }

    private void vectorSums(VectorSums sums) {
        SourceTiles vectors = new SourceTiles(sources, sums.differences() ? base : NO_BASE);
        Shape shape = output.spec().shape();
        switch (sums.vectors().in(shape)) {
            case ALONG_LAST ->
                    new RowSums(vectors, sums.rule(), shape.rowLength(), output, ops).run(chunks);
            case ALONG_FIRST ->
                    new ColumnSums(vectors, sums.rule(), shape.size(0), output, ops).run(chunks);
            case WHOLE -> combine(sums.whole(sums.rule().coefficients(gram(vectors))));
        }
    }

    private void nearSwap(float t) {
        int other = onlyOther();
        Differences both = checked();
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) ->
                        (from, n) -> {
                            float[] into = scratch.tile(0);
                            both.readBase(from, n, into);
                            both.readSource(other, from, n, scratch.tile(1));
                            ops.nearSwap(into, scratch.tile(1), t, n);
                            return into;
                        });
    }
}
