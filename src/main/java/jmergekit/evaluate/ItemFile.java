package jmergekit.evaluate;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A task's items, as JSON lines: `{"context": …, "continuation": …}`, or
/// `{"context": …, "choices": […], "answer": N}` with N from 0 on. Empty lines are skipped.
public final class ItemFile {
    private static final int LONGEST_LINE = 1 << 20;
    private static final int MOST_ITEMS = 1_000_000;
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_CHOICES = 1000;
    private static final int MOST_PROBLEMS = 20;
    private static final Set<String> KEYS = Set.of("context", "continuation", "choices", "answer");

    private final Path file;
    private final Problems problems = new Problems();
    private final List<Item> items = new ArrayList<>();
    private int line;

    private ItemFile(Path file) {
        this.file = file;
    }

    /// All items, at least one.
    ///
    /// @throws MergeException with each line that is no item, up to twenty
    public static List<Item> read(Path file) {
        return new ItemFile(file).read();
    }

    /// The items that are asked where not all are: the first ones, or with `shuffle` those that a
    /// draw without replacement finds, in the order of the file.
    public static List<Item> some(
            List<Item> items, Optional<Integer> limit, boolean shuffle, long seed) {
        int count = Math.min(limit.orElse(items.size()), items.size());
        if (!shuffle || count == items.size()) {
            return List.copyOf(items.subList(0, count));
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        return order.subList(0, count).stream().sorted().map(items::get).toList();
    }

    private List<Item> read() {
        if (!Files.isRegularFile(file)) {
            String what = Files.exists(file) ? "not a regular file" : "no such file";
            throw new MergeException(Problem.input(file.toString(), what));
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (Files.size(file) > MOST_BYTES) {
                throw refused("too large for a file of items");
            }
            boolean more = true;
            while (more && problems.all().size() < MOST_PROBLEMS) {
                more = readLine(in);
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
        problems.throwIfErrors();
        if (items.isEmpty()) {
            throw refused("has no items");
        }
        return List.copyOf(items);
    }

    private MergeException refused(String what) {
        return new MergeException(Problem.input(file.toString(), what));
    }

    private boolean readLine(InputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        line++;
        int b = in.read();
        while (b >= 0 && b != '\n') {
            if (text.size() == LONGEST_LINE) {
                throw new MergeException(
                        Problem.input(where(), "too long a line")
                                .expected("at most " + LONGEST_LINE + " bytes"));
            }
            text.write(b);
            b = in.read();
        }
        byte[] bytes = text.toByteArray();
        if (!isBlank(bytes)) {
            if (items.size() == MOST_ITEMS) {
                throw refused("has more than " + MOST_ITEMS + " items");
            }
            try {
                add(JsonTree.read(bytes));
            } catch (JacksonException e) {
                refuse(StrictJson.reason(e));
            }
        }
        return b >= 0;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private String where() {
        return file + ":" + line;
    }

    private void refuse(String what) {
        problems.add(Problem.input(where(), what));
    }

    private void add(JsonNode node) {
        int before = problems.all().size();
        if (!node.isObject()) {
            refuse("not a JSON object");
            return;
        }
        JsonNode context = node.path("context");
        if (!context.isString()) {
            refuse("'context' is not a text" + meant(node, "context"));
        }
        if (node.has("choices")) {
            checkChoices(node);
        } else if (!node.path("continuation").isString()) {
            refuse("'continuation' is not a text" + meant(node, "continuation"));
        } else if (node.path("continuation").stringValue().isEmpty()) {
            refuse("'continuation' is empty");
        }
        if (problems.all().size() == before) {
            items.add(item(node, context.stringValue()));
        }
    }

    private static String meant(JsonNode node, String key) {
        List<String> others =
                node.propertyNames().stream().filter(name -> !KEYS.contains(name)).toList();
        return node.has(key)
                ? ""
                : Suggestion.closest(key, others)
                        .map(name -> "; there is '%s' instead".formatted(name))
                        .orElse("");
    }

    private void checkChoices(JsonNode node) {
        JsonNode choices = node.path("choices");
        JsonNode answer = node.path("answer");
        if (node.has("continuation")) {
            refuse("has both 'continuation' and 'choices'");
        }
        if (!choices.isArray() || choices.size() < 2 || choices.size() > MOST_CHOICES) {
            refuse("'choices' is not a list of 2 to " + MOST_CHOICES + " texts");
            return;
        }
        for (JsonNode choice : choices) {
            if (!choice.isString() || choice.stringValue().isEmpty()) {
                refuse("'choices' holds something else than texts");
                return;
            }
        }
        if (!answer.isInt() || answer.intValue() < 0 || answer.intValue() >= choices.size()) {
            refuse("'answer' is not a number from 0 to " + (choices.size() - 1));
        }
    }

    private static Item item(JsonNode node, String context) {
        if (!node.has("choices")) {
            return new Item.Continuation(context, node.path("continuation").stringValue());
        }
        List<String> choices = new ArrayList<>();
        node.path("choices").forEach(choice -> choices.add(choice.stringValue()));
        return new Item.Choice(context, choices, node.path("answer").intValue());
    }
}
