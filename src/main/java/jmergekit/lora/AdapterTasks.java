package jmergekit.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.linalg.Space;
import jmergekit.method.MergeInput;
import jmergekit.model.InputFile;
import jmergekit.plan.FactorRows;
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

    /// The two factors of a merge in a small space.
    ///
    /// @param name of the tensors, with `%s` for `A` and `B`
    /// @param a one part per change
    /// @param b one part per change, with its scale
    /// @param mostRank of the factors
    List<TensorTask> inSpace(
            String name,
            List<Part> a,
            List<Part> b,
            Space space,
            int mostRank,
            ChangeFactors.Change change) {
        long columns = shape(a.getFirst()).size(1);
        long rows = shape(b.getFirst()).size(0);
        long ranks = a.stream().mapToLong(p -> shape(p).size(0)).sum();
        long full = Math.min(ranks, Math.min(rows, columns));
        List<TaskInput> inputs = new ArrayList<>();
        List<Work.Factors.Change> changes = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            inputs.add(new TaskInput(a.get(i).input(), stored(a.get(i))));
            inputs.add(new TaskInput(b.get(i).input(), stored(b.get(i))));
            changes.add(new Work.Factors.Change(a.get(i).input(), b.get(i).factor()));
        }
        MergeInput input = change.input();
        Shape small = Shape.of(full, space == Space.CORE ? full : columns);
        Work.Factors work =
                new Work.Factors(
                        new Work.Merge(
                                change.method().info().name(),
                                input.base(),
                                input.parameters(),
                                input.seed(),
                                change.memory(small)
                                        + FactorRows.memory(
                                                ranks, rows, columns, input.sources(), small)),
                        space,
                        changes,
                        (int) Math.min(full, mostRank),
                        rows,
                        columns);
        TensorTask made =
                new TensorTask(
                        FactorRows.spec(input.tensor(), work.rank(), rows, columns), inputs, work);
        List<Part> all = Stream.concat(a.stream(), b.stream()).toList();
        return List.of(
                copy(name.formatted("A"), all, FactorRows.a(made, work)),
                copy(name.formatted("B"), all, FactorRows.b(made, work)));
    }

    private TensorTask copy(String name, List<Part> parts, Source source) {
        return task(name, source.shape(), parts, List.of(input(parts, source)), new Work.Copy());
    }

    /// A merge of the parts, each multiplied by its factor. Other adapters count as zeros.
    TensorTask merged(String name, Shape shape, List<Part> parts, ChangeFactors.Change change) {
        MergeInput input = change.input();
        List<TaskInput> inputs = new ArrayList<>();
        TaskInput zeros = scaled(name, parts.getFirst(), 0);
        for (int i = 0; i < input.sources(); i++) {
            inputs.add(i == input.base() ? zeros : new TaskInput(i, zeros.source()));
        }
        parts.forEach(p -> inputs.set(p.input(), scaled(name, p, p.factor())));
        Work work =
                new Work.Merge(
                        change.method().info().name(),
                        input.base(),
                        input.parameters(),
                        input.seed(),
                        change.memory(shape));
        return task(name, shape, parts, inputs, work);
    }

    private TaskInput scaled(String name, Part part, double factor) {
        TensorSpec spec = new TensorSpec(name, DType.F32, shape(part));
        TensorTask task =
                new TensorTask(
                        spec,
                        List.of(new TaskInput(part.input(), stored(part))),
                        new Work.Sum(List.of(factor)));
        return new TaskInput(part.input(), new Source.Made(task, DType.F32));
    }

    private static Shape shape(Part part) {
        return part.tensor().entry().spec().shape();
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
