package jmergekit.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import jmergekit.cpu.CpuPrimitives;
import jmergekit.cpu.HostPrimitives;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination;
import jmergekit.primitive.Combination.VectorSums;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Cuts;
import jmergekit.primitive.Importance;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tile.TileOps;

/// The primitives as kernels over chunks in GPU memory.
///
/// The host handles what would not be faster on a GPU: it copies tensors that are only copied, and
/// selects in small tensors, where selection follows a sort.
final class CudaPrimitives extends HostPrimitives {
    private final List<SourceTensor> inputs;
    private final Chunks chunks;
    private final SourcesOnHost sources;
    private final int base;
    private final OutputTensor output;
    private final CpuPrimitives onHost;
    private final Fallbacks fallbacks;
    private final Supplier<DeviceStream> streams;
    private final boolean canCopy;
    private final ChunkPasses passes;
    private final ChunkMeasures measures;
    private final DeviceSums sums;
    private final DeviceCombination combinations;

    /// @param streams returns the calling thread's stream
    /// @param fallbacks receives primitives that the CPU computes instead
    CudaPrimitives(
            List<SourceTensor> sources,
            int base,
            OutputTensor output,
            Chunks chunks,
            Supplier<DeviceStream> streams,
            Fallbacks fallbacks) {
        super(sources, base, output, chunks, TileOps.best());
        this.inputs = sources;
        this.chunks = chunks;
        this.fallbacks = fallbacks;
        this.streams = streams;
        this.sources = new SourcesOnHost(sources, output);
        this.base = base;
        this.output = output;
        this.onHost = new CpuPrimitives(sources, base, output, chunks, TileOps.best());
        this.canCopy =
                sources.size() == 1
                        && sources.getFirst().isStored()
                        && sources.getFirst().dtype() == output.spec().dtype();
        Segments segments = Segments.of(output.spec().shape());
        this.passes =
                new ChunkPasses(
                        this.sources, segments, output.spec().dtype().bytes(), streams, chunks);
        this.measures = new ChunkMeasures(sources.size(), base, segments.rowLength());
        this.sums = new DeviceSums(passes, measures, sources.size(), streams);
        this.combinations = new DeviceCombination(passes, measures, sums, output, streams);
    }

    @Override
    protected void onHost(String primitives) {
        fallbacks.withoutKernel(primitives);
    }

    @Override
    protected Primitives into(OutputTensor other) {
        return new CudaPrimitives(inputs, base, other, chunks, streams, fallbacks);
    }

    private boolean isSmall() {
        return elements() <= SMALL;
    }

    @Override
    public double[][] gram() {
        return onDevice(() -> sums.gram(NO_BASE));
    }

    @Override
    public Mask[] select(long[] keep) {
        if (isSmall()) {
            return onHost.select(keep);
        }
        long[] bottom = new long[keep.length];
        Arrays.setAll(bottom, i -> elements() - keep[i]);
        return masks(bottom, new long[keep.length]);
    }

    @Override
    public Mask[] selectBetween(long[] bottom, long[] top) {
        return isSmall() ? onHost.selectBetween(bottom, top) : masks(bottom, top);
    }

    private Mask[] masks(long[] bottom, long[] top) {
        return onDevice(() ->
                Cuts.masks(
                        base,
                        elements(),
                        bottom,
                        top,
                        cuts -> Cuts.byThresholds(cuts, elements(), this::topK)));
    }

    private List<Mask> topK(List<Cuts.TopKQuery> queries) {
        ChunkMeasures.Measure[] bySource = new ChunkMeasures.Measure[sources()];
        Arrays.setAll(bySource, measures::difference);
        return new RadixSelect(passes)
                .masks(
                        queries.stream()
                                .map(q -> new RadixSelect.Query(bySource[q.source()], q.keep()))
                                .toList());
    }

    @Override
    public Mask[] selectVarying(double topK) {
        if (isSmall() || topK >= 1) {
            return onHost.selectVarying(topK);
        }
        Mask[] all = new Mask[sources()];
        Arrays.fill(all, onDevice(() -> varying(topK)));
        return all;
    }

    private Mask varying(double topK) {
        RadixSelect selection = new RadixSelect(passes);
        ChunkMeasures.Measure variance = measures.variance();
        long keep = (long) (topK * (elements() - selection.zeros(variance)));
        if (keep == 0) {
            return Mask.NONE;
        }
        return new Mask.Varying(
                selection.masks(List.of(new RadixSelect.Query(variance, keep))).getFirst());
    }

    /// Unchanged: a device computes a mask as fast as it reads one.
    @Override
    public Mask[] materialize(Mask[] masks) {
        return masks;
    }

    @Override
    public double[][] absoluteSums(Mask[] masks) {
        return onDevice(() -> sums.absolute(masks));
    }

    @Override
    public double[] squareSums(Mask[] masks) {
        return onDevice(() -> sums.squares(masks));
    }

    @Override
    public long[][] contributions(double epsilon) {
        return onDevice(() -> sums.contributions(epsilon));
    }

    @Override
    public Importance importance() {
        if (!passes.segments().areWholeRows()) {
            return onHost.importance();
        }
        return onDevice(() -> new Importance(1 - base, sums.divergences()));
    }

    @Override
    public float[] importanceAt(Importance importance, long[] places) {
        if (isSmall() || !passes.segments().areWholeRows()) {
            return onHost.importanceAt(importance, places);
        }
        return onDevice(() -> valuesAt(measures.importance(importance), places));
    }

    private float[] valuesAt(ChunkMeasures.Measure measure, long[] places) {
        int[] found =
                new RadixSelect(passes)
                        .thresholds(
                                Arrays.stream(places)
                                        .mapToObj(
                                                p -> new RadixSelect.Query(measure, elements() - p))
                                        .toList());
        float[] values = new float[found.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(found[i]);
        }
        return values;
    }

    @Override
    public Optional<Matrix> polar(Matrix matrix, double cut) {
        Optional<Matrix> factor = onDevice(() -> DevicePolar.of(matrix, cut, streams.get()));
        if (factor.isEmpty()) {
            fallbacks.tooLarge("polar factors");
        }
        return factor;
    }

    @Override
    public void combine(Combination combination) {
        if (combination instanceof Combination.Scaled scaled) {
            combineScaled(scaled);
            return;
        }
        if (combination instanceof Combination.OnHost without) {
            onHost(without.title());
        }
        if (isForHost(combination)) {
            onHost.combine(combination);
        } else {
            onDevice(() -> {
                combinations.run(combination);
                return true;
            });
        }
    }

    private boolean isForHost(Combination combination) {
        return switch (combination) {
            case WeightedSum sum -> canCopy && sum.coefficients()[0] == 1;
            case Combination.TaskVectorSum sum -> sum.leavesBase(base);
            case VectorSums vectors -> !combinations.fits(vectors);
            case Combination.OnHost _ -> true;
            case Combination.ReplaceAtLeast _ -> !passes.segments().areWholeRows();
            default -> false;
        };
    }

    private <R> R onDevice(Supplier<R> work) {
        try {
            return work.get();
        } catch (CudaException e) {
            Problem problem =
                    Problem.output(
                                    "tensor '%s'".formatted(output.spec().name()),
                                    "the GPU could not compute it")
                            .found(String.valueOf(e.getMessage()));
            throw new MergeException(
                    problem.hint(
                            e.isOutOfMemory()
                                    ? "end other programs that use the GPU, or merge without it"
                                    : "start again; if it happens again, merge without the GPU"),
                    e);
        }
    }
}
