package jmergekit.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import jmergekit.engine.NonFiniteTensor.Input;
import jmergekit.plan.Interleaved;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;

/// Counts NaN and infinity in the inputs of a task. For an inner task, the tensors that it reads
/// are counted: NaN and infinity that it produces itself are not the fault of an input.
///
/// @param models the models' names in messages, by index
record NonFiniteInputs(List<String> models, SourceTensors tensors, Chunks chunks) {
    /// The inputs that have NaN or infinity, in order.
    ///
    /// @param opened the task's sources
    List<Input> of(TensorTask task, List<SourceTensor> opened) {
        List<Input> found = new ArrayList<>();
        Set<Source> read = new LinkedHashSet<>();
        Set<TensorTask> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < task.inputs().size(); i++) {
            TaskInput input = task.inputs().get(i);
            if (isMade(input.source())) {
                addRead(input.source(), seen, read);
            } else if (isOfOneModel(input.source())) {
                String model = models.get(input.model());
                found.add(Input.count(model, input.spec().name(), opened.get(i), chunks));
            } else {
                addParts(input.source(), found);
            }
            if (input.source() instanceof Source.WithStatistics(Source _, Source statistics)) {
                found.add(ofPart(statistics));
            }
        }
        read.forEach(source -> addParts(source, found));
        return found.stream().filter(i -> i.count() > 0).toList();
    }

    private static boolean isMade(Source source) {
        return source.all().anyMatch(Source.Made.class::isInstance);
    }

    private static boolean isOfOneModel(Source source) {
        return switch (source) {
            case Source.Given _, Source.Computed _, Source.Noise _ -> false;
            case Source.Stored s -> !s.file().folder().equals(InputFolders.SCRATCH);
            case Source.Stacked _, Source.Joined _, Interleaved _ -> false;
            case Rearranged s -> isOfOneModel(s.tensor());
            default -> true;
        };
    }

    private static void addRead(Source source, Set<TensorTask> seen, Set<Source> read) {
        if (!isMade(source)) {
            read.add(source);
        } else if (!(source instanceof Source.Made(TensorTask task, DType _))) {
            source.parts().forEach(part -> addRead(part, seen, read));
        } else if (seen.add(task)) {
            task.sources().forEach(input -> addRead(input, seen, read));
        }
    }

    private void addParts(Source source, List<Input> found) {
        switch (source) {
            case Source.Stacked s -> s.parts().forEach(part -> found.add(ofPart(part)));
            case Source.Joined s -> s.parts().forEach(part -> found.add(ofPart(part)));
            case Interleaved s -> s.parts().forEach(part -> found.add(ofPart(part)));
            case Rearranged s when !isOfOneModel(s) -> addParts(s.tensor(), found);
            case Source s when isOfOneModel(s) -> found.add(ofPart(s));
            default -> {}
        }
    }

    // An inner recipe numbers its models differently from the plan.
    private Input ofPart(Source part) {
        String folder = part.stored().findFirst().map(s -> s.file().folder()).orElse("input");
        return Input.count(folder, part.spec().name(), tensors.open(part), chunks);
    }
}
