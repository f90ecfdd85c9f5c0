package jmergekit.output;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.model.ConfigJson;
import jmergekit.moe.MixtureListing;
import jmergekit.moe.PlannedMixture;
import jmergekit.plan.Plan;
import jmergekit.weights.FolderState;

/// A mixture of experts: its plan, with all files of its folder except the weights and their index.
///
/// @param copyTokenizer whether they include the base model's tokenizer and generation config
public record MixtureModel(PlannedMixture mixture, boolean copyTokenizer) implements PlannedOutput {
    private static final String RECIPE = "mergekit_moe_config.yml";

    @Override
    public BoundPlan plan(PendingFiles pending, Optional<String> card) {
        Map<String, Path> folders = new LinkedHashMap<>();
        mixture.inputs().forEach(m -> folders.putAll(m.namedFolders()));
        PlanFiles files = new PlanFiles(folders, pending);
        Path base = mixture.base().folder();
        files.copy(
                base,
                mixture.base().reference().folderName(),
                SideFiles.of(base, copyTokenizer),
                SideFiles.wanted(base, copyTokenizer));
        files.text("config.json", ConfigJson.write(mixture.configJson()));
        Plan plan =
                new Plan(
                        mixture.models().stream().map(m -> m.reference().toString()).toList(),
                        mixture.tasks(),
                        mixture.shards(),
                        files.list(),
                        List.of(),
                        OptionalLong.empty(),
                        Map.of(),
                        MixtureListing.of(mixture));
        Plan carded =
                PlanFiles.withCards(
                        plan,
                        card,
                        (title, hash) -> MixtureCard.text(mixture, title, hash),
                        RECIPE,
                        mixture.config().text());
        List<FolderState> states =
                mixture.inputs().stream().flatMap(m -> m.states().stream()).toList();
        return new BoundPlan(
                carded, new InputFolders(files.folders(), states), Optional.of(mixture));
    }

    @Override
    public Map<Path, Predicate<String>> copied() {
        Path donor = mixture.base().folder();
        return Map.of(donor, SideFiles.wanted(donor, copyTokenizer));
    }

    @Override
    public List<Path> inputs() {
        return mixture.inputs().stream().flatMap(m -> m.folders().stream()).toList();
    }

    @Override
    public String made() {
        return mixture.tasks().size() + " tensors";
    }

    @Override
    public Optional<String> announcement() {
        return mixture.config().gateMode().forwardPass()
                ? Optional.of("running the base model on the prompts")
                : Optional.empty();
    }
}
