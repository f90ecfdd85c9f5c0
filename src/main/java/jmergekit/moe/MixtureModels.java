package jmergekit.moe;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.ExpertConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.plan.TaskInput;
import jmergekit.planner.IntegerQuantisation;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.SourceModel;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The models of a recipe: the base model first, each model once.
///
/// @param structure of the base model
/// @param stack its layers
/// @param embeddings its input embeddings, (tokens, hidden)
/// @param mixing whether models of any architecture are allowed
record MixtureModels(
        Map<ModelReference, SourceModel> byReference,
        SourceModel base,
        Structure structure,
        LayerStack stack,
        TaskInput embeddings,
        boolean mixing) {
    private static final String MIXED_ACTIVATION =
            "'%s' computes '%s' in its MLPs, but the base model '%s'";
    private static final String ACTIVATION = "hidden_act";

    /// Opens the models; empty if one of them cannot be used, with the reasons in `problems`.
    static Optional<MixtureModels> open(
            MixtureConfig config, PlanOptions options, Problems problems) {
        Map<ModelReference, SourceModel> models = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>();
        Set<ModelReference> references = new LinkedHashSet<>();
        references.add(config.baseModel().value());
        config.allExperts().forEach(e -> references.add(e.model().value()));
        for (ModelReference reference : references) {
            options.opened()
                    .open(reference, options.models(), problems)
                    .filter(folder -> isUnpacked(folder, problems))
                    .ifPresent(folder -> {
                        SourceModel model = SourceModel.of(models.size(), folder, names, problems);
                        models.put(reference, model);
                        names.addAll(model.tensors().keySet());
                    });
        }
        if (models.size() < references.size()) {
            return Optional.empty();
        }
        SourceModel base = models.get(config.baseModel().value());
        Structure structure = Structure.infer(base.folder().config(), base.tensors().keySet());
        Optional<LayerStack> stack = structure.mainStack();
        if (stack.isEmpty()) {
            problems.add(Problem.input(base.label(), "no layers found in this model"));
        }
        Optional<TaskInput> embeddings =
                base.tensors().keySet().stream()
                        .filter(Structure::isInputEmbedding)
                        .flatMap(name -> base.source(name).stream())
                        .filter(source -> source.shape().rank() == 2)
                        .findFirst();
        if (embeddings.isEmpty()) {
            problems.add(Problem.input(base.label(), "no input embeddings in this model"));
        }
        return stack.flatMap(s ->
                embeddings.map(e ->
                        new MixtureModels(models, base, structure, s, e, options.allowCrimes())));
    }

    private static boolean isUnpacked(ModelFolder model, Problems problems) {
        Optional<IntegerQuantisation> packed = IntegerQuantisation.of(model);
        packed.ifPresent(p -> problems.add(p.refusal(model, "a mixture of experts")));
        return packed.isEmpty();
    }

    /// The hidden size of the base model.
    long hidden() {
        return embeddings.shape().rowLength();
    }

    SourceModel of(ExpertConfig expert) {
        return byReference.get(expert.model().value());
    }

    List<ModelFolder> folders() {
        return byReference.values().stream().map(SourceModel::folder).toList();
    }

    /// Whether the base model has its own output head.
    boolean hasHead() {
        return base.tensors().keySet().stream().anyMatch(Structure::isHead);
    }

    /// Why the models cannot become one of `family`.
    Optional<String> misfit(MixtureFamily family) {
        for (SourceModel model : byReference.values()) {
            String architecture = model.folder().architecture();
            if (!mixing && !family.inputs().contains(architecture)) {
                return Optional.of(
                        "'%s' is %s, but must be %s"
                                .formatted(
                                        model.label(),
                                        architecture,
                                        String.join(" or ", new TreeSet<>(family.inputs()))));
            }
        }
        return foreignTensor(family).or(this::otherActivation);
    }

    private Optional<String> foreignTensor(MixtureFamily family) {
        return base.tensors().keySet().stream()
                .filter(name ->
                        restOutsideMlp(name)
                                .filter(rest -> !family.layerTensors().matcher(rest).matches())
                                .isPresent())
                .findFirst()
                .map(name -> "it cannot store tensor '%s' of '%s'".formatted(name, base.label()));
    }

    /// The rest of a tensor's name after its layer, for tensors outside the MLP.
    private Optional<String> restOutsideMlp(String name) {
        return structure.place(name) instanceof Place.InLayer(LayerStack s, int _, String rest)
                        && s.equals(stack)
                        && !rest.startsWith(MlpPart.PREFIX)
                ? Optional.of(rest)
                : Optional.empty();
    }

    /// Whether a tensor of the base model belongs to the MLP of one of its layers.
    boolean isMlp(String name) {
        return structure.place(name) instanceof Place.InLayer(LayerStack s, int _, String rest)
                && s.equals(stack)
                && rest.startsWith(MlpPart.PREFIX);
    }

    private Optional<String> otherActivation() {
        String wanted = activation(base);
        return byReference.values().stream()
                .filter(m -> !activation(m).equals(wanted))
                .findFirst()
                .map(m -> MIXED_ACTIVATION.formatted(m.label(), activation(m), wanted));
    }

    private static String activation(SourceModel model) {
        return model.folder().config().text(ACTIVATION).orElse("silu");
    }
}
