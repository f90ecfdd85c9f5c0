package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jmergekit.engine.OpenFiles;
import jmergekit.engine.OutputFile;
import jmergekit.engine.OutputFolder;
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

    /// @param threads how many work at once; the output does not depend on it
    public AdapterMergeRun(AdapterMergePlan plan, int threads) {
        this.plan = plan;
        this.threads = threads;
    }

    /// Writes the merged adapter. The folder appears complete or not at all.
    ///
    /// @param files all but the weights, the one that makes the folder loadable
    ///     (adapter_config.json) last
    public void write(OutputFolder folder, List<OutputFile> files) {
        try (folder) {
            writeWeights(folder);
            files.forEach(folder::add);
            folder.publish();
        }
    }

    private void writeWeights(OutputFolder folder) {
        try (ShardWriter writer = folder.weights(plan.layout());
                OpenFiles inputs = new OpenFiles(ops);
                Workers workers = new Workers(threads)) {
            workers.runAll(
                    plan.tensors().stream()
                            .map(t -> (Runnable) () -> write(t, inputs, writer, workers))
                            .toList());
            writer.finish();
        }
    }

    private void write(MergedTensor tensor, OpenFiles inputs, ShardWriter writer, Workers workers) {
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
            // What a mapped file does when somebody shortens it while it is read.
            throw new MergeException(
                    Problem.input(
                                    plan.inputs().get(tensor.parts().getFirst().input()).label(),
                                    "an input file of tensor '%s' changed while it was read"
                                            .formatted(tensor.spec().name()))
                            .hint("leave the adapters alone during a merge, and start again"),
                    e);
        }
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
