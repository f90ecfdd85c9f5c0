package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.MergeProblem;
import org.junit.jupiter.api.Test;

final class TrialsTest {
    private static String report(String where, OptionalInt line, String report) {
        return Trials.report(
                new MergeProblem(
                        MergeProblem.Kind.RECIPE,
                        false,
                        where,
                        "unknown dtype",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        line,
                        report));
    }

    @Test
    void aLineIsOneOfTheCandidatesRecipe() {
        assertThat(report("recipe:7:8", OptionalInt.of(7), "recipe:7:8: unknown dtype\n 7 | x"))
                .isEqualTo("line 7 of its recipe: unknown dtype\n 7 | x");
        assertThat(report("config.json", OptionalInt.empty(), "config.json: unknown dtype"))
                .isEqualTo("config.json: unknown dtype");
    }
}
