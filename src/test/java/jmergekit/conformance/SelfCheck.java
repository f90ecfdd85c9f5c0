package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.conformance.Outcome.Verdict;
import tools.jackson.databind.JsonNode;

/// Tries the checks themselves: what was expected must pass as an output, and every small damage to
/// it must fail.
final class SelfCheck {
    private static final Set<String> NOT_OUTPUT =
            Set.of("oracle.safetensors", "alternative.safetensors");

    private final CaseLists lists;
    private final Path outputs;

    SelfCheck(CaseLists lists, Path outputs) {
        this.lists = lists;
        this.outputs = outputs;
    }

    /// Cases without an expected output are not run.
    Outcome run(ConformanceCase theCase) throws IOException {
        if (theCase.is("expect_error")
                || lists.refused(theCase)
                || theCase.compare().has("property")) {
            return new Outcome(theCase, Verdict.NOT_RUN, List.of());
        }
        Path output = outputs.resolve(theCase.family()).resolve(theCase.name());
        copy(theCase, output);
        List<String> reasons = new ArrayList<>(differences(theCase, output));
        for (Map.Entry<String, Perturbation.Damage> damage :
                Perturbation.of(theCase, lists.allowance(theCase)).entrySet()) {
            copy(theCase, output);
            damage.getValue().apply(output);
            if (differences(theCase, output).isEmpty()) {
                reasons.add("not noticed: " + damage.getKey());
            }
        }
        Tool.delete(output);
        return new Outcome(theCase, reasons.isEmpty() ? Verdict.PASSED : Verdict.FAILED, reasons);
    }

    private List<String> differences(ConformanceCase theCase, Path output) {
        return new OutputCheck(theCase, output, output, lists.allowance(theCase)).differences();
    }

    private static void copy(ConformanceCase theCase, Path output) throws IOException {
        Tool.delete(output);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(theCase.expected())) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            if (!NOT_OUTPUT.contains(file.getFileName().toString())) {
                Path copy = output.resolve(theCase.expected().relativize(file).toString());
                Files.createDirectories(copy.getParent());
                // Bytes only: the corpus may be read-only, the copy is about to be damaged.
                Files.write(copy, Files.readAllBytes(file));
            }
        }
        for (JsonNode name : theCase.compare().path("files_present").values()) {
            Path file = output.resolve(name.asString());
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.createFile(file);
            }
        }
    }
}
