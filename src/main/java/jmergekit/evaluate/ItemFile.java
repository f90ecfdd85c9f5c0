package jmergekit.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A file of items, in UTF-8, with one JSON object per line: `{"context": …, "continuation": …}` or
/// `{"context": …, "choices": […], "answer": N}`, with N counted from 0; all items have the same
/// type. Other keys and empty lines are ignored.
final class ItemFile {
    /// Far more than a search uses.
    private static final int MOST_ITEMS = 100_000;

    private static final int MOST_LINE_BYTES = 1 << 20;
    private static final int MOST_CHOICES = 1000;

    /// A file of another format is wrong in every line.
    private static final int MOST_PROBLEMS = 10;

    private static final String CONTINUATION = "continuation";
    private static final String CHOICES = "choices";
    private static final String ANSWER = "answer";

    private final Path file;
    private final List<Item> items = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private final Problems problems = new Problems();
    private int line;

    private ItemFile(Path file) {
        this.file = file;
    }

    /// The valid items in order; errors go to `problems`.
    static List<Item> read(Path file, Problems problems) {
        ItemFile reading = new ItemFile(file);
        reading.read();
        problems.addAll(reading.problems);
        return List.copyOf(reading.items);
    }

    /// The location of an item: the file and its line, or the file if it no longer exists.
    static String place(Path file, Item item) {
        ItemFile reading = new ItemFile(file);
        reading.read();
        int index = reading.items.indexOf(item);
        return index < 0 ? file.toString() : file + ":" + reading.lines.get(index);
    }

    private void read() {
        // Reading a pipe or a device might never end.
        if (!Files.isRegularFile(file)) {
            problems.add(
                    Problem.input(
                            file.toString(),
                            Files.exists(file) ? "not a regular file" : "no such file"));
            return;
        }
        try (Lines lines = new Lines(file, MOST_LINE_BYTES)) {
            Optional<byte[]> next = next(lines);
            while (next.isPresent() && problems.all().size() < MOST_PROBLEMS) {
                add(next.get());
                next = next(lines);
            }
        } catch (Lines.TooLongException e) {
            problems.add(
                    problem("the line is too long")
                            .expected("at most " + MOST_LINE_BYTES + " bytes"));
        } catch (IOException e) {
            problems.add(Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)));
        }
        if (items.isEmpty() && !problems.hasErrors()) {
            problems.add(Problem.input(file.toString(), "has no items"));
        }
    }

    private Optional<byte[]> next(Lines lines) throws IOException {
        line++;
        return lines.next();
    }

    private Problem problem(String what) {
        return Problem.input(file + ":" + line, what);
    }

    private void add(byte[] text) {
        if (isBlank(text)) {
            return;
        }
        try {
            Item item = item(JsonTree.read(text));
            if (!items.isEmpty() && items.getFirst().getClass() != item.getClass()) {
                throw new MergeException(
                        problem("an item of another type than those before it")
                                .expected(kind(items.getFirst()))
                                .found(kind(item)));
            }
            if (items.size() == MOST_ITEMS) {
                throw new MergeException(
                        problem("too many items").expected("at most " + MOST_ITEMS));
            }
            items.add(item);
            lines.add(line);
        } catch (JacksonException e) {
            problems.add(problem(StrictJson.reason(e)));
        } catch (MergeException e) {
            problems.add(e);
        }
    }

    private static String kind(Item item) {
        return switch (item) {
            case Item.Continuation _ -> "'" + CONTINUATION + "'";
            case Item.Choice _ -> "'" + CHOICES + "' and '" + ANSWER + "'";
        };
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private Item item(JsonNode node) {
        if (!node.isObject()) {
            throw refused("not a JSON object", "{\"context\": …, \"continuation\": …}", node);
        }
        String context = text(node.path("context"), "'context'");
        if (node.has(CONTINUATION) == node.has(CHOICES)) {
            throw new MergeException(
                    problem("an item has either a continuation or choices")
                            .expected("one of 'continuation' and 'choices'")
                            .found(node.has(CHOICES) ? "both" : "neither"));
        }
        if (node.has(CONTINUATION)) {
            return new Item.Continuation(
                    context, filled(node.path(CONTINUATION), "'" + CONTINUATION + "'"));
        }
        List<String> choices = choices(node.path(CHOICES));
        JsonNode answer = node.path(ANSWER);
        if (!answer.isIntegralNumber()
                || !answer.canConvertToInt()
                || answer.intValue() < 0
                || answer.intValue() >= choices.size()) {
            throw refused(
                    "'answer' is not the number of a choice",
                    "0 to " + (choices.size() - 1),
                    answer);
        }
        return new Item.Choice(context, choices, answer.intValue());
    }

    private List<String> choices(JsonNode node) {
        if (!node.isArray() || node.size() < 2 || node.size() > MOST_CHOICES) {
            throw refused(
                    "'choices' is wrong", "a list of 2 to %d texts".formatted(MOST_CHOICES), node);
        }
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            choices.add(filled(node.get(i), "choice " + i));
        }
        return List.copyOf(choices);
    }

    private String filled(JsonNode node, String what) {
        String text = text(node, what);
        if (text.isEmpty()) {
            throw new MergeException(problem(what + " is empty"));
        }
        return text;
    }

    private String text(JsonNode node, String what) {
        if (!node.isString()) {
            throw refused(what + " is missing or wrong", "a text", node);
        }
        return node.stringValue();
    }

    private MergeException refused(String what, String expected, JsonNode found) {
        String text = found.isMissingNode() ? "none" : found.toString();
        return new MergeException(
                problem(what)
                        .expected(expected)
                        .found(text.length() > 80 ? text.substring(0, 80) + "…" : text));
    }
}
