package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.config.AdapterKeys;
import jmergekit.config.Composition;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeMethods;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.planner.ConfigChanges;
import jmergekit.planner.PlannedMerge;
import jmergekit.problem.Location;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

final class ModelCardTest {
    private static final String RECIPE = "# mine\nmerge_method: ties\n";

    @TempDir private Path empty;

    @Test
    void theWholeCard() {
        PlannedMerge plan = plan("ties", "../base", RECIPE, "../base", "../b", "../a");
        assertThat(ModelCard.text(plan, "my-merge", "sha256:0f"))
                .isEqualTo(
                        """
                        ---
                        base_model: []
                        library_name: transformers
                        tags:
                        - mergekit
                        - merge
                        ---

                        # my-merge

                        This is a merge of pre-trained language models created with jmergekit.

                        ## Merge Details

                        ### Merge Method

                        The models were merged using the [TIES](https://arxiv.org/abs/2306.01708) \
                        merge method using ../base as a base.

                        ### Models Merged

                        The following models were merged:

                        * ../b
                        * ../a

                        ### Configuration

                        The merge was made with this recipe:

                        ```yaml
                        # mine
                        merge_method: ties
                        ```

                        The plan of this output has the hash `sha256:0f`.
                        """);
    }

    @Test
    void slerpListsItsBaseWithTheOthers() {
        String card = ModelCard.text(plan("slerp", "base", RECIPE, "base", "a"), "x", "sha256:0f");
        assertThat(card)
                .contains("[SLERP](https://en.wikipedia.org/wiki/Slerp) merge method.\n")
                .contains("\n* base\n* a\n");
    }

    @Test
    void withoutABaseNoneIsNamed() {
        String card = ModelCard.text(plan("linear", "", RECIPE, "a", "b"), "x", "sha256:0f");
        assertThat(card).contains(" merge method.\n").contains("\n* a\n* b\n");
    }

    @Test
    void aModelStackedOnItselfIsListed() {
        String card = ModelCard.text(plan("passthrough", "a", RECIPE, "a"), "x", "sha256:0f");
        assertThat(card).contains("using a as a base.").contains("\n* a\n");
    }

    @Test
    void absolutePathsAreNotShown() {
        String card =
                ModelCard.text(
                        plan("ties", "/srv/x/base", RECIPE, "/srv/x/base", "/srv/x/a"),
                        "x",
                        "sha256:0f");
        assertThat(card)
                .contains("using base as a base")
                .contains("\n* a\n")
                .doesNotContain("/srv");
    }

    @Test
    void modelsOfTheHubAreLinkedAndInTheMetadata() {
        ModelFolder hub = folder("org/name", Path.of("/cache/models--org--name/snapshots/01ab"));
        String card =
                ModelCard.text(
                        plan("linear", "", RECIPE, List.of(hub, local("a"))), "x", "sha256:0f");
        assertThat(card)
                .startsWith(
                        "---\nbase_model:\n- \"org/name\"\nbase_model_relation: merge\n"
                                + "library_name: transformers\n")
                .contains("\n* [org/name](https://huggingface.co/org/name)\n* a\n");
    }

    @Test
    void theRevisionOfAModelOfTheHubIsNamed() {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        ModelFolder hub = folder("org/name", Path.of("/cache/models--org--name/snapshots", commit));
        String card =
                ModelCard.text(
                        plan("linear", "", RECIPE, List.of(hub, local("a"))), "x", "sha256:0f");
        assertThat(card)
                .contains(
                        "\n* [org/name](https://huggingface.co/org/name) at revision `"
                                + commit
                                + "`\n* a\n");
    }

    @Test
    void namesCannotAddToTheCard() {
        String card =
                ModelCard.text(
                        plan("linear", "", RECIPE, "a\n\n# b", "[c](d)"), "<e>", "sha256:0f");
        assertThat(card).contains("\n# `<e>`\n").contains("\n* `a??# b`\n* `[c](d)`\n");
    }

    @Test
    void theRecipeCannotLeaveItsBlock() {
        String recipe = "# ```\n# heading\n";
        assertThat(ModelCard.text(plan("linear", "", recipe, "a"), "x", "sha256:0f"))
                .contains("\n````yaml\n" + recipe + "````\n\nThe plan of");
    }

    private PlannedMerge plan(String method, String base, String recipe, String... models) {
        return plan(method, base, recipe, List.of(models).stream().map(this::local).toList());
    }

    private static PlannedMerge plan(
            String method, String base, String recipe, List<ModelFolder> models) {
        Location nowhere = new Location("recipe.yml", 1, 1, 1, "");
        MergeConfig config =
                new MergeConfig(
                        "recipe.yml",
                        recipe,
                        Optional.empty(),
                        new Located<>(method, nowhere),
                        Optional.empty(),
                        Optional.empty(),
                        new Composition.WholeModels(List.of()),
                        ParameterSet.EMPTY,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        AdapterKeys.NONE);
        return new PlannedMerge(
                config,
                MergeMethods.builtIn().named(method).orElseThrow(),
                models,
                Optional.of(base).filter(b -> !b.isEmpty()).map(ModelReference::of),
                0,
                List.of(),
                ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(), 1),
                new ConfigChanges(
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty()),
                0,
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    private ModelFolder local(String path) {
        return folder(path, Path.of("/somewhere").resolve(path).normalize());
    }

    private ModelFolder folder(String path, Path place) {
        return new ModelFolder(
                ModelReference.of(path),
                place,
                new ModelConfig("config.json", JsonNodeFactory.instance.objectNode()),
                "LlamaForCausalLM",
                Checkpoint.open(empty, ModelFolder.FORMATS, new Problems()),
                Optional.empty());
    }
}
