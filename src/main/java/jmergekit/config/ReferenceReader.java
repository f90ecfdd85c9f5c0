package jmergekit.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.LocalPath;

/// Reads model references, written as text or as mappings. `exists` checks whether a path exists.
record ReferenceReader(Predicate<String> exists, Problems problems) {
    /// A reader that resolves relative paths in `workingDirectory`.
    static ReferenceReader in(Path workingDirectory, Problems problems) {
        return new ReferenceReader(path -> exists(path, workingDirectory), problems);
    }

    private static boolean exists(String path, Path workingDirectory) {
        try {
            return Files.exists(LocalPath.of(path, workingDirectory));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /// The reference under `key`, if any.
    Optional<Located<ModelReference>> read(Fields fields, String key) {
        return fields.value(key).flatMap(node -> located(node, key));
    }

    Optional<Located<ModelReference>> located(YamlNode node, String key) {
        return reference(node, key).map(reference -> new Located<>(reference, node.at()));
    }

    private Optional<ModelReference> reference(YamlNode node, String key) {
        return switch (node) {
            case YamlNode.Scalar scalar when !scalar.isNull() -> parsed(scalar);
            case YamlNode.Mapping mapping ->
                    Fields.of(mapping, Section.REFERENCE, "'" + key + "'", problems)
                            .flatMap(fields -> fromFields(fields, key));
            default -> {
                problems.add(
                        Fields.wrongForm("'" + key + "'", "a model's path, or a mapping", node));
                yield Optional.empty();
            }
        };
    }

    private Optional<ModelReference> parsed(YamlNode.Scalar scalar) {
        try {
            return Optional.of(ModelReference.parse(scalar.text(), exists));
        } catch (MergeException e) {
            for (Problem p : e.problems()) {
                problems.add(
                        new Problem(
                                p.severity(),
                                p.exitCode(),
                                scalar.at().toString(),
                                p.where() + " " + p.what(),
                                p.expected(),
                                p.found(),
                                p.hint(),
                                scalar.at()));
            }
            return Optional.empty();
        }
    }

    private Optional<ModelReference> fromFields(Fields fields, String key) {
        Optional<Located<String>> path = fields.text("path");
        Optional<YamlNode> model = fields.value("model");
        Optional<String> revision = fields.text("revision").map(Located::value);
        if (path.isPresent() == model.isPresent()) {
            problems.add(
                    Problem.recipe(fields.at(), "'" + key + "' does not name a single model")
                            .expected("exactly one of the keys 'model' and 'path'")
                            .found(path.isPresent() ? "both" : "neither"));
            return Optional.empty();
        }
        Optional<ModelReference> inner =
                path.isPresent()
                        ? path.map(p -> ModelReference.of(p.value()))
                        : reference(model.get(), "model");
        Optional<AdapterReference> adapter = adapter(fields);
        Optional<String> override = fields.text("override_architecture").map(Located::value);
        return inner.map(m ->
                new ModelReference(
                        m.path(),
                        single(fields, "revision", m.revision(), revision),
                        single(fields, "lora", m.adapter(), adapter),
                        single(
                                fields,
                                "override_architecture",
                                m.overrideArchitecture(),
                                override)));
    }

    private <T> Optional<T> single(
            Fields fields, String key, Optional<T> inner, Optional<T> outer) {
        if (inner.isPresent() && outer.isPresent()) {
            problems.add(
                    Problem.recipe(fields.at(), "'" + key + "' is given twice for one model")
                            .found("'" + outer.get() + "' and '" + inner.get() + "'"));
        }
        return outer.or(() -> inner);
    }

    private Optional<AdapterReference> adapter(Fields fields) {
        Optional<YamlNode> lora = fields.value("lora");
        if (lora.isEmpty()) {
            return Optional.empty();
        }
        Optional<ModelReference> reference =
                lora.get() instanceof YamlNode.Mapping mapping
                        ? adapterFields(mapping)
                        : reference(lora.get(), "lora");
        if (reference.flatMap(ModelReference::adapter).isPresent()) {
            problems.add(
                    Problem.recipe(lora.get().at(), "an adapter cannot have an adapter")
                            .found("'" + reference.get() + "'"));
        }
        return reference.map(r -> new AdapterReference(r.path(), r.revision()));
    }

    private Optional<ModelReference> adapterFields(YamlNode.Mapping mapping) {
        Optional<Fields> fields = Fields.of(mapping, Section.ADAPTER, "'lora'", problems);
        if (fields.isEmpty() || fields.get().required("path", "'lora'").isEmpty()) {
            return Optional.empty();
        }
        Optional<String> revision = fields.get().text("revision").map(Located::value);
        return fields.get()
                .text("path")
                .map(p ->
                        new ModelReference(
                                p.value(), revision, Optional.empty(), Optional.empty()));
    }
}
