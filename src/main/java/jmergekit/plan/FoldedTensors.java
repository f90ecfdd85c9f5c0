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

/// The tensors of a large plan in a few blocks of text: tensors that are made in the same way and
/// whose names differ only in numbers are folded into one block.
final class FoldedTensors {
    /// Plans with more tensors than this are folded.
    private static final int MANY = 100;

    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d{1,9}(?=\\.)");

    /// Stands for a source that has the name of its output.
    private static final String SAME = "=";

    private FoldedTensors() {}

    /// How a plan describes a tensor.
    interface Block {
        /// The names of the sources that the text names, in its order.
        List<String> names(TensorTask task);

        /// @param output what to call the output
        /// @param sources what to call its sources
        String text(TensorTask task, String output, List<String> sources);
    }

    /// The tensors of a plan, file by file; in a large plan, tensors that are made alike are
    /// folded.
    ///
    /// @param all whether to list every tensor of a large plan too
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
            text.append("\nsimilar tensors of all layers are folded; -v lists each\n");
            blocks(plan.tasks(), block).forEach(text::append);
        }
        return text.toString();
    }

    /// A block for each group, in the order in which the groups first appear.
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

    /// The block of a single tensor.
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

    // One number after the other is folded: `layers.[0-1].experts.[0-7].up_proj`.
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

    // Sources from other layers are grouped by the distance from their outputs.
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
