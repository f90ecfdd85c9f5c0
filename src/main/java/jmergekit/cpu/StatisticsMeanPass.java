package jmergekit.cpu;

import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.StatisticsMean;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Scratch;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.FiniteCheckedTensor;
import jmergekit.tile.TileOps;

/// The writing pass of means weighted by statistics. The sums are in float64: products of squared
/// gradients and weights are too small for float32.
final class StatisticsMeanPass {
    private final List<SourceTensor> sources;
    private final StatisticsMean mean;
    private final TileOps ops;

    StatisticsMeanPass(List<SourceTensor> sources, StatisticsMean mean, TileOps ops) {
        this.sources = sources;
        this.mean = mean;
        this.ops = ops;
    }

    void run(Chunks chunks, OutputTensor output) {
        // NaN in statistics counts as the floor, so it is not visible in the result.
        List<SourceTensor> statistics =
                sources.stream()
                        .map(s -> s.statistics().orElseThrow())
                        .map(s -> (SourceTensor) new FiniteCheckedTensor(s, output))
                        .toList();
        OutputPass.run(
                chunks,
                output,
                ops,
                (_, scratch) -> {
                    double[] sum = new double[TileOps.TILE];
                    double[] divisor = new double[TileOps.TILE];
                    return (from, n) -> tile(statistics, from, n, sum, divisor, scratch);
                });
    }

    private float[] tile(
            List<SourceTensor> statistics,
            long from,
            int n,
            double[] sum,
            double[] divisor,
            Scratch scratch) {
        Arrays.fill(sum, 0, n, 0);
        Arrays.fill(divisor, 0, n, 0);
        float[] tile = scratch.tile(0);
        float[] weights = scratch.tile(1);
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).read(from, n, tile);
            statistics.get(i).read(from, n, weights);
            add(tile, weights, mean.weights()[i], n, sum, divisor);
        }
        for (int j = 0; j < n; j++) {
            tile[j] = (float) (sum[j] / divisor[j]);
        }
        addMeans(divisor, from, n, tile, scratch);
        return tile;
    }

    private void add(
            float[] tile,
            float[] statistics,
            double weight,
            int n,
            double[] sum,
            double[] divisor) {
        double floor = mean.floor();
        for (int j = 0; j < n; j++) {
            double own = statistics[j];
            double factor = weight * (own > floor ? own : floor);
            sum[j] += factor * tile[j];
            divisor[j] += factor;
        }
    }

    // Where no source has information, and the floor is 0 too.
    private void addMeans(double[] divisor, long from, int n, float[] into, Scratch scratch) {
        boolean all = true;
        for (int j = 0; j < n; j++) {
            all &= divisor[j] != 0;
        }
        if (all) {
            return;
        }
        double total = Arrays.stream(mean.weights()).sum();
        double[] sum = new double[n];
        float[] tile = scratch.tile(1);
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).read(from, n, tile);
            for (int j = 0; j < n; j++) {
                sum[j] += mean.weights()[i] * tile[j];
            }
        }
        for (int j = 0; j < n; j++) {
            into[j] = divisor[j] == 0 ? (float) (sum[j] / total) : into[j];
        }
    }
}
