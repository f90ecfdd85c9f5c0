package jmergekit.report;

import java.util.OptionalInt;
import java.util.stream.Stream;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ObjectNode;

/// The places of a plan's output tensors in the model, from their names and from the plan's
/// config.json, if it has one.
final class TensorPlaces {
    private static final String CONFIG = "config.json";
    private static final String WEIGHT = ".weight";

    private final Structure structure;

    private TensorPlaces(Structure structure) {
        this.structure = structure;
    }

    /// The place of a tensor.
    ///
    /// @param module the stack of layers that it belongs to or is next to; `default` if there is
    ///     only one stack
    /// @param layer empty outside the layers
    /// @param part its name after the layer's number, or the whole name outside the layers, without
    ///     `.weight`
    record Spot(String module, OptionalInt layer, String part) {}

    static TensorPlaces of(Plan plan) {
        ObjectNode config =
                plan.files().stream()
                        .filter(f -> f.name().equals(CONFIG))
                        .flatMap(f ->
                                f instanceof PlannedFile.Text(String _, String text)
                                        ? Stream.of(text)
                                        : Stream.empty())
                        .map(TensorPlaces::json)
                        .findFirst()
                        .orElseGet(JsonTree.MAPPER::createObjectNode);
        return new TensorPlaces(
                Structure.infer(
                        new ModelConfig(CONFIG, config),
                        plan.tasks().stream().map(t -> t.output().name()).toList()));
    }

    private static ObjectNode json(String text) {
        return JsonTree.MAPPER.readTree(text) instanceof ObjectNode object
                ? object
                : JsonTree.MAPPER.createObjectNode();
    }

    Spot of(String tensor) {
        return structure.place(tensor) instanceof Place.InLayer(var stack, int layer, String rest)
                ? new Spot(stack.module(), OptionalInt.of(layer), part(rest))
                : new Spot(structure.place(tensor).module(), OptionalInt.empty(), part(tensor));
    }

    private static String part(String name) {
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }
}
