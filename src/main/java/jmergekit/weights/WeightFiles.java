package jmergekit.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// The weight files of a model folder by name, sorted, all of one format.
record WeightFiles(Path folder, WeightFormat format, List<String> names) {
    /// The most missing shards that are counted.
    private static final int LISTED = 100;

    /// Suffixes of weight files.
    private static final List<String> SUFFIXES =
            List.of(".safetensors", ".bin", ".pt", ".pth", ".ckpt");

    private static final Pattern SHARD = Pattern.compile("(.+)-(\\d{5,9})-of-(\\d{5,9})\\.[a-z]+");

    /// The files of the first format that has any, or an index. Throws a [MergeException] if none
    /// has, or if the folder cannot be listed.
    static WeightFiles list(WeightFolder folder, List<WeightFormat> formats) {
        // Hidden files are leftovers of editors and file systems.
        List<String> all =
                folder.names().stream().filter(n -> !n.startsWith(".")).sorted().toList();
        for (WeightFormat format : formats) {
            List<String> names = all.stream().filter(format::isWeights).toList();
            if (!names.isEmpty() || folder.holds(format.index())) {
                return new WeightFiles(folder.path(), format, names);
            }
        }
        throw new MergeException(noWeights(folder.path(), all, formats));
    }

    private static Problem noWeights(Path folder, List<String> all, List<WeightFormat> formats) {
        String expected =
                formats.stream()
                        .map(f -> "%s, %s".formatted(f.single(), f.index()) + any(f))
                        .collect(Collectors.joining(", or "));
        Problem none =
                Problem.input(folder.toString(), "holds no model weights").expected(expected);
        List<String> other =
                all.stream().filter(n -> formats.stream().anyMatch(f -> f.isOther(n))).toList();
        return other.isEmpty() ? none : none.found("only " + Names.list(other));
    }

    // Derived from the accepted names: a list of suffixes would duplicate that.
    private static String any(WeightFormat format) {
        List<String> suffixes = SUFFIXES.stream().filter(s -> format.isWeights("any" + s)).toList();
        return suffixes.isEmpty() ? "" : ", any one *" + String.join(" or *", suffixes) + " file";
    }

    /// The files to read when there is no index, sorted by name; none after an error.
    List<String> withoutIndex(Problems problems) {
        if (names.contains(format.single())) {
            return List.of(format.single());
        }
        Map<String, List<String>> sets = shardSets();
        if (sets.isEmpty() && names.size() == 1) {
            return names;
        }
        if (sets.size() != 1) {
            problems.add(
                    Problem.input(
                                    folder.toString(),
                                    "holds several weight files and no index: " + Names.list(names))
                            .hint("keep one model in the folder, or add " + format.index()));
            return List.of();
        }
        List<String> set = sets.values().iterator().next();
        checkComplete(set, problems);
        return set;
    }

    /// Shards with the same model name and the same count, by both.
    private Map<String, List<String>> shardSets() {
        Map<String, List<String>> sets = new TreeMap<>();
        for (String name : names) {
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
            String number = String.format(Locale.ROOT, "%0" + count.length() + "d", i);
            String name = "%s-%s-of-%s%s".formatted(first.group(1), number, count, format.suffix());
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
                            .hint("download the missing shards"));
        }
    }

    /// Warns of candidates that are not read.
    void warnOfUnread(Collection<String> read, Problems problems) {
        for (String name : names) {
            if (!read.contains(name)) {
                problems.add(
                        Problem.input(
                                        folder.resolve(name).toString(),
                                        "is not one of the model's weight files and is not read")
                                .asWarning());
            }
        }
    }
}
