package jmergekit.history;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.config.MultiConfig.StageRecipe;
import jmergekit.config.MultiReader;
import jmergekit.config.RecipeFile;
import jmergekit.model.ModelReference;
import jmergekit.output.PlanNote;
import jmergekit.planner.References;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;

/// How the model in a folder was made, as far as its files show. Outputs of other programs that keep
/// their recipe under the same names are understood too.
///
/// @param kind what made it
/// @param file that has the recipe, or names the parents otherwise; empty if there is none
/// @param recipe the text of the recipe
/// @param method of a merge; of several recipes in one file those of all
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
        /// No file in the folder shows it.
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

    /// Reads the files of a folder. Those that cannot be read count as if they held nothing.
    ///
    /// @param workingDirectory what relative paths of its recipe are relative to
    public static Origin of(Path folder, Path workingDirectory) {
        if (isFile(folder, MERGE)) {
            return ofRecipe(folder, Kind.MERGE, MERGE, workingDirectory);
        }
        if (isFile(folder, MIXTURE)) {
            return ofRecipe(folder, Kind.MIXTURE, MIXTURE, workingDirectory);
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

    private static Origin ofRecipe(Path folder, Kind kind, String file, Path workingDirectory) {
        Problems problems = new Problems();
        Optional<String> text = RecipeFile.text(folder.resolve(file), file, problems);
        Optional<MultiConfig> config =
                text.flatMap(t -> new MultiReader(workingDirectory).read(file, t, problems));
        List<Stage> stages = config.map(MultiConfig::stages).orElse(List.of());
        List<String> methods = new ArrayList<>();
        Map<String, Parent> parents = new LinkedHashMap<>();
        for (Stage stage : stages) {
            switch (stage.recipe()) {
                case StageRecipe.Merge(var merge) -> {
                    methods.add(merge.mergeMethod().value());
                    Optional<ModelReference> base = merge.baseModel().map(Located::value);
                    References.all(merge).forEach(r -> add(r, base, parents));
                }
                case StageRecipe.Mixture(var mixture) -> {
                    methods.add("mixture of experts");
                    Optional<ModelReference> base = Optional.of(mixture.baseModel().value());
                    References.everywhere(mixture).stream()
                            .map(Located::value)
                            .forEach(r -> add(r, base, parents));
                }
            }
        }
        config.map(MultiConfig::names).orElse(List.of()).forEach(parents::remove);
        return new Origin(
                kind,
                Optional.of(file),
                text,
                Optional.of(String.join(", ", methods)).filter(m -> !m.isEmpty()),
                PlanNote.read(folder, file),
                List.copyOf(parents.values()));
    }

    private static void add(
            ModelReference model, Optional<ModelReference> base, Map<String, Parent> parents) {
        boolean isBase = base.equals(Optional.of(model));
        parents.putIfAbsent(model.toString(), new Parent(model.toString(), isBase ? "base" : ""));
    }

    private static Origin ofJson(Path folder, Kind kind, String file, String... keys) {
        List<Parent> parents = new ArrayList<>();
        try {
            JsonNode json = JsonTree.read(folder.resolve(file), MAX_BYTES, file);
            for (String key : keys) {
                String name = json.path(key).asString("");
                if (!name.isBlank() && name.length() <= LONGEST_NAME) {
                    parents.add(new Parent(name, kind == Kind.ADAPTER ? "base" : key));
                }
            }
        } catch (MergeException _) {
            // An unreadable file has no parents to show.
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
