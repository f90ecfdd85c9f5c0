package jmergekit.output;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ConfigEntries;
import jmergekit.model.ModelFolder;
import jmergekit.planner.ConfigChanges;
import jmergekit.planner.ConfigChanges.StackChange;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.StackLevels;
import jmergekit.planner.StackSettings;
import jmergekit.planner.TokenizerPlan;
import tools.jackson.databind.node.ObjectNode;

/// The config.json of the output: the donor's with the merge's changes.
public final class OutputConfig {
    private OutputConfig() {}

    /// A new object; those of the plan are not changed.
    public static ObjectNode json(PlannedMerge plan) {
        List<ObjectNode> configs =
                plan.models().stream().map(ModelFolder::config).map(c -> c.json()).toList();
        ObjectNode output = json(configs, plan.donor(), plan.configChanges());
        return plan.tokenizer()
                .flatMap(TokenizerPlan::merged)
                .map(merged -> merged.ids().carriedOver(output).file())
                .orElse(output);
    }

    /// @param configs the models' config.json files
    /// @param donor the config on which the result is based
    static ObjectNode json(List<ObjectNode> configs, int donor, ConfigChanges changes) {
        ObjectNode output = configs.get(donor).deepCopy();
        changes.dtype().ifPresent(d -> ConfigEntries.setDType(output, d));
        for (StackChange change : changes.stacks()) {
            setLayers(output, configs, donor, change);
        }
        changes.auxiliary()
                .forEach((key, n) ->
                        ConfigEntries.level(output, key.subList(0, key.size() - 1))
                                .ifPresent(level -> level.put(key.getLast(), n)));
        changes.vocabularySize().ifPresent(n -> ConfigEntries.setVocabularySize(output, n));
        changes.tieWordEmbeddings().ifPresent(t -> ConfigEntries.setTied(output, t));
        if (changes.dequantised()) {
            ConfigEntries.removeQuantisation(output);
        }
        changes.quantisation().ifPresent(q -> ConfigEntries.setQuantisation(output, q));
        return output;
    }

    private static void setLayers(
            ObjectNode output, List<ObjectNode> configs, int donor, StackChange change) {
        Optional<ObjectNode> level = StackLevels.own(output, change);
        if (level.isEmpty()) {
            return;
        }
        StackSettings settings =
                StackSettings.of(StackLevels.of(configs, change, donor), change, donor);
        int before = settings.layers(donor);
        settings.changed().forEach(level.get()::set);
        StackLevels.countKeys(level.get(), change, before)
                .forEach(k -> level.get().put(k, change.layers().size()));
    }
}
