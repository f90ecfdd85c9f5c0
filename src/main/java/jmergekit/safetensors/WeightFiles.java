package jmergekit.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The weight files of a model folder by name, each list sorted: candidates, PyTorch files, and
/// safetensors files that hold something else than the model's own tensors.
record WeightFiles(Path folder, List<String> safetensors, List<String> torch, List<String> other) {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String SUFFIX = ".safetensors";

    /// Most missing shards that are counted.
    private static final int LISTED = 100;

    private static final Pattern OTHER = Pattern.compile("(adapter_|consolidated).*");
    private static final Pattern TORCH = Pattern.compile("pytorch_model.*\\.bin|.*\\.pth?");
    private static final Pattern SHARD =
            Pattern.compile("(.+)-(\\d{5,9})-of-(\\d{5,9})\\.safetensors");

    /// Throws a [MergeException] for a folder that cannot be listed.
    static WeightFiles list(WeightFolder folder) {
        List<String> safetensors = new ArrayList<>();
        List<String> torch = new ArrayList<>();
        List<String> other = new ArrayList<>();
        for (String name : folder.names()) {
            // Hidden files are what editors and file systems leave behind.
            if (name.startsWith(".")) {
                continue;
            }
            if (name.endsWith(SUFFIX)) {
                (OTHER.matcher(name).matches() ? other : safetensors).add(name);
            } else if (TORCH.matcher(name).matches()) {
                torch.add(name);
            }
        }
        List.of(safetensors, torch, other).forEach(l -> l.sort(Comparator.naturalOrder()));
        return new WeightFiles(folder.path(), safetensors, torch, other);
    }

    /// The files to read when there is no index, in order of name; none after an error.
    List<String> withoutIndex(Problems problems) {
        if (safetensors.isEmpty()) {
            problems.add(noWeights());
            return List.of();
        }
        if (safetensors.contains(SINGLE)) {
            return List.of(SINGLE);
        }
        Map<String, List<String>> sets = shardSets();
        if (sets.isEmpty() && safetensors.size() == 1) {
            return safetensors;
        }
        if (sets.size() != 1) {
            problems.add(
                    Problem.input(
                                    folder.toString(),
                                    "holds several weight files and no index: "
                                            + Names.list(safetensors))
                            .hint("keep one model in the folder, or add " + INDEX));
            return List.of();
        }
        List<String> set = sets.values().iterator().next();
        checkComplete(set, problems);
        return set;
    }

    /// Shards that name the same model and the same count, by both.
    private Map<String, List<String>> shardSets() {
        Map<String, List<String>> sets = new TreeMap<>();
        for (String name : safetensors) {
            Matcher shard = SHARD.matcher(name);
            if (shard.matches()) {
                sets.computeIfAbsent(shard.group(1) + "/" + shard.group(3), _ -> new ArrayList<>())
                        .add(name);
            }
        }
        return sets;
    }

    private void checkComplete(List<String> set, Problems problems) {
        Matcher first = SHARD.matcher(set.getFirst());
        if (!first.matches()) {
            throw new IllegalArgumentException(set.getFirst());
        }
        String count = first.group(3);
        List<String> missing = new ArrayList<>();
        for (int i = 1; i <= Integer.parseInt(count) && missing.size() < LISTED; i++) {
            String number = ("%0" + count.length() + "d").formatted(i);
            String name = "%s-%s-of-%s.safetensors".formatted(first.group(1), number, count);
            if (!set.contains(name)) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            problems.add(
                    Problem.input(
                                    folder.toString(),
                                    "holds %d of %d shards; missing: %s"
                                            .formatted(
                                                    set.size(),
                                                    Integer.parseInt(count),
                                                    Names.list(missing)))
                            .hint("download the missing ones"));
        }
    }

    /// Mentions the candidates that are left aside.
    void warnOfUnread(Collection<String> read, Problems problems) {
        for (String name : safetensors) {
            if (!read.contains(name)) {
                problems.add(
                        Problem.input(
                                        folder.resolve(name).toString(),
                                        "is not one of the model's weight files and is not read")
                                .asWarning());
            }
        }
    }

    private Problem noWeights() {
        if (!torch.isEmpty()) {
            return Problem.input(
                            folder.toString(),
                            "holds PyTorch checkpoint files, which this version does not read yet: "
                                    + Names.list(torch))
                    .hint("convert them to safetensors");
        }
        Problem none =
                Problem.input(folder.toString(), "holds no model weights")
                        .expected(INDEX + ", " + SINGLE + " or another *" + SUFFIX);
        return other.isEmpty() ? none : none.found("only " + Names.list(other));
    }
}
