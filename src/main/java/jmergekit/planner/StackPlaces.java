package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import jmergekit.problem.Problem;
import jmergekit.tensor.Shape;

/// Finds layers that differ from others only by their position, without a setting in the
/// configuration. The first layer of T5 has a bias that the others use too; the first shared block
/// of Zamba has the weights of all of them.
///
/// Layers for which the configuration has the same settings form a sequence; the sequence in the
/// output must continue like that of the first model.
final class StackPlaces {
    private static final Pattern NUMBERED = Pattern.compile("^(.*?\\.)(\\d{1,6})\\.");

    private final List<SourceModel> models;
    private final StackChange change;
    private final Optional<StackSettings> settings;
    private final LayerForms forms;

    StackPlaces(
            List<SourceModel> models,
            StackChange change,
            Optional<StackSettings> settings,
            LayerForms forms) {
        this.models = models;
        this.change = change;
        this.settings = settings;
        this.forms = forms;
    }

    /// The first layer that gets a position of another kind.
    Optional<Problem> misplaced() {
        int layers = settings.map(s -> s.layers(0)).orElse(change.stack().layers());
        List<LayerOrigin> own = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            own.add(new LayerOrigin(0, i));
        }
        if (own.stream().allMatch(l -> forms.same(l, own.getFirst()))
                && change.layers().stream().allMatch(l -> forms.same(l, own.getFirst()))) {
            return Optional.empty();
        }
        Map<String, List<LayerOrigin>> before = byKind(own);
        Map<String, List<LayerOrigin>> after = byKind(change.layers());
        for (Map.Entry<String, List<LayerOrigin>> kind : after.entrySet()) {
            List<LayerOrigin> reference = before.getOrDefault(kind.getKey(), List.of());
            Optional<Problem> problem =
                    reference.isEmpty() || alike(reference)
                            ? Optional.empty()
                            : compare(reference, kind.getValue());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private boolean alike(List<LayerOrigin> layers) {
        return layers.stream().allMatch(l -> forms.same(l, layers.getFirst()));
    }

    private Map<String, List<LayerOrigin>> byKind(List<LayerOrigin> layers) {
        Map<String, List<LayerOrigin>> kinds = new LinkedHashMap<>();
        for (LayerOrigin layer : layers) {
            String kind = settings.map(s -> LayerWords.of(s, layer)).orElse("");
            kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(layer);
        }
        return kinds;
    }

    private Optional<Problem> compare(List<LayerOrigin> reference, List<LayerOrigin> layers) {
        for (int r = 0; r < layers.size(); r++) {
            LayerOrigin expected = reference.get(continued(reference, r));
            if (!forms.same(expected, layers.get(r))) {
                return Optional.of(problem(expected, layers.get(r)));
            }
        }
        return layers.equals(reference) ? Optional.empty() : counted(reference);
    }

    // The layer that would come next in a longer reference model: from some layer on, the reference
    // repeats itself.
    private int continued(List<LayerOrigin> reference, int r) {
        int size = reference.size();
        if (r < size) {
            return r;
        }
        for (int start = 0; start < size; start++) {
            for (int period = 1; start + 2 * period <= size; period++) {
                if (repeats(reference, start, period)) {
                    return start + (r - start) % period;
                }
            }
        }
        return size - 1;
    }

    private boolean repeats(List<LayerOrigin> reference, int start, int period) {
        for (int i = start; i + period < reference.size(); i++) {
            if (!forms.same(reference.get(i), reference.get(i + period))) {
                return false;
            }
        }
        return true;
    }

    private Problem problem(LayerOrigin expected, LayerOrigin found) {
        String tensor = forms.difference(forms.of(expected), forms.of(found)).orElseThrow();
        return Problem.input(
                        models.get(found.model()).label(),
                        "layer %d has different tensors from the layer it replaces: the output would not load"
                                .formatted(found.layer()))
                .expected("layers like layer %d".formatted(expected.layer()))
                .found(
                        "'%s%d.%s'"
                                .formatted(
                                        change.stack().prefix(),
                                        forms.of(found).containsKey(tensor)
                                                ? found.layer()
                                                : expected.layer(),
                                        tensor))
                .hint(
                        "choose slices that keep such layers in their original order, or use"
                                + " --allow-crimes to stack them anyway");
    }

    // Weights that all layers of a kind share are stored in one of them, with a list of what is
    // specific to each layer.
    private Optional<Problem> counted(List<LayerOrigin> reference) {
        Map<String, TreeSet<Integer>> lists = new TreeMap<>();
        for (LayerOrigin layer : reference) {
            Map<String, Shape> form = forms.of(layer);
            for (String rest : form.keySet()) {
                Matcher numbered = NUMBERED.matcher(rest);
                boolean shared = reference.stream().anyMatch(l -> !forms.of(l).containsKey(rest));
                if (shared && numbered.find()) {
                    lists.computeIfAbsent(
                                    layer.layer() + "." + numbered.group(1), _ -> new TreeSet<>())
                            .add(Integer.parseInt(numbered.group(2)));
                }
            }
        }
        return lists.entrySet().stream()
                .filter(l -> l.getValue().size() == reference.size() && reference.size() > 1)
                .findFirst()
                .map(l ->
                        Problem.input(
                                        models.getFirst().label(),
                                        "tensors '%s%s[0-%d]' belong to the %d layers of their kind, but the number or order of these layers changes"
                                                .formatted(
                                                        change.stack().prefix(),
                                                        l.getKey(),
                                                        reference.size() - 1,
                                                        reference.size()))
                                .hint(
                                        "merge whole models, or use all layers of this kind in their original order"));
    }
}
