package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.shards.ShardLayout;

/// The shards of a layout that are still to be made, numbered from 0.
///
/// @param missing shards without a file
/// @param damaged shards whose file has the wrong size or head, or has no record
record UnfinishedShards(ShardLayout layout, List<Integer> missing, List<Integer> damaged) {
    private static final int SHOWN = 5;
    private static final int RANGES_SHOWN = 20;

    static UnfinishedShards of(ShardRecords records, ShardLayout layout) throws IOException {
        Set<String> finished = records.finished(layout).keySet();
        List<Integer> missing = new ArrayList<>();
        List<Integer> damaged = new ArrayList<>();
        for (int i = 0; i < layout.shards().size(); i++) {
            String name = layout.shards().get(i).fileName();
            if (!finished.contains(name)) {
                boolean isThere =
                        Files.exists(records.folder().resolve(name), LinkOption.NOFOLLOW_LINKS);
                (isThere ? damaged : missing).add(i);
            }
        }
        return new UnfinishedShards(layout, missing, damaged);
    }

    /// All shards of a layout, where nothing has been made yet.
    static UnfinishedShards all(ShardLayout layout) {
        List<Integer> all = IntStream.range(0, layout.shards().size()).boxed().toList();
        return new UnfinishedShards(layout, all, List.of());
    }

    private List<Integer> both() {
        return IntStream.concat(
                        missing.stream().mapToInt(Integer::intValue),
                        damaged.stream().mapToInt(Integer::intValue))
                .sorted()
                .boxed()
                .toList();
    }

    /// What stops the output from being published, if anything does.
    ///
    /// @param where the folder of the shards
    Optional<Problem> problem(String where) {
        List<Integer> all = both();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        if (!missing.isEmpty()) {
            texts.add(text(missing, "missing"));
        }
        if (!damaged.isEmpty()) {
            texts.add(text(damaged, "damaged"));
        }
        return Optional.of(
                Problem.output(where, String.join("; ", texts))
                        .hint("make them with 'mergekit part' and --shards " + ranges(all)));
    }

    private String text(List<Integer> shards, String what) {
        List<String> names = shards.stream().map(i -> layout.shards().get(i).fileName()).toList();
        return "shards are %s, %d of %d: %s"
                .formatted(what, shards.size(), layout.shards().size(), ShortList.of(names, SHOWN));
    }

    // Counted from 1, as in the file names.
    private static String ranges(List<Integer> shards) {
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < shards.size(); ) {
            int first = shards.get(i);
            int last = first;
            for (i++; i < shards.size() && shards.get(i) == last + 1; i++) {
                last++;
            }
            ranges.add(first == last ? "" + (first + 1) : (first + 1) + "-" + (last + 1));
        }
        String shown = String.join(",", ranges.subList(0, Math.min(RANGES_SHOWN, ranges.size())));
        return ranges.size() <= RANGES_SHOWN ? shown : shown + ", and more after these";
    }
}
