package jmergekit.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.problem.Printable;
import jmergekit.tensor.NameRanges;

/// The tensors of a large plan in few blocks of text: those that are made in the same way and differ
/// only in numbers of their names are one.
final class FoldedTensors {
    /// Plans of more tensors than this are worth folding.
    private static final int MANY = 100;

    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,9}(?=\\.)");

    /// For a source that is called as its output is.
    private static final String SAME = "=";

    private FoldedTensors() {}

    /// What a plan says of a tensor.
    interface Block {
        /// The names of the sources that the text calls by name, in its order.
        List<String> names(TensorTask task);

        /// @param output what to call the output
        /// @param sources what to call its sources
        String text(TensorTask task, String output, List<String> sources);
    }

    /// The tensors of a plan: file by file, or in a large plan with those folded that are made alike.
    ///
    /// @param all whether to list each tensor of a large plan too
    static String text(Plan plan, boolean all, Block block) {
        boolean every = all || plan.tasks().size() <= MANY;
        StringBuilder text = new StringBuilder();
        plan.tasksByFile()
                .forEach((file, tasks) -> {
                    if (every) {
                        text.append('\n').append(Printable.line(file)).append('\n');
                        tasks.forEach(t -> text.append(block(t, block)));
                    } else {
                        String line = "file      %s: %d tensors".formatted(file, tasks.size());
                        text.append(Printable.line(line)).append('\n');
                    }
                });
        if (!every) {
            text.append("\nequal tensors of all layers in one line; -v lists each\n");
            blocks(plan.tasks(), block).forEach(text::append);
        }
        return text.toString();
    }

    /// A block for each group, in the order in which the groups are met.
    static List<String> blocks(Collection<TensorTask> tasks, Block block) {
        Map<String, List<TensorTask>> groups = new LinkedHashMap<>();
        for (TensorTask task : tasks) {
            String output = task.output().name();
            List<String> relative =
                    block.names(task).stream().map(source -> relative(output, source)).toList();
            String key = block.text(task, form(output), relative);
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(task);
        }
        return groups.values().stream().map(group -> block(group, block)).toList();
    }

    /// The block of a tensor by itself.
    static String block(TensorTask task, Block block) {
        return block(List.of(task), block);
    }

    private static String block(List<TensorTask> group, Block block) {
        TensorTask first = group.getFirst();
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < block.names(first).size(); i++) {
            int source = i;
            sources.add(folded(group, task -> block.names(task).get(source)));
        }
        return block.text(first, folded(group, task -> task.output().name()), sources);
    }

    // One number after the other: `layers.[0-1].experts.[0-7].up_proj`.
    private static String folded(List<TensorTask> group, Function<TensorTask, String> name) {
        List<String> names = group.stream().map(name).distinct().toList();
        List<String> fewer = NameRanges.of(names);
        while (fewer.size() < names.size()) {
            names = fewer;
            fewer = NameRanges.of(names);
        }
        return String.join(", ", names);
    }

    private static String form(String name) {
        return NUMBER.matcher(name).replaceAll("#");
    }

    // A source from another layer goes with those that are as far from their outputs.
    private static String relative(String output, String source) {
        if (source.equals(output)) {
            return SAME;
        }
        List<Integer> from = numbers(output);
        List<Integer> to = numbers(source);
        if (from.size() != to.size()) {
            return source;
        }
        StringBuilder distances = new StringBuilder(form(source));
        for (int i = 0; i < from.size(); i++) {
            distances.append(' ').append(to.get(i) - from.get(i));
        }
        return distances.toString();
    }

    private static List<Integer> numbers(String name) {
        Matcher number = NUMBER.matcher(name);
        return number.results().map(r -> Integer.valueOf(r.group())).toList();
    }
}
