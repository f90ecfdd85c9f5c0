package jmergekit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ShortListTest {
    private static final List<String> THREE = List.of("a", "b", "c");

    @Test
    void allAreShownIfTheyAreFew() {
        assertThat(ShortList.of(THREE, 3)).isEqualTo("a, b, c");
        assertThat(ShortList.quoted(THREE, 3)).isEqualTo("'a', 'b', 'c'");
        assertThat(ShortList.ofFragments(THREE, 3)).isEqualTo("a; b; c");
    }

    @Test
    void ofManyTheRestIsCounted() {
        assertThat(ShortList.of(THREE, 2)).isEqualTo("a, b and 1 more");
        assertThat(ShortList.quoted(THREE, 1)).isEqualTo("'a' and 2 more");
        assertThat(ShortList.ofFragments(THREE, 2)).isEqualTo("a; b; and 1 more like this");
    }

    @Test
    void textsAreTakenAsTheyAre() {
        assertThat(ShortList.of(List.of("100 %d", "b"), 1)).isEqualTo("100 %d and 1 more");
    }
}
