package jmergekit.lora;

import java.util.List;
import jmergekit.model.InputFile;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.planner.OutputDType;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Makes the tasks for a merged adapter's tensors, each assembled from parts of the adapters.
///
/// @param files of the adapters, by number
/// @param dtype requested by the recipe; otherwise it follows from the parts
record AdapterTasks(List<InputFile> files, OutputDType dtype) {
    private static final Work ONCE = new Work.Sum(List.of(1.0));

    /// A tensor of one adapter.
    ///
    /// @param input index of the adapter
    record Part(int input, TensorLocation tensor, double factor) {}

    /// Unscaled parts stacked vertically: the factors `A`.
    TensorTask stacked(String name, Shape shape, List<Part> parts) {
        Source all = new Source.Stacked(parts.stream().map(this::stored).toList());
        return task(name, shape, parts, List.of(input(parts, all)), ONCE);
    }

    /// Parts concatenated side by side, each multiplied by its factor: the factors `B`.
    TensorTask joined(String name, Shape shape, List<Part> parts) {
        Source all =
                new Source.Joined(
                        parts.stream()
                                .map(p -> new Source.Joined.Part(stored(p), p.factor()))
                                .toList());
        return task(name, shape, parts, List.of(input(parts, all)), ONCE);
    }

    /// The sum of the parts, each multiplied by its factor.
    TensorTask summed(String name, Shape shape, List<Part> parts) {
        return task(
                name,
                shape,
                parts,
                parts.stream().map(p -> new TaskInput(p.input(), stored(p))).toList(),
                new Work.Sum(parts.stream().map(Part::factor).toList()));
    }

    private static TaskInput input(List<Part> parts, Source source) {
        return new TaskInput(parts.getFirst().input(), source);
    }

    private TensorTask task(
            String name, Shape shape, List<Part> parts, List<TaskInput> inputs, Work work) {
        DType type =
                dtype.asked()
                        .orElseGet(() ->
                                parts.stream()
                                        .map(p -> p.tensor().entry().spec().dtype())
                                        .reduce(DType::promote)
                                        .orElseThrow());
        return new TensorTask(new TensorSpec(name, type, shape), inputs, work);
    }

    private Source stored(Part part) {
        return new Source.Stored(files.get(part.input()), part.tensor().entry());
    }
}
