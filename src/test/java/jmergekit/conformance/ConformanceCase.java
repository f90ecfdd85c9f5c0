package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One case of a corpus: `cases/<family>/<name>/case.json` and what lies beside it.
record ConformanceCase(String family, String name, Path folder, JsonNode definition) {

    /// All cases of a corpus by family and name.
    static List<ConformanceCase> all(Path corpus) throws IOException {
        List<ConformanceCase> cases = new ArrayList<>();
        for (Path family : sorted(corpus.resolve("cases"))) {
            for (Path folder : sorted(family)) {
                Path definition = folder.resolve("case.json");
                if (Files.exists(definition)) {
                    cases.add(
                            new ConformanceCase(
                                    family.getFileName().toString(),
                                    folder.getFileName().toString(),
                                    folder.toAbsolutePath(),
                                    Json.read(definition)));
                }
            }
        }
        return cases;
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    /// `family/name`
    String id() {
        return family + "/" + name;
    }

    Path expected() {
        return folder.resolve("expected");
    }

    JsonNode compare() {
        return definition.path("compare");
    }

    boolean is(String flag) {
        return definition.path(flag).asBoolean(false);
    }

    boolean repeatable() {
        return compare().path("property").path("kind").asString("").equals("repeatable");
    }

    /// The command line: the tool's name without `mergekit-`, then its arguments.
    List<String> commandLine(Path out, Path scratch) {
        List<String> line = new ArrayList<>();
        line.add(definition.path("tool").asString().replaceFirst("^mergekit-", ""));
        for (JsonNode argument : definition.path("args").values()) {
            line.add(
                    argument.asString()
                            .replace("{out}", out.toString())
                            .replace("{tmp}", scratch.toString()));
        }
        return line;
    }
}
