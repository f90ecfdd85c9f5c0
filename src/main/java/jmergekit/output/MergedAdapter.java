package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.linalg.Space;
import jmergekit.lora.PlannedAdapter;
import jmergekit.model.Adapter;
import jmergekit.model.ConfigJson;
import jmergekit.plan.Plan;
import jmergekit.shards.Sharding;

/// A merged adapter: its plan, with all files of its folder except the weights.
///
/// @param sharding how the weights are split into files
public record MergedAdapter(PlannedAdapter plan, Sharding sharding) implements PlannedOutput {
    private static final String RECIPE = "mergekit_config.yml";
    private static final String SUM =
            "The product of the factors is the weighted sum\nof the adapters' products.";

    @Override
    public BoundPlan plan(PendingFiles pending, Optional<String> card) {
        PlanFiles files = new PlanFiles(plan.folders(), pending);
        files.text(Adapter.CONFIG, ConfigJson.write(plan.settings()));
        Plan made =
                new Plan(
                        plan.labels(),
                        plan.tasks(),
                        plan.layout(sharding),
                        files.list(),
                        List.of(),
                        OptionalLong.empty(),
                        Map.of(),
                        plan.listing());
        Plan carded = PlanFiles.withCards(made, card, this::text, RECIPE, plan.config().text());
        return new BoundPlan(carded, new InputFolders(plan.folders(), plan.states()));
    }

    @Override
    public Map<Path, Predicate<String>> copied() {
        return Map.of();
    }

    @Override
    public List<Path> inputs() {
        return List.copyOf(plan.folders().values());
    }

    @Override
    public String made() {
        return "an adapter of rank %d, %d tensors".formatted(plan.rank(), plan.tasks().size());
    }

    private static String text(Space space) {
        return switch (space) {
            case CORE ->
                    "It merged the adapters' changes in [Core Space](https://arxiv.org/abs/2509.17786).";
            case KNOTS ->
                    "It merged the adapters' changes in the space of [KnOTS](https://arxiv.org/abs/2410.19735).";
        };
    }

    private String text(String title, String hash) {
        String base = plan.settings().path("base_model_name_or_path").asString("");
        String id = ModelName.mayBeHubId(base) ? "\n- \"" + base + "\"\n" : " []\n";
        return """
        ---
        base_model:%slibrary_name: peft
        tags:
        - mergekit
        - merge
        - peft
        ---

        # %s

        This is a LoRA adapter of rank %d, a merge of adapters created with %s.

        ## Merge Details

        The adapters were merged using the %s merge method. %s

        ### Adapters Merged

        %s

        ### Configuration

        The merge was made with this recipe:

        %s
        %s
        """
                .formatted(
                        id,
                        Markdown.inline(title),
                        plan.rank(),
                        CardModels.program(),
                        plan.method().info().title(),
                        plan.space().map(MergedAdapter::text).orElse(SUM),
                        plan.inputs().stream()
                                .map(i -> "* " + Markdown.inline(ModelName.text(i.reference())))
                                .collect(Collectors.joining("\n")),
                        Markdown.block("yaml", plan.config().text()),
                        CardModels.hash(hash));
    }
}
