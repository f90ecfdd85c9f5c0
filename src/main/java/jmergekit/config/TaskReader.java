package jmergekit.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads `tasks`: names, or mappings with `name`.
record TaskReader(Problems problems) {
    private static final String ENTRY = "an entry of 'tasks'";

    List<TaskConfig> read(Fields root) {
        List<TaskConfig> tasks = new ArrayList<>();
        for (YamlNode item : root.items("tasks", "a list of tasks")) {
            task(item).ifPresent(tasks::add);
        }
        refuseEqualNames(tasks);
        if (!tasks.isEmpty() && tasks.stream().allMatch(t -> t.weight() == 0)) {
            problems.add(
                    Problem.recipe(tasks.getFirst().name().at(), "all tasks have weight 0")
                            .expected("at least one weight other than 0")
                            .found("weights of 0"));
        }
        return tasks;
    }

    private void refuseEqualNames(List<TaskConfig> tasks) {
        Map<String, Location> seen = new HashMap<>();
        for (TaskConfig task : tasks) {
            String name = task.name().value();
            Location first = seen.putIfAbsent(name, task.name().at());
            if (first != null) {
                problems.add(
                        Problem.recipe(task.name().at(), "duplicate task '%s'".formatted(name))
                                .expected("a unique name")
                                .found("the first one on line " + first.line()));
            }
        }
    }

    private Optional<TaskConfig> task(YamlNode item) {
        if (item instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
            Located<String> name = new Located<>(scalar.text(), scalar.at());
            return Optional.of(
                    new TaskConfig(
                            name,
                            1,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        return Fields.of(item, Section.TASK, ENTRY, problems).flatMap(this::task);
    }

    private Optional<TaskConfig> task(Fields fields) {
        fields.required("name", ENTRY);
        Optional<Located<String>> name = fields.text("name");
        double weight = fields.number("weight").map(Located::value).orElse(1.0);
        Optional<Located<String>> metric = fields.text("metric");
        Optional<Located<String>> items = fields.text("file");
        Optional<Located<String>> heldOut = fields.text("held_out");
        Optional<Located<String>> extract = fields.text("extract");
        extract.ifPresent(this::checkPattern);
        return name.map(n -> new TaskConfig(n, weight, metric, items, heldOut, extract));
    }

    private void checkPattern(Located<String> extract) {
        try {
            Pattern.compile(extract.value());
        } catch (PatternSyntaxException e) {
            problems.add(
                    Problem.recipe(extract.at(), "'extract' is not a regular expression")
                            .found(e.getDescription().toLowerCase(Locale.ROOT)));
        }
    }
}
