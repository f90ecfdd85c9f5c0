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
import jmergekit.model.LooseWeights;
import jmergekit.plan.Plan;
import jmergekit.planner.LooseListing;
import jmergekit.planner.PlannedLooseMerge;

/// A merged model of loose tensors: its plan, with the cards as its only files other than weights.
public record LooseModel(PlannedLooseMerge merge) implements PlannedOutput {
    private static final String RECIPE = "mergekit_config.yml";

    @Override
    public BoundPlan plan(PendingFiles pending, Optional<String> card) {
        Plan plan =
                new Plan(
                        merge.labels(),
                        merge.tasks(),
                        merge.shards(),
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        Map.of(),
                        LooseListing.of(merge));
        Plan carded =
                PlanFiles.withCards(
                        plan,
                        card,
                        (title, hash) -> LooseCard.text(merge, title, hash),
                        RECIPE,
                        merge.config().text());
        Map<String, Path> folders = new LinkedHashMap<>();
        merge.models().forEach(m -> folders.put(m.folderName(), m.checkpoint().folder()));
        return new BoundPlan(
                carded,
                new InputFolders(
                        folders, merge.models().stream().map(LooseWeights::state).toList()));
    }

    @Override
    public Map<Path, Predicate<String>> copied() {
        return Map.of();
    }

    @Override
    public List<Path> inputs() {
        return merge.models().stream().flatMap(m -> m.files().stream()).toList();
    }

    @Override
    public String made() {
        return merge.counts().withForms();
    }
}
