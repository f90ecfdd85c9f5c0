package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;
import jmergekit.arch.Structure;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks that each layer of a stack has its own kind at its new position.
///
/// A loader takes the kind of a layer from a list in config.json, from a rule there, or from the
/// layer's position. Lists follow the layers. If a rule gives a layer a different kind from its own
/// model, this is reported: as an error if layers of the two kinds have different tensors, because
/// such a model does not load, otherwise as a warning, because it runs, but not as its layers were
/// trained to.
final class StackKinds {
    private static final String HINT =
            "choose slices that put each layer at a position of its own kind";

    /// Lists about other things, which may have as many values as there are layers.
    private static final Pattern NOT_OF_LAYERS =
            Pattern.compile(
                    "token|_ids?$|label|arch|lang|vision|visual|image|audio|speech|time_step");

    private static final int SHOWN = 6;
    private static final int FEWEST_FOR_UNKNOWN_LISTS = 8;

    private final List<SourceModel> models;
    private final Structure structure;
    private final boolean allowed;
    private final Problems problems;

    /// @param allowed whether a model that would not load only causes a warning
    StackKinds(List<SourceModel> models, Structure structure, boolean allowed, Problems problems) {
        this.models = models;
        this.structure = structure;
        this.allowed = allowed;
        this.problems = problems;
    }

    void check(List<StackChange> changes) {
        for (StackChange change : changes) {
            LayerForms forms = LayerForms.of(models, structure, change.stack());
            Optional<StackSettings> settings = settings(change);
            boolean reported = false;
            if (settings.isPresent()) {
                for (LayerRule rule : settings.get().rules()) {
                    reported |= check(rule, settings.get(), forms);
                }
                unknownLists(settings.get());
            }
            if (!reported) {
                new StackPlaces(models, change, settings, forms).misplaced().ifPresent(this::add);
            }
        }
    }

    private Optional<StackSettings> settings(StackChange change) {
        List<ObjectNode> configs = models.stream().map(m -> m.folder().config().json()).toList();
        return StackLevels.own(configs.getFirst(), change)
                .map(_ -> StackSettings.of(StackLevels.of(configs, change, 0), change, 0));
    }

    private boolean check(LayerRule rule, StackSettings settings, LayerForms forms) {
        List<Integer> misplaced = settings.misplaced(rule);
        if (misplaced.isEmpty()) {
            return false;
        }
        boolean visible = misplaced.stream().anyMatch(k -> differs(rule, settings, forms, k));
        LayerOrigin first = settings.change().layers().get(misplaced.getFirst());
        OptionalInt value = rule.value(settings.configs().get(settings.donor()));
        Problem problem =
                Problem.input(
                                models.get(settings.donor()).label(),
                                "with '%s' = %d, layers %s of the output are of a different kind from the layers they come from%s"
                                        .formatted(
                                                rule.key(),
                                                value.orElse(0),
                                                some(misplaced),
                                                visible ? ": it would not load" : ""))
                        .found(
                                "layer %d of '%s' as layer %d"
                                        .formatted(
                                                first.layer(),
                                                models.get(first.model()).label(),
                                                misplaced.getFirst()))
                        .hint(HINT);
        add(visible ? problem : problem.asWarning());
        return true;
    }

    // Whether layers of the other kind have different tensors.
    private static boolean differs(
            LayerRule rule, StackSettings settings, LayerForms forms, int place) {
        LayerOrigin origin = settings.change().layers().get(place);
        Optional<Boolean> own = settings.special(rule, origin);
        for (int i = 0; i < settings.layers(origin.model()); i++) {
            LayerOrigin other = new LayerOrigin(origin.model(), i);
            if (!settings.special(rule, other).equals(own) && !forms.same(origin, other)) {
                return true;
            }
        }
        return false;
    }

    private void unknownLists(StackSettings settings) {
        int layers = settings.layers(settings.donor());
        if (layers < FEWEST_FOR_UNKNOWN_LISTS || isWhole(settings, layers)) {
            return;
        }
        TreeSet<String> unknown = new TreeSet<>();
        for (Map.Entry<String, JsonNode> entry :
                settings.configs().get(settings.donor()).properties()) {
            if (entry.getValue().isArray()
                    && entry.getValue().size() == layers
                    && !settings.changed().containsKey(entry.getKey())
                    && !NOT_OF_LAYERS.matcher(entry.getKey()).find()) {
                unknown.add("'" + entry.getKey() + "'");
            }
        }
        if (!unknown.isEmpty()) {
            problems.add(
                    Problem.input(
                                    models.get(settings.donor()).label(),
                                    "%s in config.json may have a value for each of the %d layers and is copied unchanged"
                                            .formatted(String.join(", ", unknown), layers))
                            .hint("check it in the output's config.json")
                            .asWarning());
        }
    }

    private static boolean isWhole(StackSettings settings, int layers) {
        List<LayerOrigin> all = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            all.add(new LayerOrigin(settings.donor(), i));
        }
        return settings.change().layers().equals(all);
    }

    private static String some(List<Integer> numbers) {
        return ShortList.of(numbers.stream().map(String::valueOf).toList(), SHOWN);
    }

    private void add(Problem problem) {
        problems.add(allowed ? problem.asWarning() : problem);
    }
}
