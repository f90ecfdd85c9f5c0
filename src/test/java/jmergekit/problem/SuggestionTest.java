package jmergekit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionTest {
    private static final List<String> METHODS =
            List.of("linear", "dare_linear", "dare_ties", "ties", "task_arithmetic", "della");

    @ParameterizedTest
    @CsvSource({
        "lineer, linear",
        "Linear, linear",
        "dare-ties, dare_ties",
        "teis, ties",
        "task, task_arithmetic",
        "ties_dare, dare_ties",
        "task_arithmatic, task_arithmetic",
    })
    void aNameThatIsCloseOrMadeOfTheSameWords(String name, String meant) {
        assertThat(Suggestion.didYouMean(name, METHODS))
                .isEqualTo(" (did you mean '" + meant + "'?)");
    }

    @Test
    void aFamilysNameBringsItsMembers() {
        assertThat(Suggestion.didYouMean("dare", METHODS))
                .isEqualTo(" (did you mean 'dare_linear' or 'dare_ties'?)");
    }

    @Test
    void nothingIsSuggestedForAnotherWord() {
        assertThat(Suggestion.didYouMean("median", METHODS)).isEmpty();
        assertThat(Suggestion.didYouMean("", METHODS)).isEmpty();
        assertThat(Suggestion.didYouMean("a", List.of("a_1", "a_2"))).isEmpty();
        assertThat(
                        Suggestion.didYouMean(
                                "dare", List.of("dare_one", "dare_two", "dare_six", "dare_ten")))
                .isEmpty();
    }
}
