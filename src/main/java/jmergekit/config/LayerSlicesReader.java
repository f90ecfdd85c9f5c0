package jmergekit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads `layer_slices` files, whose meaning is known only from published examples. Anything not
/// shown there is an error. Relative model paths are looked up in `workingDirectory`, only to
/// distinguish a `+` or `@` in a folder's name from an adapter or revision.
public record LayerSlicesReader(Path workingDirectory) {
    private static final String ENTRY = "an entry of 'layer_slices'";

    /// Reads `file`, called `source` in messages; see [RecipeReader].
    public Optional<LayerSlices> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    public Optional<LayerSlices> read(String source, String text, Problems problems) {
        return new RecipeDocument(source, text, RecipeKind.LAYER_SLICES)
                .read(problems, this::slices);
    }

    private Optional<LayerSlices> slices(YamlNode root, Problems problems) {
        Problems found = new Problems();
        Optional<LayerSlices> slices =
                Fields.of(root, Section.LAYER_SLICES, "the recipe", found)
                        .flatMap(fields -> slices(fields, found));
        found.all().forEach(p -> problems.add(p.asError()));
        return slices.filter(_ -> !found.hasErrors());
    }

    private Optional<LayerSlices> slices(Fields fields, Problems problems) {
        fields.required("layer_slices", "the recipe");
        ReferenceReader references = ReferenceReader.in(workingDirectory, problems);
        List<LayerSlice> slices = new ArrayList<>();
        for (YamlNode item : fields.items("layer_slices", "a list of mappings with 'model'")) {
            Fields.of(item, Section.LAYER_SLICE, ENTRY, problems)
                    .flatMap(entry -> slice(entry, references, problems))
                    .ifPresent(slices::add);
        }
        return Optional.of(
                        new LayerSlices(
                                slices,
                                references.read(fields, "embedding_source"),
                                references.read(fields, "lm_head_source")))
                .filter(read -> !read.slices().isEmpty());
    }

    private Optional<LayerSlice> slice(
            Fields entry, ReferenceReader references, Problems problems) {
        entry.value("scale")
                .ifPresent(scale ->
                        problems.add(
                                Problem.recipe(
                                                scale.at(),
                                                "it is not documented which tensors 'scale' "
                                                        + "multiplies")
                                        .hint(
                                                "write a recipe with 'slices' and the 'scale' "
                                                        + "parameter of passthrough")));
        Optional<Located<ModelReference>> model =
                entry.required("model", ENTRY).flatMap(node -> references.located(node, "model"));
        OptionalInt start = number(entry, "start", problems);
        OptionalInt end = number(entry, "end", problems);
        if (model.isEmpty() || start.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        if (start.getAsInt() < 0 || end.getAsInt() <= start.getAsInt()) {
            problems.add(
                    Problem.recipe(entry.at(), "'start' and 'end' give no layers")
                            .expected("0 <= start < end; end is exclusive")
                            .found(start.getAsInt() + " and " + end.getAsInt()));
            return Optional.empty();
        }
        LayerRange range = new LayerRange(start.getAsInt(), end.getAsInt(), entry.at());
        return model.map(m -> new LayerSlice(m, range));
    }

    private static OptionalInt number(Fields entry, String key, Problems problems) {
        Optional<YamlNode> node = entry.required(key, ENTRY);
        OptionalInt number =
                node.orElse(null) instanceof YamlNode.Scalar scalar
                        ? ScalarRules.integer(scalar)
                        : OptionalInt.empty();
        if (node.isPresent() && number.isEmpty()) {
            problems.add(Fields.wrongForm("'" + key + "'", "a whole number", node.get()));
        }
        return number;
    }
}
