package jmergekit.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Compares an index with its shards.
final class IndexCheck {
    private final WeightIndex index;
    private final Map<String, WeightHeader> shards = new TreeMap<>();
    private final Map<String, String> firstHolder = new HashMap<>();

    /// `read` are the shards whose header could be read; problems of the others are already
    /// reported.
    IndexCheck(WeightIndex index, List<WeightHeader> read) {
        this.index = index;
        for (WeightHeader header : read) {
            shards.put(header.fileName(), header);
            for (TensorEntry entry : header.entries()) {
                firstHolder.putIfAbsent(entry.spec().name(), header.fileName());
            }
        }
    }

    /// Adds one problem for each shard and type of difference.
    void report(Problems problems) {
        Map<String, List<String>> listed = new TreeMap<>();
        index.weightMap()
                .forEach((t, s) -> listed.computeIfAbsent(s, _ -> new ArrayList<>()).add(t));
        listed.forEach((shard, tensors) -> {
            WeightHeader header = shards.get(shard);
            if (header != null) {
                reportLacking(header, tensors, problems);
            }
        });
        shards.values().forEach(header -> reportUnlisted(header, problems));
    }

    private void reportLacking(WeightHeader header, List<String> listed, Problems problems) {
        Map<String, TensorEntry> held = new HashMap<>();
        header.entries().forEach(entry -> held.put(entry.spec().name(), entry));
        List<String> lacking = listed.stream().filter(t -> !held.containsKey(t)).toList();
        List<String> nowhere = lacking.stream().filter(t -> !firstHolder.containsKey(t)).toList();
        if (!nowhere.isEmpty()) {
            problems.add(
                    Problem.input(
                                    header.file().toString(),
                                    "lacks %s that '%s' places in it"
                                            .formatted(Names.tensors(nowhere), index.fileName()))
                            .hint("the shard and the index belong to different models"));
        }
        List<String> elsewhere = lacking.stream().filter(firstHolder::containsKey).toList();
        if (!elsewhere.isEmpty()) {
            problems.add(
                    Problem.input(
                                    index.file().toString(),
                                    "places %s in '%s'"
                                            .formatted(Names.tensors(elsewhere), header.fileName()))
                            .found("in '%s'".formatted(firstHolder.get(elsewhere.getFirst())))
                            .hint("the shards and the index belong to different models"));
        }
    }

    private void reportUnlisted(WeightHeader header, Problems problems) {
        List<String> unlisted =
                header.entries().stream()
                        .map(entry -> entry.spec().name())
                        .filter(tensor -> !index.weightMap().containsKey(tensor))
                        .toList();
        if (!unlisted.isEmpty()) {
            problems.add(
                    Problem.input(
                                    header.file().toString(),
                                    "holds %s that '%s' does not list; used anyway"
                                            .formatted(Names.tensors(unlisted), index.fileName()))
                            .asWarning());
        }
    }
}
