package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.arch.Structure;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Single;
import jmergekit.plan.TaskInput;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;

/// Finds an output tensor's sources in the models, and reports missing ones.
final class SourceFinder {
    private final MethodInfo method;
    private final Structure structure;
    private final TextParts textParts;
    private final Predicate<DType> isCopied;
    private final Findings missing = new Findings();

    /// @param isCopied the dtypes that are copied, not merged
    SourceFinder(MethodInfo method, InputModels models, Predicate<DType> isCopied) {
        this.method = method;
        this.structure = models.structure();
        this.textParts = models.textParts();
        this.isCopied = isCopied;
    }

    /// The sources of a tensor, in the order of the slice's inputs.
    ///
    /// @param names of the sources in their models, in the output's style
    /// @param named for each source, the name that its model's own parameters are matched against
    /// @param base the index of the base model's source, or [Primitives#NO_BASE]
    /// @param baseSource the same, also if the method treats the base model as any other
    /// @param kept whether the other models are language models that cannot have the tensor
    record Found(
            List<TaskInput> sources,
            List<String> names,
            List<ParameterResolver.Source> named,
            int base,
            int baseSource,
            boolean kept) {}

    /// Empty if there are no sources, or if a required one is missing.
    Optional<Found> find(WantedTensor wanted) {
        List<TaskInput> sources = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<ParameterResolver.Source> named = new ArrayList<>();
        int base = Primitives.NO_BASE;
        int baseSource = Primitives.NO_BASE;
        boolean kept = false;
        List<PlannedSlice.Input> inputs = wanted.slice().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Optional<TaskInput> found = find(inputs.get(i), wanted);
            if (found.isPresent()) {
                base = i == wanted.slice().base() ? sources.size() : base;
                baseSource = i == wanted.slice().baseInput() ? sources.size() : baseSource;
                sources.add(found.get());
                names.add(wanted.nameIn().apply(inputs.get(i)));
                named.add(
                        new ParameterResolver.Source(
                                inputs.get(i).model().label(),
                                inputs.get(i).parameters(),
                                ownName(inputs.get(i).model(), names.getLast(), found.get())));
            } else {
                kept |= textParts.lacksTensor(inputs.get(i).model(), wanted.name());
            }
        }
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        if (wanted.slice().base() >= 0 && base < 0 && Structure.isComputed(wanted.name())) {
            return Optional.of(new Found(sources, names, named, base, baseSource, true));
        }
        if (baseIsMissing(wanted, sources, base)) {
            return Optional.empty();
        }
        return Optional.of(
                new Found(sources, names, named, base, baseSource, kept && sources.size() == 1));
    }

    // A view has no name in the files.
    private static String ownName(SourceModel model, String name, TaskInput found) {
        return model.isViewed(name) ? name : found.spec().name();
    }

    // A model may lack a tensor that is tied to another one, or that its architecture does not
    // have.
    private Optional<TaskInput> find(PlannedSlice.Input input, WantedTensor wanted) {
        SourceModel model = input.model();
        String name = wanted.nameIn().apply(input);
        Optional<TaskInput> found = model.source(name).or(() -> model.tiedHead(structure, name));
        if (found.isEmpty() && !mayLack(model, name, wanted)) {
            missing.add(
                    model.label(),
                    "tensor '%s' is missing (%s has it)".formatted(name, owner(wanted)));
        }
        return found;
    }

    private boolean mayLack(SourceModel model, String name, WantedTensor wanted) {
        boolean everywhere =
                wanted.place().isEmpty()
                        || model.lacksEverywhere(
                                wanted.place().get().stack(), wanted.place().get().rest());
        boolean integers =
                wanted.slice().inputs().stream()
                        .flatMap(i -> i.model().find(wanted.nameIn().apply(i)).stream())
                        .allMatch(l -> !l.entry().spec().dtype().isFloat());
        return integers
                || everywhere && Structure.isOptional(name)
                || isScaleOfAnother(wanted)
                || textParts.lacksTensor(model, name);
    }

    private boolean isScaleOfAnother(WantedTensor wanted) {
        return wanted.slice().inputs().stream()
                .flatMap(i ->
                        i.model().find(wanted.nameIn().apply(i)).stream()
                                .filter(l ->
                                        QuantisedNames.scales(
                                                i.model().folder().checkpoint(),
                                                l.entry().spec().name())))
                .findFirst()
                .isPresent();
    }

    private static String owner(WantedTensor wanted) {
        return wanted.slice().inputs().stream()
                .filter(i -> i.model().find(wanted.nameIn().apply(i)).isPresent())
                .map(i -> "'" + i.model().label() + "'")
                .findFirst()
                .orElse("another model");
    }

    private boolean baseIsMissing(WantedTensor wanted, List<TaskInput> sources, int base) {
        SourceModel baseModel = wanted.slice().baseModel();
        boolean needed =
                baseModel != null
                        && base < 0
                        && !sources.stream().allMatch(s -> isCopied.test(s.dtype()))
                        && !(method.single() == Single.KEEP && sources.size() == 1)
                        && !isScaleOfAnother(wanted);
        if (needed) {
            missing.add(
                    baseModel.label(),
                    "the base model lacks tensor '%s', which %s has"
                            .formatted(wanted.name(), owner(wanted)));
        }
        return needed;
    }

    void report(Problems problems) {
        missing.report(problems, "the models do not match, or a file is damaged or incomplete");
    }
}
