package jmergekit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads mixture-of-experts recipes. Relative model paths are looked up in `workingDirectory`, only
/// to distinguish a `+` or `@` in a folder's name from an adapter or revision.
public record MixtureReader(Path workingDirectory) {
    private static final int EXPERTS_PER_TOKEN = 2;

    /// Reads the recipe in `file`, called `source` in messages; see [RecipeReader].
    public Optional<MixtureConfig> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    public Optional<MixtureConfig> read(String source, String text, Problems problems) {
        return new RecipeDocument(source, text, RecipeKind.MIXTURE)
                .read(problems, (root, found) -> mixture(source, text, root, found));
    }

    /// @param text the text of the recipe alone, which may be part of a file
    Optional<MixtureConfig> mixture(String source, String text, YamlNode root, Problems problems) {
        Optional<Fields> read = Fields.of(root, Section.MIXTURE, "the recipe", problems);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = read.get();
        ReferenceReader references = ReferenceReader.in(workingDirectory, problems);
        fields.text("name");
        fields.required("base_model", "the recipe");
        fields.required("experts", "the recipe");
        Optional<Located<ModelReference>> base = references.read(fields, "base_model");
        Optional<GateMode> gate = gateMode(fields, problems);
        Optional<Located<String>> dtype = fields.text("dtype");
        Located<Integer> perToken =
                fields.count("experts_per_token")
                        .orElseGet(() -> new Located<>(EXPERTS_PER_TOKEN, fields.at()));
        List<ExpertConfig> experts = experts(fields, "experts", references, problems);
        List<ExpertConfig> shared = experts(fields, "shared_experts", references, problems);
        Optional<Located<String>> architecture = fields.text("architecture");
        return base.map(b ->
                new MixtureConfig(
                        source,
                        text,
                        b,
                        gate.orElse(GateMode.HIDDEN),
                        dtype,
                        perToken,
                        experts,
                        shared,
                        architecture,
                        fields.at()));
    }

    private static Optional<GateMode> gateMode(Fields fields, Problems problems) {
        Optional<Located<String>> text = fields.text("gate_mode");
        Optional<GateMode> mode = text.flatMap(t -> GateMode.of(t.value()));
        if (text.isPresent() && mode.isEmpty()) {
            String name = text.get().value();
            problems.add(
                    Problem.recipe(
                                    text.get().at(),
                                    "unknown gate_mode '%s'%s"
                                            .formatted(
                                                    name,
                                                    Suggestion.didYouMean(name, GateMode.names())))
                            .expected("one of " + String.join(", ", GateMode.names())));
        }
        return mode;
    }

    private static List<ExpertConfig> experts(
            Fields fields, String key, ReferenceReader references, Problems problems) {
        List<ExpertConfig> experts = new ArrayList<>();
        for (YamlNode item : fields.items(key, "a list of experts")) {
            Fields.of(item, Section.EXPERT, "an entry of '" + key + "'", problems)
                    .flatMap(expert -> expert(expert, key, references, problems))
                    .ifPresent(experts::add);
        }
        return experts;
    }

    private static Optional<ExpertConfig> expert(
            Fields fields, String key, ReferenceReader references, Problems problems) {
        fields.required("source_model", "an entry of '" + key + "'");
        List<String> positive = prompts(fields, "positive_prompts", problems);
        List<String> negative = prompts(fields, "negative_prompts", problems);
        Optional<Located<Double>> residual = fields.number("residual_scale");
        Optional<Located<Double>> noise = fields.number("noise_scale");
        if (noise.isPresent() && noise.get().value() < 0) {
            problems.add(
                    Problem.recipe(noise.get().at(), "'noise_scale' is negative")
                            .expected("a standard deviation, 0 or more"));
        }
        return references
                .read(fields, "source_model")
                .map(m -> new ExpertConfig(m, positive, negative, residual, noise, fields.at()));
    }

    private static List<String> prompts(Fields fields, String key, Problems problems) {
        List<String> prompts = new ArrayList<>();
        // An empty list is the same as none; gate modes that need prompts report that later.
        if (fields.value(key).orElse(null) instanceof YamlNode.Sequence list
                && list.items().isEmpty()) {
            return prompts;
        }
        for (YamlNode item : fields.items(key, "a list of strings")) {
            if (item instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
                prompts.add(scalar.text());
            } else {
                problems.add(Fields.wrongForm("a prompt in '" + key + "'", "text", item));
            }
        }
        return prompts;
    }
}
