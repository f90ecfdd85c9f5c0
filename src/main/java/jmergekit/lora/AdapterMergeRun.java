package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.cpu.CpuPrimitives;
import jmergekit.engine.InputFiles;
import jmergekit.engine.NonFiniteReport;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.OpenFiles;
import jmergekit.engine.Review;
import jmergekit.engine.WorkerChunks;
import jmergekit.lora.MergedTensor.Part;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.Primitives;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.safetensors.ShardWriter;
import jmergekit.source.JoinedColumns;
import jmergekit.source.StackedRows;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Workers;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorLocation;

/// Carries out a merge of adapters: the weights file, then the others, then the publication.
public final class AdapterMergeRun {
    private final AdapterMergePlan plan;
    private final int threads;
    private final TileOps ops = TileOps.best();
    private final Map<String, NonFiniteTensor> notFinite = new ConcurrentHashMap<>();

    /// @param threads how many work at once; the output does not depend on it
    public AdapterMergeRun(AdapterMergePlan plan, int threads) {
        this.plan = plan;
        this.threads = threads;
    }

    /// Writes the merged adapter. The folder appears complete or not at all.
    ///
    /// @param files all but the weights, the one that makes the folder loadable
    ///     (adapter_config.json) last
    /// @param review looks at the numbers before anything is published
    public void write(OutputFolder folder, List<OutputFile> files, Review review) {
        try (folder) {
            InputFiles used = InputFiles.of(plan.states(), plan.inputFiles(), files);
            used.check();
            writeWeights(folder, used);
            used.check();
            review.files(nonFinite(), files).forEach(folder::add);
            used.check();
            folder.publish();
        }
    }

    private NonFiniteReport nonFinite() {
        return new NonFiniteReport(
                plan.tensors().stream()
                        .map(t -> notFinite.get(t.spec().name()))
                        .filter(Objects::nonNull)
                        .toList());
    }

    private void writeWeights(OutputFolder folder, InputFiles used) {
        try (ShardWriter writer = folder.weights(plan.layout());
                OpenFiles inputs = new OpenFiles(ops);
                Workers workers = new Workers(threads)) {
            Chunks chunks = new WorkerChunks(workers);
            workers.runAll(
                    plan.tensors().stream()
                            .map(t -> (Runnable) () -> write(t, inputs, used, writer, chunks))
                            .toList());
            writer.finish();
        }
    }

    private void write(
            MergedTensor tensor,
            OpenFiles inputs,
            InputFiles used,
            ShardWriter writer,
            Chunks chunks) {
        List<SourceTensor> sources = sources(tensor, inputs);
        double[] factors =
                tensor.way() == MergedTensor.Way.SUMMED
                        ? tensor.parts().stream().mapToDouble(Part::factor).toArray()
                        : new double[] {1};
        try {
            new CpuPrimitives(
                            sources,
                            Primitives.NO_BASE,
                            new Output(tensor.spec(), writer),
                            chunks,
                            ops)
                    .combine(new WeightedSum(factors));
        } catch (InternalError e) {
            // What a mapped file does when somebody shortens it while it is read, or when its disk
            // fails.
            used.check();
            tensor.parts().forEach(p -> inputs.probe(p.tensor()));
            throw new MergeException(
                    Problem.input(
                                    plan.inputs().get(tensor.parts().getFirst().input()).label(),
                                    "a file of tensor '%s' could not be read"
                                            .formatted(tensor.spec().name()))
                            .hint(
                                    "check the disk, leave the adapters alone during a merge, and start again"),
                    e);
        }
        long count = writer.nonFinite(tensor.spec().name());
        if (count > 0) {
            List<NonFiniteTensor.Input> counted =
                    tensor.parts().stream()
                            .map(p -> counted(p, inputs, chunks))
                            .filter(i -> i.count() > 0)
                            .toList();
            notFinite.put(tensor.spec().name(), new NonFiniteTensor(tensor.spec(), count, counted));
        }
    }

    private NonFiniteTensor.Input counted(Part part, OpenFiles inputs, Chunks chunks) {
        return NonFiniteTensor.Input.count(
                plan.inputs().get(part.input()).label(),
                part.tensor().entry().spec().name(),
                open(part, inputs),
                chunks);
    }

    private static List<SourceTensor> sources(MergedTensor tensor, OpenFiles inputs) {
        return switch (tensor.way()) {
            case SUMMED -> tensor.parts().stream().map(p -> open(p, inputs)).toList();
            case STACKED ->
                    List.of(
                            new StackedRows(
                                    tensor.parts().stream().map(p -> open(p, inputs)).toList()));
            case JOINED ->
                    List.of(
                            new JoinedColumns(
                                    tensor.parts().stream().map(p -> column(p, inputs)).toList()));
        };
    }

    private static SourceTensor open(Part part, OpenFiles inputs) {
        TensorLocation tensor = part.tensor();
        return inputs.tensor(tensor, tensor.entry().spec().shape().elements());
    }

    private static JoinedColumns.Part column(Part part, OpenFiles inputs) {
        return new JoinedColumns.Part(
                open(part, inputs),
                part.tensor().entry().spec().shape().rowLength(),
                part.factor());
    }

    private record Output(TensorSpec spec, ShardWriter writer) implements OutputTensor {
        @Override
        public void write(long byteOffset, MemorySegment bytes) {
            writer.write(spec.name(), byteOffset, bytes);
        }
    }
}
