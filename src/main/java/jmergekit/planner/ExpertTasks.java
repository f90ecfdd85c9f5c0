package jmergekit.planner;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.Parameters;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;

/// Merges tensors that hold all experts of a layer. A method that is not elementwise receives the
/// matrix of each expert, so that the result is the same as when each expert has its own tensors.
final class ExpertTasks {
    private final MergeMethod method;
    private final MergeTasks make;
    private final QuantisedTensors quantised;
    private final List<SourceModel> models;
    private final boolean oneByOne;
    private final Set<TensorTask> inner = Collections.newSetFromMap(new IdentityHashMap<>());

    /// @param oneByOne whether each expert is always merged separately, to use less memory
    ExpertTasks(
            MergeMethod method,
            MergeTasks make,
            QuantisedTensors quantised,
            List<SourceModel> models,
            boolean oneByOne) {
        this.method = method;
        this.make = make;
        this.quantised = quantised;
        this.models = models;
        this.oneByOne = oneByOne;
    }

    /// The task, if experts must be merged separately.
    ///
    /// @param names of the sources in their models
    Optional<TensorTask> merge(
            String name,
            List<TaskInput> sources,
            List<String> names,
            int base,
            Parameters parameters) {
        Optional<ExpertTensor> tensor = ExpertTensor.of(name);
        List<Experts> experts = new ArrayList<>();
        List<ExpertTensor> tensors = new ArrayList<>();
        for (int i = 0; tensor.isPresent() && i < sources.size(); i++) {
            Optional<ExpertTensor> own = ExpertTensor.of(names.get(i));
            Experts found =
                    own.map(ExpertTensor::prefix)
                            .map(models.get(sources.get(i).model()).experts()::get)
                            .orElse(null);
            if (found == null || !(found.wanted() instanceof ExpertLayout.Fused)) {
                return Optional.empty();
            }
            experts.add(found);
            tensors.add(own.get());
        }
        boolean stored = experts.stream().allMatch(e -> e.layout().equals(e.wanted()));
        if (tensor.isEmpty() || stored && method.info().elementwise() && !oneByOne) {
            return Optional.empty();
        }
        ExpertLayout.Fused layout = (ExpertLayout.Fused) experts.getFirst().wanted();
        Merged merged =
                new Merged(tensor.get(), layout, sources, tensors, experts, base, parameters);
        return Optional.of(method.info().elementwise() ? merged.blocks() : merged.matrices());
    }

    /// The merges whose outputs other tasks are assembled from.
    Set<TensorTask> inner() {
        return inner;
    }

    /// @param tensors the names of the tensor in each source's model
    private final class Merged {
        private final ExpertTensor tensor;
        private final ExpertLayout.Fused layout;
        private final List<TaskInput> sources;
        private final List<ExpertTensor> tensors;
        private final List<Experts> experts;
        private final int base;
        private final Parameters parameters;
        private final ExpertLayout.Split words;
        private final DType dtype;

        Merged(
                ExpertTensor tensor,
                ExpertLayout.Fused layout,
                List<TaskInput> sources,
                List<ExpertTensor> tensors,
                List<Experts> experts,
                int base,
                Parameters parameters) {
            this.tensor = tensor;
            this.layout = layout;
            this.sources = sources;
            this.tensors = tensors;
            this.experts = experts;
            this.base = base;
            this.parameters = parameters;
            this.words = words();
            this.dtype = make.dtype(quantised.scaled(sources), base);
        }

        // The keys of random draws must not depend on the layout.
        private ExpertLayout.Split words() {
            return models.getFirst().experts().values().stream()
                    .map(Experts::layout)
                    .filter(ExpertLayout.Split.class::isInstance)
                    .map(ExpertLayout.Split.class::cast)
                    .findFirst()
                    .orElseGet(() -> ExpertLayout.splitOf(models.getFirst().folder().config()));
        }

        TensorTask blocks() {
            List<TensorTask> parts = new ArrayList<>();
            for (int expert = 0; expert < experts.getFirst().count(); expert++) {
                int number = expert;
                parts.add(
                        merged(
                                tensor.prefix() + expert,
                                i -> experts.get(i).block(tensors.get(i), number, layout)));
            }
            return whole(parts);
        }

        TensorTask matrices() {
            List<TensorTask> matrices = new ArrayList<>();
            for (int expert = 0; expert < experts.getFirst().count(); expert++) {
                for (ExpertPart part : tensor.parts()) {
                    int number = expert;
                    matrices.add(
                            merged(
                                    tensor.nameOf(expert, part, words),
                                    i -> experts.get(i).part(tensors.get(i), number, part)));
                }
            }
            int size = tensor.parts().size();
            boolean inOrder = !layout.interleaved() || size == 1;
            if (inOrder && (!layout.transposed() || tensor.bias())) {
                return whole(matrices);
            }
            List<TensorTask> blocks = new ArrayList<>();
            for (int expert = 0; expert < experts.getFirst().count(); expert++) {
                blocks.add(
                        together(
                                tensor.prefix() + expert,
                                matrices.subList(expert * size, (expert + 1) * size)));
            }
            return whole(blocks);
        }

        private TensorTask merged(String name, Function<Integer, Source> source) {
            List<TaskInput> inputs = new ArrayList<>();
            for (int i = 0; i < sources.size(); i++) {
                inputs.add(
                        new TaskInput(
                                sources.get(i).model(),
                                kept(name, sources.get(i).model(), source.apply(i))));
            }
            MergeInput input =
                    make.input(name, inputs, base, parameters, inputs.getFirst().shape());
            return make.merge(input, quantised.scaled(inputs), dtype);
        }

        // Such a method reads a matrix several times; a transposed matrix is transposed once, if it
        // fits into memory.
        private Source kept(String name, int model, Source source) {
            boolean stored =
                    source.all()
                            .allMatch(s -> s instanceof Source.Stored || s instanceof Rearranged);
            TensorSpec spec =
                    new TensorSpec(name, stored ? source.dtype() : DType.F32, source.shape());
            boolean fits = spec.bytes() <= TensorTask.MOST_IN_MEMORY;
            boolean transposed = source.all().anyMatch(Rearranged.Transposed.class::isInstance);
            if (!transposed || !fits || method.info().elementwise()) {
                return source;
            }
            TensorTask copy =
                    new TensorTask(spec, List.of(new TaskInput(model, source)), new Work.Copy());
            inner.add(copy);
            return new Source.Made(copy, source.dtype());
        }

        private TensorTask together(String name, List<TensorTask> matrices) {
            // Kept in full precision, because the assembled tensor may be kept so too.
            List<TensorTask> exact = matrices.stream().map(TensorTask::inFloat32).toList();
            inner.addAll(exact);
            List<Source> made =
                    exact.stream().map(m -> (Source) new Source.Made(m, dtype)).toList();
            Source block = Experts.together(tensor, made, layout);
            return new TensorTask(
                    new TensorSpec(name, dtype, block.shape()),
                    List.of(new TaskInput(sources.getFirst().model(), block)),
                    new Work.Copy());
        }

        private TensorTask whole(List<TensorTask> parts) {
            return TensorTask.ofParts(
                    new TensorSpec(tensor.name(), dtype, sources.getFirst().shape()), parts);
        }
    }
}
