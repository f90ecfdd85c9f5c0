package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.engine.InputFiles;
import jmergekit.engine.NonFiniteReport;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.OpenFiles;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
import jmergekit.engine.Review;
import jmergekit.engine.Workers;
import jmergekit.kernel.Combination.WeightedSum;
import jmergekit.kernel.CpuPrimitives;
import jmergekit.kernel.JoinedColumns;
import jmergekit.kernel.OutputTensor;
import jmergekit.kernel.Primitives;
import jmergekit.kernel.SourceTensor;
import jmergekit.kernel.StackedRows;
import jmergekit.kernel.TileOps;
import jmergekit.lora.MergedTensor.Part;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.safetensors.ShardWriter;
import jmergekit.tensor.TensorSpec;
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
            workers.runAll(
                    plan.tensors().stream()
                            .map(t -> (Runnable) () -> write(t, inputs, used, writer, workers))
                            .toList());
            writer.finish();
        }
    }

    private void write(
            MergedTensor tensor,
            OpenFiles inputs,
            InputFiles used,
            ShardWriter writer,
            Workers workers) {
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
                            workers,
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
                            .map(p -> counted(p, inputs, workers))
                            .filter(i -> i.count() > 0)
                            .toList();
            notFinite.put(tensor.spec().name(), new NonFiniteTensor(tensor.spec(), count, counted));
        }
    }

    private NonFiniteTensor.Input counted(Part part, OpenFiles inputs, Workers workers) {
        return NonFiniteTensor.Input.count(
                plan.inputs().get(part.input()).label(),
                part.tensor().entry().spec().name(),
                open(part, inputs),
                workers);
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
