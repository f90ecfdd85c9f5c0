package jmergekit.planner;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.TensorSpec;

/// The opened models of a recipe. The output's config.json and names come from the first one, which
/// is the base model if there is one, otherwise the first model listed.
///
/// @param byReference in order of appearance
/// @param structure of all their tensors together
/// @param textParts the models that contain only the language model of the first one
record InputModels(
        Map<ModelReference, SourceModel> byReference, Structure structure, TextParts textParts) {
    /// The most name patterns that a message lists for each side.
    private static final int SHOWN = 6;

    /// Opens models; packed weights stay as stored.
    static InputModels open(
            List<ModelReference> references,
            PlanOptions options,
            Problems problems,
            Problems unfit) {
        return open(references, options, true, Optional.empty(), problems, unfit);
    }

    /// Opens models; empty if none of them can be used.
    ///
    /// @param references each model once
    /// @param copied whether packed weights stay as stored if all models have the same
    /// @param form the quantisation of the output, if any
    /// @param problems receives what is wrong with single tensors
    /// @param unfit receives problems that make checking single tensors pointless
    static InputModels open(
            List<ModelReference> references,
            PlanOptions options,
            boolean copied,
            Optional<OutputForm> form,
            Problems problems,
            Problems unfit) {
        Map<ModelReference, SourceModel> models = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (ModelReference reference : references) {
            // Nothing large is downloaded for a recipe that is already known to have a mistake.
            boolean sound = !problems.hasErrors() && !unfit.hasErrors();
            ModelLocator locator = sound ? options.models() : options.models().withoutWeights();
            options.opened()
                    .open(reference, locator, unfit)
                    .filter(folder -> isFitForAdapter(folder, unfit))
                    .ifPresent(folder -> {
                        SourceModel model = SourceModel.of(models.size(), folder, names, problems);
                        models.put(reference, model);
                        names.addAll(model.tensors().keySet());
                    });
        }
        boolean unpacked = unpack(models, copied, unfit);
        if (models.isEmpty()) {
            Structure none = Structure.empty();
            return new InputModels(models, none, TextParts.find(List.of(), none, true));
        }
        List<SourceModel> inOrder =
                ExpertViews.of(List.copyOf(models.values()), options.experts(), unpacked, form);
        // A model that is named twice gets the last index.
        Iterator<SourceModel> next = inOrder.iterator();
        models.replaceAll((_, _) -> next.next());
        checkLayout(inOrder.getFirst(), options.experts(), problems);
        names.clear();
        inOrder.forEach(m -> names.addAll(m.tensors().keySet()));
        Structure structure = Structure.infer(inOrder.getFirst().folder().config(), names);
        TextParts parts = TextParts.find(inOrder, structure, options.allowCrimes());
        return new InputModels(models, structure, parts);
    }

    // Whether the first model has packed weights that were unpacked.
    private static boolean unpack(
            Map<ModelReference, SourceModel> models, boolean copied, Problems unfit) {
        Map<ModelReference, List<ViewedTensor>> views = new LinkedHashMap<>();
        Problems misfits = new Problems();
        models.forEach((name, model) -> views.put(name, PackedFloats.views(model, misfits)));
        boolean alike =
                views.entrySet().stream()
                                .map(e -> layouts(models.get(e.getKey()), e.getValue()))
                                .distinct()
                                .count()
                        < 2;
        if (!copied || !alike) {
            unfit.addAll(misfits);
            models.replaceAll((name, model) -> model.with(views.getOrDefault(name, List.of())));
        }
        return models.values().stream().findFirst().filter(SourceModel::isUnpacked).isPresent();
    }

    private static void checkLayout(SourceModel first, WantedExperts wanted, Problems problems) {
        if (wanted == WantedExperts.BASE || !first.experts().isEmpty()) {
            return;
        }
        boolean packed = !PackedFloats.views(first, new Problems()).isEmpty();
        problems.add(
                Problem.usage(
                                "--expert-layout",
                                packed
                                        ? "the experts of '%s' stay packed as stored"
                                                .formatted(first.label())
                                        : "no experts are recognised in '%s'"
                                                .formatted(first.label()))
                        .hint("the option changes nothing")
                        .asWarning());
    }

    // One `quantization_config` describes all weights.
    private static Set<String> layouts(SourceModel model, List<ViewedTensor> views) {
        return views.stream()
                .flatMap(v -> v.replaced().stream())
                .map(name -> layout(name, model.tensors().get(name).entry().spec()))
                .collect(Collectors.toSet());
    }

    private static String layout(String name, TensorSpec spec) {
        return "%s %s %s".formatted(name, spec.dtype(), spec.shape());
    }

    // An adapter is added to the weights, whatever is done with the sum.
    private static boolean isFitForAdapter(ModelFolder model, Problems unfit) {
        Optional<Problem> refused =
                model.adapter()
                        .flatMap(_ -> IntegerQuantisation.of(model))
                        .map(packed -> packed.refusal(model, "an adapter"));
        refused.ifPresent(unfit::add);
        return refused.isEmpty();
    }

    List<SourceModel> inOrder() {
        return List.copyOf(byReference.values());
    }

    List<ModelFolder> folders() {
        return byReference.values().stream().map(SourceModel::folder).toList();
    }

    /// Compares the models with the first one.
    ///
    /// @param whole whether each model as a whole is merged with all others
    void check(boolean whole, PlanOptions options, Problems problems, Problems unfit) {
        for (SourceModel model : inOrder()) {
            boolean crime =
                    !options.allowCrimes()
                            && !textParts.contains(model)
                            && isOfAnotherArchitecture(model.folder());
            boolean strange = whole && hasOtherNames(model);
            if (crime) {
                unfit.add(otherArchitecture(model.folder(), strange));
            } else if (UnlikeExperts.agree(first(), model, unfit) && strange) {
                unfit.add(otherNames(model));
            }
            checkDepth(model, problems);
        }
        if (!whole) {
            StackFit.checkSizes(folders(), unfit);
        }
        new ConfigDifferences(folders()).report(problems);
    }

    private SourceModel first() {
        return inOrder().getFirst();
    }

    private boolean isOfAnotherArchitecture(ModelFolder folder) {
        return !folder.architecture().equals(first().folder().architecture());
    }

    private Problem otherArchitecture(ModelFolder folder, boolean strange) {
        ModelFolder first = first().folder();
        return Problem.input(folder.reference().toString(), "models of different architectures")
                .expected(first.architecture() + " as in '" + first.reference() + "'")
                .found(folder.architecture())
                .hint(
                        strange
                                ? "their tensors have different names, so they cannot be merged"
                                : "use --allow-crimes to merge them anyway");
    }

    // Single tensors that a model lacks are found individually. But if hardly any name matches, the
    // checkpoints use different naming schemes.
    private boolean hasOtherNames(SourceModel model) {
        Set<String> own = model.tensors().keySet();
        Set<String> reference = first().tensors().keySet();
        long common = own.stream().filter(reference::contains).count();
        return 2 * common < Math.min(own.size(), reference.size());
    }

    private Problem otherNames(SourceModel model) {
        Set<String> own = model.tensors().keySet();
        Set<String> reference = first().tensors().keySet();
        return Problem.input(
                        model.label(),
                        "its tensor names differ from those of '%s'".formatted(first().label()))
                .expected(unmatched(reference, own))
                .found(unmatched(own, reference))
                .hint("only a class name at the start may differ");
    }

    private static String unmatched(Set<String> names, Set<String> others) {
        return ShortList.of(
                NameRanges.of(names.stream().filter(n -> !others.contains(n)).toList()), SHOWN);
    }

    private void checkDepth(SourceModel model, Problems problems) {
        for (LayerStack stack : structure.stacks()) {
            if (stack.auxiliary()) {
                continue;
            }
            long configured =
                    model.folder()
                            .config()
                            .number(stack.countKey().toArray(String[]::new))
                            .orElse(0);
            int found = model.layers(stack);
            boolean isItsOwn =
                    structure.stacks().stream()
                                    .filter(s -> s.countKey().equals(stack.countKey()))
                                    .count()
                            == 1;
            if (configured > found && found > 0 && isItsOwn) {
                problems.add(
                        Problem.input(
                                        model.label(),
                                        "config.json declares more layers than the files contain"
                                                + " under '"
                                                + stack.prefix()
                                                + "'")
                                .expected(String.valueOf(configured))
                                .found(String.valueOf(found))
                                .asWarning());
            }
        }
    }
}
