package jmergekit.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.method.MergeInput;
import jmergekit.primitive.Scratch;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// How one output tensor is made.
///
/// @param output its name, dtype and shape
/// @param inputs at least one
public record TensorTask(TensorSpec output, List<TaskInput> inputs, Work work) {
    /// The largest output of an inner task, in bytes, that is kept in memory; a larger one goes to
    /// a scratch file.
    public static final long MOST_IN_MEMORY = 64L << 20;

    public TensorTask {
        inputs = List.copyOf(inputs);
    }

    /// A tensor that is made in parts, one after another.
    public static TensorTask ofParts(TensorSpec output, List<TensorTask> parts) {
        return new TensorTask(
                output,
                parts.stream().flatMap(p -> p.inputs().stream()).toList(),
                new Work.Parts(parts));
    }

    /// Its parts, or the task itself if it has none.
    public List<TensorTask> parts() {
        return work instanceof Work.Parts(List<TensorTask> parts) ? parts : List.of(this);
    }

    /// Hashes only the output: hashing deeply nested tasks would traverse them again and again. For
    /// the same reason, collections of many inner tasks compare them by identity.
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

    /// Whether the output is a stored tensor unchanged, or widened to float32, so that readers may
    /// read the stored tensor instead.
    public boolean keepsStored() {
        return isCopy()
                && inputs.getFirst().source() instanceof Source.Stored stored
                && (output.dtype() == stored.dtype()
                        || output.dtype() == DType.F32 && stored.dtype().isFloat());
    }

    /// The same task without rounding the result to a smaller dtype; the task itself if there is
    /// nothing to round.
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

    // All parts have the same dtype.
    private TensorTask asFloat32() {
        return new TensorTask(float32(), inputs, work);
    }

    private TensorSpec float32() {
        return new TensorSpec(output.name(), DType.F32, output.shape());
    }

    /// The input that describes the task to a merge method.
    public MergeInput input(Work.Merge merge) {
        return new MergeInput(
                output.name(),
                output.shape(),
                models(),
                merge.base(),
                merge.seed(),
                merge.parameters());
    }

    /// The same for a merge in a small space.
    ///
    /// @param shape of the matrices in that space
    public MergeInput input(Work.Factors factors, Shape shape) {
        Work.Merge merge = factors.merge();
        return new MergeInput(
                output.name(),
                shape,
                IntStream.range(0, merge.parameters().perSource().size()).boxed().toList(),
                merge.base(),
                merge.seed(),
                merge.parameters());
    }

    /// The method's part of the work, if there is one.
    public Optional<Work.Merge> merge() {
        return switch (work) {
            case Work.Merge merge -> Optional.of(merge);
            case Work.Factors factors -> Optional.of(factors.merge());
            case Work.Sum _, Work.Copy _, Work.Parts _ -> Optional.empty();
        };
    }

    /// The sources and everything that they are made from, as in [Source#all].
    public Stream<Source> all() {
        return walk().found();
    }

    private SourceWalk walk() {
        SourceWalk walk = new SourceWalk();
        inputs.forEach(i -> walk.add(i.source()));
        return walk;
    }

    /// The tasks whose outputs it is made from, at any depth, each once.
    public List<TensorTask> inner() {
        return walk().tasks();
    }

    /// The bytes of memory used by a thread, by the sources and by inner outputs.
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

    /// The most bytes that the merge method, or the method of an inner task, uses in addition.
    public long memoryOfMethod() {
        return most(TensorTask::memoryOfMethods);
    }

    private long memoryOfMethods() {
        return Stream.concat(Stream.of(this), inner().stream())
                .flatMap(t -> t.parts().stream())
                .mapToLong(t -> t.merge().map(Work.Merge::memory).orElse(0L))
                .max()
                .orElse(0);
    }

    /// The bytes of scratch file that the outputs of inner tasks use at one time.
    public long scratchBytes() {
        return most(TensorTask::scratchOfPart);
    }

    private long scratchOfPart() {
        return made().mapToLong(t -> t.output().bytes())
                .filter(bytes -> bytes > MOST_IN_MEMORY)
                .sum();
    }
}
