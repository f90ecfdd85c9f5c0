package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jmergekit.linalg.FactorPair;
import jmergekit.linalg.SmallSpace;
import jmergekit.linalg.TruncatedProduct;
import jmergekit.method.MergeMethod;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Executor;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.source.ArrayTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.NonFinite;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// Makes the output of a [Work.Factors] task: transforms the changes into a small space, merges them
/// there as if they were tensors, and transforms the result back.
///
/// @param models the adapters' names in messages, by number
/// @param sources the factors of the changes, as the task lists them
record FactorMerge(
        TensorTask task,
        Work.Factors work,
        List<String> models,
        List<SourceTensor> sources,
        MergeMethod method,
        Executor executor,
        Chunks chunks) {
    void write(OutputTensor output) {
        TruncatedProduct product = product();
        long offset = 0;
        float[] norms = {(float) product.norm(), (float) product.error()};
        for (float[] values : List.of(product.a(), product.b(), norms)) {
            MemorySegment bytes = MemorySegment.ofArray(values);
            output.write(offset, bytes);
            offset += bytes.byteSize();
        }
    }

    private TruncatedProduct product() {
        List<FactorPair> changes = new ArrayList<>();
        for (int i = 0; i < work.changes().size(); i++) {
            float[] a = values(2 * i);
            float[] b = values(2 * i + 1);
            int rank = Math.toIntExact(task.sources().get(2 * i).shape().size(0));
            changes.add(new FactorPair(a, b, rank, work.changes().get(i).scale()));
        }
        try {
            SmallSpace space =
                    work.space()
                            .of(
                                    changes,
                                    Math.toIntExact(work.rows()),
                                    Math.toIntExact(work.columns()));
            return space.product(merged(space), work.rank());
        } catch (ArithmeticException e) {
            throw new MergeException(Problem.input(task.output().name(), e.getMessage()), e);
        }
    }

    private float[] values(int input) {
        SourceTensor source = sources.get(input);
        float[] values = new float[Math.toIntExact(source.elements())];
        float[] tile = new float[TileOps.TILE];
        for (int from = 0; from < values.length; from += TileOps.TILE) {
            int n = Math.min(TileOps.TILE, values.length - from);
            source.read(from, n, tile);
            if (NonFinite.count(tile, n) > 0) {
                throw new MergeException(
                        Problem.input(
                                        models.get(task.inputs().get(input).model()),
                                        "tensor '%s' contains NaN or infinity"
                                                .formatted(task.sources().get(input).spec().name()))
                                .hint("a change with such values has no place in a small space"));
            }
            System.arraycopy(tile, 0, values, from, n);
        }
        return values;
    }

    private float[] merged(SmallSpace space) {
        float[] merged = new float[space.rows() * space.columns()];
        if (merged.length == 0) {
            return merged;
        }
        List<SourceTensor> tensors = new ArrayList<>();
        ArrayTensor zero = new ArrayTensor(new float[merged.length]);
        for (int i = 0; i < work.merge().parameters().perSource().size(); i++) {
            tensors.add(zero);
        }
        for (int i = 0; i < work.changes().size(); i++) {
            tensors.set(work.changes().get(i).source(), new ArrayTensor(space.matrix(i)));
        }
        Shape shape = Shape.of(space.rows(), space.columns());
        method.merge(
                task.input(work, shape),
                executor.primitives(
                        tensors,
                        work.merge().base(),
                        new InMemory(
                                new TensorSpec(task.output().name(), DType.F32, shape),
                                MemorySegment.ofArray(merged)),
                        chunks));
        if (NonFinite.count(merged, merged.length) > 0) {
            throw new MergeException(
                    Problem.input(
                            task.output().name(),
                            "merge method '%s' makes NaN or infinity of the adapters' changes"
                                    .formatted(method.info().name())));
        }
        return merged;
    }

    private record InMemory(TensorSpec spec, MemorySegment into) implements OutputTensor {
        @Override
        public void write(long byteOffset, MemorySegment bytes) {
            MemorySegment.copy(bytes, 0, into, byteOffset, bytes.byteSize());
        }
    }
}
