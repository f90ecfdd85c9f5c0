package jmergekit.plan;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import jmergekit.method.MergeInput;
import jmergekit.primitive.Scratch;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;

/// How one output tensor is made.
///
/// @param output its name, dtype and shape
/// @param inputs at least one
public record TensorTask(TensorSpec output, List<TaskInput> inputs, Work work) {
    /// Most bytes of the output of an inner task that are kept in memory; a larger one goes to a
    /// scratch file.
    public static final long MOST_IN_MEMORY = 64L << 20;

    public TensorTask {
        inputs = List.copyOf(inputs);
    }

    /// A tensor that is made in parts, one after the other.
    public static TensorTask ofParts(TensorSpec output, List<TensorTask> parts) {
        return new TensorTask(
                output,
                parts.stream().flatMap(p -> p.inputs().stream()).toList(),
                new Work.Parts(parts));
    }

    /// Its parts; the task itself if it has none.
    public List<TensorTask> parts() {
        return work instanceof Work.Parts(List<TensorTask> parts) ? parts : List.of(this);
    }

    /// Of the output alone: tasks inside tasks inside tasks would be gone through again and again. For
    /// the same reason, inner tasks are told apart by identity wherever there are many.
    @Override
    public int hashCode() {
        return output.hashCode();
    }

    public List<Source> sources() {
        return inputs.stream().map(TaskInput::source).toList();
    }

    /// The models of the sources, by number.
    public List<Integer> models() {
        return inputs.stream().map(TaskInput::model).toList();
    }

    public boolean isCopy() {
        return work instanceof Work.Copy;
    }

    /// Whether the output is a stored tensor as it is, or widened to float32: whoever reads it may read
    /// that in its place.
    public boolean keepsStored() {
        return isCopy()
                && inputs.getFirst().source() instanceof Source.Stored stored
                && (output.dtype() == stored.dtype()
                        || output.dtype() == DType.F32 && stored.dtype().isFloat());
    }

    /// The same with its result not rounded to a smaller dtype; the task itself where there is nothing
    /// to round.
    public TensorTask inFloat32() {
        boolean rounds = output.dtype().isFloat() && output.dtype() != DType.F64;
        if (!rounds || keepsStored()) {
            return this;
        }
        Work exact =
                work instanceof Work.Parts(List<TensorTask> parts)
                        ? new Work.Parts(parts.stream().map(TensorTask::asFloat32).toList())
                        : work;
        return new TensorTask(float32(), inputs, exact);
    }

    // Parts are of one dtype.
    private TensorTask asFloat32() {
        return new TensorTask(float32(), inputs, work);
    }

    private TensorSpec float32() {
        return new TensorSpec(output.name(), DType.F32, output.shape());
    }

    /// What a merge method is told of its task.
    public MergeInput input(Work.Merge merge) {
        return new MergeInput(
                output.name(),
                output.shape(),
                models(),
                merge.base(),
                merge.seed(),
                merge.parameters());
    }

    /// The sources and all that they are made from, as [Source#all].
    public Stream<Source> all() {
        return walk().found();
    }

    private SourceWalk walk() {
        SourceWalk walk = new SourceWalk();
        inputs.forEach(i -> walk.add(i.source()));
        return walk;
    }

    /// The tasks whose outputs it is made from, however far inside, each once.
    public List<TensorTask> inner() {
        return walk().tasks();
    }

    /// Bytes of memory that a thread works with, and that the sources and inner outputs hold.
    public long memory() {
        return most(TensorTask::memoryOfPart);
    }

    private long most(ToLongFunction<TensorTask> bytes) {
        return parts().stream().mapToLong(bytes).max().orElse(0);
    }

    private long memoryOfPart() {
        return ownMemory()
                + made().mapToLong(
                                t -> t.ownMemory() + Math.min(t.output().bytes(), MOST_IN_MEMORY))
                        .sum();
    }

    private Stream<TensorTask> made() {
        return inner().stream().filter(t -> !t.keepsStored());
    }

    private long ownMemory() {
        return most(p ->
                Scratch.bytes(p.inputs.size())
                        + p.inputs.stream().mapToLong(i -> i.source().memory()).sum());
    }

    /// Most bytes that the merge method, or that of an inner task, takes besides that.
    public long memoryOfMethod() {
        return most(TensorTask::memoryOfMethods);
    }

    private long memoryOfMethods() {
        return Stream.concat(Stream.of(this), inner().stream())
                .flatMap(t -> t.parts().stream())
                .mapToLong(t -> t.work() instanceof Work.Merge merge ? merge.memory() : 0)
                .max()
                .orElse(0);
    }

    /// Bytes of scratch file that the outputs of inner tasks take at a time.
    public long scratchBytes() {
        return most(TensorTask::scratchOfPart);
    }

    private long scratchOfPart() {
        return made().mapToLong(t -> t.output().bytes())
                .filter(bytes -> bytes > MOST_IN_MEMORY)
                .sum();
    }
}
