package jmergekit.lora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.config.MergeConfig;
import jmergekit.linalg.Space;
import jmergekit.method.MergeMethod;
import jmergekit.plan.FactorRows;
import jmergekit.plan.Plan;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.Sharding;
import jmergekit.weights.FolderState;
import tools.jackson.databind.node.ObjectNode;

/// The plan for a recipe of adapters. Immutable.
///
/// @param inputs in order of appearance
/// @param tasks the output tensors in output order
/// @param settings its adapter_config.json
public record PlannedAdapter(
        MergeConfig config,
        MergeMethod method,
        List<AdapterInput> inputs,
        List<TensorTask> tasks,
        ObjectNode settings) {
    public PlannedAdapter {
        inputs = List.copyOf(inputs);
        tasks = List.copyOf(tasks);
    }

    /// The files that the tensors go to.
    public ShardLayout layout(Sharding sharding) {
        return sharding.adapter(tasks.stream().map(TensorTask::output).toList());
    }

    /// Labels of the adapters in messages and listings, by number.
    public List<String> labels() {
        return inputs.stream().map(AdapterInput::label).toList();
    }

    /// The adapters' folders by label.
    public Map<String, Path> folders() {
        Map<String, Path> folders = new LinkedHashMap<>();
        inputs.forEach(i -> folders.put(i.label(), i.adapter().folder()));
        return folders;
    }

    /// The states of the adapters' files before any of them was read.
    public List<FolderState> states() {
        return inputs.stream().map(i -> i.adapter().state()).toList();
    }

    /// The highest rank of a module.
    public int rank() {
        return settings.path("r").asInt(0);
    }

    /// The space in which the changes of modules are merged; empty if their factors are
    /// concatenated.
    public Optional<Space> space() {
        return tasks.stream()
                .flatMap(t -> FactorRows.made(t).stream())
                .flatMap(t ->
                        t.work() instanceof Work.Factors factors
                                ? Stream.of(factors.space())
                                : Stream.empty())
                .findFirst();
    }

    /// The listing, without tensors and sizes.
    public Plan.Listing listing() {
        List<String> head = new ArrayList<>();
        head.add("method    %s of adapters".formatted(method.info().name()));
        inputs.forEach(i -> head.add("adapter   " + i.label()));
        head.add("tensors   %d".formatted(tasks.size()));
        space().ifPresent(s -> head.add("space     " + s.word()));
        head.add("rank      %d".formatted(rank()));
        return new Plan.Listing(head, List.of(), List.of());
    }
}
