package jmergekit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PromiseTest {
    private static String difference(List<String> promised, List<String> found) {
        return Promise.difference(new TreeSet<>(promised), new TreeSet<>(found));
    }

    @Test
    void noChangeHasNoMessage() {
        assertThat(difference(List.of("a", "b"), List.of("b", "a"))).isEmpty();
    }

    @Test
    void messageNamesWhatWasRemovedAndAddedAndHowToAcceptIt() {
        assertThat(difference(List.of("a", "b: text"), List.of("a", "b: number", "c")))
                .contains("- b: text\n+ b: number\n+ c\n", "Users rely on the removed lines")
                .contains("CHANGELOG.md", "-Djmergekit.promises.write=true");
    }

    @Test
    void additionsAreCompatible() {
        assertThat(difference(List.of("a"), List.of("a", "c")))
                .contains("+ c\n", "Only additions, which are compatible");
    }
}
