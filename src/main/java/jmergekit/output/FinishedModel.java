package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelConfig;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorLocation;

/// Inspects a finished output folder, before it is published, as a loader would: embeddings, head,
/// configuration and tokenizer must have the same vocabulary size.
final class FinishedModel {
    private final Plan plan;
    private final Path folder;

    private FinishedModel(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    /// @throws IllegalStateException if they do not, which planning should have prevented
    static void check(Plan plan, Path folder) {
        plan.vocabularyRows().ifPresent(rows -> new FinishedModel(plan, folder).check(rows));
    }

    // A model may have further embeddings that do not follow the tokenizer, for example for audio.
    private static boolean followsTheVocabulary(TensorTask task) {
        return task.all().anyMatch(Source.Remapped.class::isInstance);
    }

    private void check(long rows) {
        Problems problems = new Problems();
        Checkpoint written =
                Checkpoint.open(folder, List.of(plan.shards().format().format()), problems);
        for (TensorTask task : plan.tasks()) {
            Optional<TensorLocation> tensor = written.find(task.output().name());
            if (followsTheVocabulary(task) && tensor.isPresent()) {
                Shape shape = tensor.get().entry().spec().shape();
                if (shape.dimensions().stream().noneMatch(size -> size == rows)) {
                    throw wrong("'%s' is %s".formatted(task.output().name(), shape), rows);
                }
            }
        }
        problems.throwIfErrors();
        ModelConfig config =
                new ModelConfig(
                        "config.json",
                        ConfigJson.readObject(folder.resolve("config.json"), "config.json"));
        OptionalLong size = config.vocabularySize();
        if (size.isPresent() && size.getAsLong() != rows) {
            throw wrong("vocab_size in config.json is " + size.getAsLong(), rows);
        }
        int tokens = ModelTokenizer.read("output", folder).vocabulary().size();
        if (tokens > rows) {
            throw wrong("the tokenizer's largest id is " + (tokens - 1), rows);
        }
    }

    private static IllegalStateException wrong(String what, long rows) {
        return new IllegalStateException("%s, with %d rows planned".formatted(what, rows));
    }
}
