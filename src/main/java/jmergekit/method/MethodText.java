package jmergekit.method;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Descriptions of the merge methods for the terminal.
public final class MethodText {
    private static final int WIDTH = 100;

    private MethodText() {}

    /// A line for each method.
    public static String table(List<MergeMethod> methods) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("METHOD", "MODELS", "BASE MODEL", "WHAT IT DOES"));
        for (MergeMethod method : methods) {
            MethodInfo info = method.info();
            rows.add(List.of(info.name(), info.modelsText(), info.baseText(), info.summary()));
        }
        return columns(rows)
                + "\n'mergekit methods NAME' shows a method's parameters, formula and an example.\n";
    }

    /// Everything about one method.
    public static String page(MethodInfo info) {
        StringBuilder text = new StringBuilder();
        text.append(info.name()).append(": ").append(info.summary()).append("\n\n");
        text.append("models      ").append(info.modelsText()).append('\n');
        text.append("base model  ").append(info.baseText()).append('\n');
        info.reference().ifPresent(url -> text.append("source      ").append(url).append('\n'));
        info.plugin().ifPresent(p -> text.append("plugin      ").append(p).append('\n'));
        if (info.random()) {
            text.append("random      seeded by --random-seed; every run gives the same bytes\n");
        }
        text.append("\nResult\n").append(wrapped(info.formula())).append('\n');
        appendParameters(text, "Parameters", info.ownParams());
        appendParameters(text, "Parameters for steps after the merge", info.commonParams());
        example(info.name()).ifPresent(e -> text.append("\nExample\n").append(indented(e)));
        return text.toString();
    }

    private static void appendParameters(StringBuilder text, String title, List<Param> params) {
        if (!params.isEmpty()) {
            text.append('\n').append(title).append('\n').append(indented(parameters(params)));
        }
    }

    private static String parameters(List<Param> params) {
        List<List<String>> rows = new ArrayList<>();
        for (Param param : params) {
            String whose = param.perModel() ? "each model" : "the merge";
            rows.add(
                    List.of(
                            param.name(),
                            whose,
                            param.defaultText(),
                            param.valuesText(),
                            param.summary()));
        }
        rows.addFirst(List.of("NAME", "SET FOR", "DEFAULT", "VALUES", "WHAT IT IS"));
        return columns(rows);
    }

    // A method that does not come with the program has no example.
    private static Optional<String> example(String name) {
        String file = "/jmergekit/examples/" + name + ".yml";
        try (InputStream in = MethodText.class.getResourceAsStream(file)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String columns(List<List<String>> rows) {
        int last = rows.getFirst().size() - 1;
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                int column = i;
                int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
                text.append(row.get(i)).append(" ".repeat(width + 2 - row.get(i).length()));
            }
            text.append(row.get(last)).append('\n');
        }
        return text.toString();
    }

    private static String wrapped(String sentence) {
        StringBuilder text = new StringBuilder("  ");
        int column = 2;
        for (String word : sentence.split(" ")) {
            if (column + word.length() >= WIDTH) {
                text.append("\n  ");
                column = 2;
            }
            text.append(word).append(' ');
            column += word.length() + 1;
        }
        return text.toString().stripTrailing();
    }

    private static String indented(String text) {
        return text.indent(2);
    }
}
