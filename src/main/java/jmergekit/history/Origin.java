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

/// How the model in a folder was made, as far as its files show. Outputs of other programs that
/// store their recipe under the same names are supported too.
///
/// @param kind what made it
/// @param file that contains the recipe, or otherwise names the parents; empty if there is none
/// @param recipe the text of the recipe
/// @param method of a merge; if the file has several recipes, those of all of them
/// @param note the hash of the plan and the settings it depends on
/// @param parents the models that it was made from
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
        /// No file in the folder shows how it was made.
        UNKNOWN
    }

    /// A model that another one was made from.
    ///
    /// @param name as in the recipe
    /// @param role such as `base`; empty for one of several equal models
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

    /// Reads the files of a folder. Files that cannot be read are treated as empty.
    ///
    /// @param workingDirectory base of relative paths in its recipe
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

    // A link could point to any file of this machine, whose text would then be printed.
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
            // An unreadable file shows no parents.
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
