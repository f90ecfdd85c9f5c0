package jmergekit.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tile.CounterRandom;
import jmergekit.weights.IoReason;

/// The items of a task.
///
/// @param search items used during a search
/// @param heldOut items not used during it: the task's held-out file, or else a third of the items,
///     rounded down: the last ones, or a random third
record TaskItems(Task task, List<Item> search, List<Item> heldOut) {
    private static final int SHARE = 3;

    List<Item> of(Split split) {
        return switch (split) {
            case SEARCH -> search;
            case HELD_OUT -> heldOut;
        };
    }

    /// The file that these items are from.
    Path file(Split split) {
        Path searched = task.items().orElseThrow();
        return split == Split.SEARCH ? searched : task.heldOut().orElse(searched);
    }

    /// The number of held-out items that the search also uses.
    int shared() {
        Set<Item> asked = new HashSet<>(search);
        return (int) heldOut.stream().filter(asked::contains).count();
    }

    /// Reads the items of tasks.
    ///
    /// @param limit most items of each task that a search uses; the held-out items do not depend on
    ///     it
    /// @param shuffle whether items are drawn at random; otherwise the first ones are used
    /// @throws MergeException with everything that is wrong with the files
    static List<TaskItems> read(
            List<Task> tasks, Optional<Integer> limit, boolean shuffle, long seed) {
        Problems problems = new Problems();
        OptionalLong shuffled = shuffle ? OptionalLong.of(seed) : OptionalLong.empty();
        List<TaskItems> all = new ArrayList<>();
        for (Task task : tasks) {
            if (task.items().isEmpty()) {
                problems.add(
                        Problem.usage(task.name(), "the task has no file of items")
                                .hint("set 'file' to its path"));
                continue;
            }
            Path file = task.items().get();
            if (task.heldOut().isPresent() && isSame(file, task.heldOut().get())) {
                problems.add(
                        Problem.usage(
                                        task.name(),
                                        "the held-out items are the same as those of the search")
                                .found("'" + file + "' for both")
                                .hint(
                                        "use another file, or none: then a third of the items is held out"));
            }
            List<Item> items = ItemFile.read(file, problems);
            Optional<List<Item>> heldOut = task.heldOut().map(f -> ItemFile.read(f, problems));
            if (heldOut.isEmpty() && items.size() < SHARE && !problems.hasErrors()) {
                problems.add(
                        Problem.input(file.toString(), "too few items to hold out a third of them")
                                .expected("at least " + SHARE)
                                .found(String.valueOf(items.size())));
            }
            all.add(split(task, items, heldOut, limit, shuffled));
        }
        problems.throwIfErrors();
        return List.copyOf(all);
    }

    private static TaskItems split(
            Task task,
            List<Item> items,
            Optional<List<Item>> heldOut,
            Optional<Integer> limit,
            OptionalLong shuffled) {
        List<Integer> order = order(items.size(), shuffled);
        int held = heldOut.isPresent() ? 0 : items.size() / SHARE;
        int searched = items.size() - held;
        int asked = Math.min(searched, limit.orElse(searched));
        return new TaskItems(
                task,
                inFileOrder(items, order.subList(0, asked)),
                heldOut.orElseGet(() -> inFileOrder(items, order.subList(searched, order.size()))));
    }

    private static boolean isSame(Path file, Path other) {
        try {
            return Files.exists(file) && Files.exists(other) && Files.isSameFile(file, other);
        } catch (IOException e) {
            throw new MergeException(Problem.input(other.toString(), IoReason.of(e)), e);
        }
    }

    // The same for all tasks with this number of items: a file that two tasks use is split the same
    // way.
    private static List<Integer> order(int count, OptionalLong seed) {
        List<Integer> order = new ArrayList<>();
        long key = CounterRandom.key(seed.orElse(0), "items", 0);
        for (int i = 0; i < count; i++) {
            int j = seed.isPresent() ? (int) (CounterRandom.uniform(key, i) * (i + 1)) : i;
            order.add(i);
            order.set(i, order.get(j));
            order.set(j, i);
        }
        return order;
    }

    private static List<Item> inFileOrder(List<Item> items, List<Integer> chosen) {
        BitSet taken = new BitSet();
        chosen.forEach(taken::set);
        return taken.stream().mapToObj(items::get).toList();
    }
}
