package jmergekit.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A merge to be timed.
///
/// @param target maximum time of the merge
/// @param template the recipe, with `{base}`, `{a}` and `{b}` as placeholders for model folders,
///     and `{end}`, `{start}` and `{layers}` if it selects layers
record Scenario(String name, Target target, String template) {
    private static final List<Scenario> PLAIN =
            List.of(
                    new Scenario(
                            "linear",
                            Target.ofCopying(1.6),
                            """
                            merge_method: linear
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "passthrough",
                            Target.ofCopying(1.2),
                            """
                            merge_method: passthrough
                            slices:
                              - sources:
                                  - model: {a}
                                    layer_range: [0, {end}]
                              - sources:
                                  - model: {b}
                                    layer_range: [{start}, {layers}]
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "slerp",
                            Target.ofCopying(1.6),
                            """
                            merge_method: slerp
                            base_model: {base}
                            models:
                              - model: {base}
                              - model: {a}
                            parameters:
                              t: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "task_arithmetic",
                            Target.ofCopying(1.6),
                            """
                            merge_method: task_arithmetic
                            base_model: {base}
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            dtype: bfloat16
                            """),
                    new Scenario(
                            "ties",
                            Target.ofCopying(3.0),
                            """
                            merge_method: ties
                            base_model: {base}
                            models:
                              - model: {a}
                                parameters:
                                  weight: 0.6
                              - model: {b}
                                parameters:
                                  weight: 0.4
                            parameters:
                              density: 0.5
                            dtype: bfloat16
                            """));

    private static final Scenario MIXTURE =
            new Scenario(
                    "moe",
                    Target.ofCopying(1.3),
                    """
                    base_model: {a}
                    gate_mode: random
                    dtype: bfloat16
                    experts:
                      - source_model: {a}
                      - source_model: {b}
                    """);

    /// Everything that the bench can time; a new method needs one entry here.
    static final List<Scenario> ALL =
            Stream.concat(
                            PLAIN.stream(),
                            Stream.of(
                                    ofTwo("nuslerp", 1.6, "{}"),
                                    ofTwo("multislerp", 1.6, "{}"),
                                    ofTwo("karcher", 1.6, "{}"),
                                    overBase("model_stock", 1.6, "{}"),
                                    ofOne("nearswap", 1.6, "{t: 0.01}"),
                                    overBase("dare_linear", 2.5, "{density: 0.5}"),
                                    overBase("dare_ties", 2.5, "{density: 0.5}"),
                                    overBase("breadcrumbs", 2.5, "{density: 0.6, gamma: 0.05}"),
                                    overBase(
                                            "breadcrumbs_ties", 2.5, "{density: 0.6, gamma: 0.05}"),
                                    overBase("sce", 2.5, "{select_topk: 0.5}"),
                                    overBase("ram", 2.5, "{}"),
                                    overBase("ramplus_tl", 2.5, "{}"),
                                    overBase("della", 5, "{density: 0.5, epsilon: 0.1}"),
                                    overBase("della_linear", 5, "{density: 0.5, epsilon: 0.1}"),
                                    overBase("cabs", 4, "{}"),
                                    overBase("consensus", 4, "{}"),
                                    overBase("magmax", 4, "{}"),
                                    overBase("pcb", 4, "{}"),
                                    ofTwo("geometric_median", 4, "{}"),
                                    ofOne("arcee_fusion", 4, "{}"),
                                    MIXTURE))
                    .toList();

    private static final String BASE = "base_model: {base}\n";
    private static final String SECOND = "  - {model: {b}, parameters: {weight: 0.4}}\n";

    private static Scenario ofTwo(String method, double target, String parameters) {
        return of(method, target, "", SECOND, parameters);
    }

    private static Scenario overBase(String method, double target, String parameters) {
        return of(method, target, BASE, SECOND, parameters);
    }

    private static Scenario ofOne(String method, double target, String parameters) {
        return of(method, target, BASE, "", parameters);
    }

    private static Scenario of(
            String method, double target, String base, String second, String parameters) {
        String template =
                """
                merge_method: %s
                %smodels:
                  - {model: {a}, parameters: {weight: 0.6}}
                %sparameters: %s
                dtype: bfloat16
                """
                        .formatted(method, base, second, parameters);
        return new Scenario(method, Target.ofLinear(target), template);
    }

    static Scenario named(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /// The models that the recipe reads.
    List<String> models() {
        return ModelSet.MODELS.stream().filter(m -> template.contains(placeholder(m))).toList();
    }

    /// The launcher that runs it, next to the launcher for merges; empty for merges.
    Optional<String> launcher() {
        return name.equals(MIXTURE.name()) ? Optional.of("mergekit-moe") : Optional.empty();
    }

    /// Bytes of the merged tensors, of models of this shape.
    long outputBytes(LlamaShape shape) {
        if (launcher().isPresent()) {
            return shape.mixtureBytes(models().size());
        }
        boolean stacks = template.contains("{end}");
        return shape.withLayers(stacks ? 2 * part(shape) : shape.layers()).bytes();
    }

    /// Bytes of the tensors that the merge reads, of models of this shape.
    long readBytes(LlamaShape shape) {
        // A stack or a mixture copies what it reads, and skips the rest of the models.
        boolean copies = launcher().isPresent() || template.contains("{end}");
        return copies ? outputBytes(shape) : models().size() * shape.bytes();
    }

    /// The number of layers that a stack takes from each end of a model: 15 of 22.
    private static int part(LlamaShape shape) {
        return (15 * shape.layers() + 11) / 22;
    }

    /// The recipe for models of this shape, in folders of `folder`.
    String recipe(Path folder, LlamaShape shape) {
        int layers = shape.layers();
        int part = part(shape);
        String text =
                template.replace("{end}", String.valueOf(part))
                        .replace("{start}", String.valueOf(layers - part))
                        .replace("{layers}", String.valueOf(layers));
        for (String model : ModelSet.MODELS) {
            text = text.replace(placeholder(model), "\"" + folder.resolve(model) + "\"");
        }
        return text;
    }

    private static String placeholder(String model) {
        return "{" + model + "}";
    }
}
