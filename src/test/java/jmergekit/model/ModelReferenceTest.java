package jmergekit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelReferenceTest {
    private static ModelReference parse(String text, String... existing) {
        return ModelReference.parse(text, Set.of(existing)::contains);
    }

    private static ModelReference reference(String path, String revision, String... adapter) {
        Optional<AdapterReference> parsed =
                adapter.length == 0
                        ? Optional.empty()
                        : Optional.of(
                                new AdapterReference(
                                        adapter[0],
                                        adapter.length > 1
                                                ? Optional.of(adapter[1])
                                                : Optional.empty()));
        return new ModelReference(path, Optional.ofNullable(revision), parsed, Optional.empty());
    }

    @Test
    void partsAreSplitAtPlusAndAt() {
        assertThat(parse("org/model")).isEqualTo(ModelReference.of("org/model"));
        assertThat(parse("org/model@v1")).isEqualTo(reference("org/model", "v1"));
        assertThat(parse("org/model+org/ad")).isEqualTo(reference("org/model", null, "org/ad"));
        assertThat(parse("org/model@v1+org/ad@v2"))
                .isEqualTo(reference("org/model", "v1", "org/ad", "v2"));
    }

    @Test
    void anExistingPathIsNotSplit() {
        assertThat(parse("./base+v2", "./base+v2")).isEqualTo(ModelReference.of("./base+v2"));
        assertThat(parse("./me@work", "./me@work")).isEqualTo(ModelReference.of("./me@work"));
        assertThat(parse("./a+b+c", "./a+b+c")).isEqualTo(ModelReference.of("./a+b+c"));
    }

    @Test
    void theLongestExistingModelPathWins() {
        assertThat(parse("./base+v2+./ad", "./base+v2", "./ad"))
                .isEqualTo(reference("./base+v2", null, "./ad"));
        assertThat(parse("./base+v2+./ad", "./base", "./base+v2"))
                .isEqualTo(reference("./base+v2", null, "./ad"));
        assertThat(parse("./base+v2@main+./ad", "./base+v2"))
                .isEqualTo(reference("./base+v2", "main", "./ad"));
        assertThat(parse("./base+v2@main", "./base+v2")).isEqualTo(reference("./base+v2", "main"));
    }

    @Test
    void anExistingAdapterPathIsNotSplitEither() {
        assertThat(parse("org/model+./ad+2", "./ad+2"))
                .isEqualTo(reference("org/model", null, "./ad+2"));
        assertThat(parse("./base+./ad+2@r", "./base", "./ad+2"))
                .isEqualTo(reference("./base", null, "./ad+2", "r"));
        assertThat(parse("./me@work@r+x", "./me@work")).isEqualTo(reference("./me@work", "r", "x"));
    }

    @Test
    void aFolderIsNotTakenForTheRevisionOfAShorterOne() {
        assertThat(parse("base@v1+ad", "base")).isEqualTo(reference("base", "v1", "ad"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../models/llama-a+x+y", "a+b+c", "+a+b"})
    void twoUnresolvedPlusSignsAreRefused(String text) {
        assertThatThrownBy(() -> parse(text, "../../../models/llama-a"))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "model reference '"
                                + text
                                + "': has more than one '+' after the parts that exist on disk"
                                + " (expected path[@revision][+adapter[@revision]])");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    '',       is empty
                    ' ',      is empty
                    '+ad',    has an empty model path
                    '@v1',    has an empty model path
                    'm+',     has an empty adapter path
                    'm+@v1',  has an empty adapter path
                    'm@',     has an empty revision after '@'
                    'm@ +ad', has an empty revision after '@'
                    'm@a@b',  has more than one '@' in its model path
                    'm+a@b@c',has more than one '@' in its adapter path
                    """,
            quoteCharacter = '\'',
            ignoreLeadingAndTrailingWhitespace = true)
    void missingAndSurplusPartsAreRefused(String text, String what) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "model reference '"
                                + text
                                + "': "
                                + what
                                + " (expected path[@revision][+adapter[@revision]])");
    }

    @Test
    void veryLongTextIsRefused() {
        assertThatThrownBy(() -> parse("+".repeat(5000)))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(
                        "model reference '"
                                + "+".repeat(80)
                                + "…': is longer than 4096 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "m@r", "m+a", "m@r+a@s"})
    void printedAsWritten(String text) {
        assertThat(parse(text)).hasToString(text);
    }

    @Test
    void anOverrideKeepsTheRest() {
        assertThat(parse("m@r+a").withOverrideArchitecture("X"))
                .hasToString("m@r+a")
                .extracting(ModelReference::overrideArchitecture)
                .isEqualTo(Optional.of("X"));
    }
}
