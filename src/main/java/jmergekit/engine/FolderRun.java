package jmergekit.engine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.publish.OutputFile;
import jmergekit.publish.OutputFolder;
import jmergekit.safetensors.ShardLayout;
import jmergekit.safetensors.ShardWriter;

/// Carries out a plan into a folder: every tensor, then the other files, then the publication.
public final class FolderRun {
    private static final String SCRATCH = ".inner-merges";
    private final BoundPlan bound;
    private final PlanRun run;

    public FolderRun(BoundPlan bound, PlanRun run) {
        this.bound = bound;
        this.run = run;
    }

    /// Writes the model or adapter. The folder appears complete or not at all.
    ///
    /// @param review looks at the numbers before anything is published
    public void write(OutputFolder folder, Review review) {
        Plan plan = bound.plan();
        List<OutputFile> files = new ArrayList<>();
        plan.files().forEach(f -> files.add(outputFile(f)));
        // The last one makes the folder loadable.
        files.addAll(
                Math.max(0, files.size() - 1),
                plan.cards().stream().map(this::outputFile).toList());
        try (folder) {
            InputFiles used = InputFiles.of(bound.inputs().states(), bound.weightFiles(), files);
            used.check();
            writeWeights(folder, used);
            used.check();
            review.files(run.nonFinite(), files).forEach(folder::add);
            FinishedModel.check(plan, folder.partial());
            used.check();
            folder.publish();
        }
    }

    private OutputFile outputFile(PlannedFile file) {
        return switch (file) {
            case PlannedFile.Text(String name, String text) -> new OutputFile.Text(name, text);
            case PlannedFile.Copy copy ->
                    new OutputFile.Copy(copy.name(), bound.inputs().path(copy));
        };
    }

    private void writeWeights(OutputFolder folder, InputFiles used) {
        List<String> shards =
                bound.plan().shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
        try (ShardWriter writer = folder.weights(bound.plan().shards())) {
            run.make(
                    shards,
                    new WriterSink(writer),
                    () -> folder.partial().resolve(SCRATCH),
                    used::check);
            writer.finish();
        }
    }

    private record WriterSink(ShardWriter writer) implements ShardSink {
        @Override
        public void write(String tensor, long byteOffset, MemorySegment bytes) {
            writer.write(tensor, byteOffset, bytes);
        }

        @Override
        public long nonFinite(String tensor) {
            return writer.nonFinite(tensor);
        }
    }
}
