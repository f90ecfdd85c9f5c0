package jmergekit.history;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.config.MixtureReader;
import jmergekit.config.RecipeFile;
import jmergekit.config.RecipeReader;
import jmergekit.model.ModelReference;
import jmergekit.output.PlanNote;
import jmergekit.planner.References;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.weights.JsonTree;

/// How the model in a folder was made, as far as the folder tells. Outputs of other programs that keep
/// their recipe under the same names are understood too.
///
/// @param kind what made it
/// @param file with the recipe, or with what else tells of it; empty if nothing does
/// @param recipe the text of the recipe
/// @param method of a merge
/// @param note the hash of the plan and what it depends on
/// @param parents the models that it was made of
public record Origin(
        Kind kind,
        Optional<String> file,
        Optional<String> recipe,
        Optional<String> method,
        Optional<PlanNote> note,
        List<Parent> parents) {
    /// What made a model.
    public enum Kind {
        MERGE,
        MIXTURE,
        TRANSPLANT,
        ADAPTER,
        /// Nothing tells.
        UNKNOWN
    }

    /// A model that another one was made of.
    ///
    /// @param name as the recipe has it
    /// @param role such as `base`; empty if it is one of several
    public record Parent(String name, String role) {}

    private static final String MERGE = "mergekit_config.yml";
    private static final String MIXTURE = "mergekit_moe_config.yml";
    private static final String TRANSPLANT = "mergekit_tokensurgeon.json";
    private static final String ADAPTER = "adapter_config.json";
    private static final long MAX_BYTES = 4 << 20;
    private static final int LONGEST_NAME = 4096;

    public Origin {
        parents = List.copyOf(parents);
    }

    /// Reads what a folder tells.
    ///
    /// @param workingDirectory what relative paths of its recipe are relative to
    public static Origin of(Path folder, Path workingDirectory) {
        if (isFile(folder, MERGE)) {
            return ofMerge(folder, workingDirectory);
        }
        if (isFile(folder, MIXTURE)) {
            return ofMixture(folder, workingDirectory);
        }
        if (isFile(folder, TRANSPLANT)) {
            return ofJson(folder, Kind.TRANSPLANT, TRANSPLANT, "model", "donor");
        }
        if (isFile(folder, ADAPTER)) {
            return ofJson(folder, Kind.ADAPTER, ADAPTER, "base_model_name_or_path");
        }
        return new Origin(
                Kind.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    // A link could lead to any file of this machine, which would then be printed.
    private static boolean isFile(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private static Origin ofMerge(Path folder, Path workingDirectory) {
        Problems problems = new Problems();
        Optional<String> text = RecipeFile.text(folder.resolve(MERGE), MERGE, problems);
        Optional<MergeConfig> config =
                text.flatMap(t -> new RecipeReader(workingDirectory).read(MERGE, t, problems));
        Optional<ModelReference> base = config.flatMap(MergeConfig::baseModel).map(Located::value);
        List<Parent> parents =
                config.map(References::all).orElse(List.of()).stream()
                        .map(r -> parent(r, base))
                        .toList();
        return new Origin(
                Kind.MERGE,
                Optional.of(MERGE),
                text,
                config.map(c -> c.mergeMethod().value()),
                PlanNote.read(folder, MERGE),
                parents);
    }

    private static Origin ofMixture(Path folder, Path workingDirectory) {
        Problems problems = new Problems();
        Optional<String> text = RecipeFile.text(folder.resolve(MIXTURE), MIXTURE, problems);
        Optional<MixtureConfig> config =
                text.flatMap(t -> new MixtureReader(workingDirectory).read(MIXTURE, t, problems));
        Optional<ModelReference> base = config.map(c -> c.baseModel().value());
        List<Parent> parents =
                config.map(References::everywhere).orElse(List.of()).stream()
                        .map(Located::value)
                        .distinct()
                        .map(r -> parent(r, base))
                        .toList();
        return new Origin(
                Kind.MIXTURE,
                Optional.of(MIXTURE),
                text,
                Optional.empty(),
                PlanNote.read(folder, MIXTURE),
                parents);
    }

    private static Parent parent(ModelReference reference, Optional<ModelReference> base) {
        boolean isBase = base.equals(Optional.of(reference));
        return new Parent(reference.toString(), isBase ? "base" : "");
    }

    private static Origin ofJson(Path folder, Kind kind, String file, String... keys) {
        List<Parent> parents = new ArrayList<>();
        try {
            var json = JsonTree.read(folder.resolve(file), MAX_BYTES, file);
            for (String key : keys) {
                String name = json.path(key).asString("");
                if (!name.isBlank() && name.length() <= LONGEST_NAME) {
                    parents.add(new Parent(name, kind == Kind.ADAPTER ? "base" : key));
                }
            }
        } catch (MergeException _) {
            // A file of nonsense tells nothing.
        }
        return new Origin(
                kind,
                Optional.of(file),
                Optional.empty(),
                Optional.empty(),
                PlanNote.read(folder, file),
                parents);
    }
}
