package jmergekit.history;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jmergekit.output.PlanNote;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// How a model was made, as text for a terminal. Text from files cannot move the cursor.
public final class LineageText {
    private final StringBuilder text = new StringBuilder();

    private LineageText() {}

    /// The recipe, the hash of the plan, and the tree of parents.
    public static String of(Lineage model) {
        LineageText printed = new LineageText();
        printed.origin(model);
        printed.tree(model);
        return printed.text.toString();
    }

    private void origin(Lineage model) {
        line(model.name());
        Origin origin = model.origin().orElseThrow();
        line("  made by   " + maker(origin));
        origin.note()
                .ifPresent(note -> {
                    line("  plan      " + note.plan());
                    note.settings().ifPresent(s -> line("  settings  " + settings(s)));
                    note.plugins()
                            .forEach((method, plugin) ->
                                    line("  plugin    " + method + " of " + plugin));
                });
        origin.recipe()
                .ifPresent(recipe -> {
                    line("  recipe    " + origin.file().orElseThrow());
                    recipe.strip().lines().forEach(l -> line("    " + l));
                });
    }

    private static String maker(Origin origin) {
        String program = origin.note().flatMap(PlanNote::program).map(p -> ", " + p).orElse("");
        return switch (origin.kind()) {
            case MERGE ->
                    origin.method().map(m -> "a merge: " + m).orElse("a recipe that cannot be read")
                            + program;
            case MIXTURE ->
                    (origin.method().isPresent()
                                    ? "a mixture of experts"
                                    : "a recipe that cannot be read")
                            + program;
            case TRANSPLANT -> "a transplant of a tokenizer" + program;
            case ADAPTER -> "training or extraction of an adapter";
            case UNKNOWN -> "unknown: the folder has no recipe";
        };
    }

    private static String settings(PlanNote.Settings settings) {
        return "seed %d, shards of %s%s%s, experts as %s"
                .formatted(
                        settings.seed(),
                        ByteSize.text(settings.shardBytes()),
                        settings.safeSerialization() ? "" : " in PyTorch's format",
                        settings.copyTokenizer() ? "" : ", tokenizer not copied",
                        settings.experts().name().toLowerCase(Locale.ROOT));
    }

    private void tree(Lineage model) {
        if (model.parents().isEmpty()) {
            return;
        }
        line("");
        line(model.name());
        branches(model.parents(), "");
    }

    private void branches(List<Lineage> parents, String indent) {
        for (int i = 0; i < parents.size(); i++) {
            Lineage parent = parents.get(i);
            boolean last = i == parents.size() - 1;
            line(indent + (last ? "└── " : "├── ") + parent.name() + about(parent));
            branches(parent.parents(), indent + (last ? "    " : "│   "));
        }
    }

    private static String about(Lineage model) {
        String role = model.role().isEmpty() ? "" : " (" + model.role() + ")";
        Optional<String> made =
                model.origin()
                        .filter(o -> o.kind() != Origin.Kind.UNKNOWN)
                        .map(o -> o.method().orElse(o.kind().name().toLowerCase(Locale.ROOT)));
        return role
                + switch (model.place()) {
                    case HERE -> made.map(m -> ": " + m).orElse("");
                    case LISTED -> ": see above";
                    case ELSEWHERE -> ": not on this machine";
                };
    }

    private void line(String line) {
        text.append(Printable.line(line)).append('\n');
    }
}
