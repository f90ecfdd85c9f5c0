package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "is: (\\d)  | 2            | so it is: 2.  | true",
                "is: (\\d)  | it is: 2     | so it is: 2.  | true",
                "is: (\\d)  | 2            | 2             | false",
                "\\d+        | about 12     | 12 or 13      | true",
                "a(b)?       | a            | xa            | true",
                "a(b)?       | b            | xab           | true",
                "'( *\\d *)' | ' 7'         | 'is  7 '      | true"
            })
    void answersAreComparedAsTheyAreExtracted(
            String expression, String right, String said, boolean expected) {
        assertThat(Extraction.of(expression).isRight(right, said)).isEqualTo(expected);
    }
}
