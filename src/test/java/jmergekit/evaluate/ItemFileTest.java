package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemFileTest {
    @TempDir Path folder;

    @Test
    void itemsOfBothKindsAreRead() throws IOException {
        Path continuations =
                file(
                        "{\"context\": \"1+1=\", \"continuation\": \"2\", \"id\": 7}\r\n\n{\"context\": \"\", \"continuation\": \"é\"}");
        Path choices = file("{\"context\": \"a\", \"choices\": [\"b\", \"c\"], \"answer\": 1}\n");

        assertThat(read(continuations))
                .containsExactly(
                        new Item.Continuation("1+1=", "2"), new Item.Continuation("", "é"));
        assertThat(read(choices)).containsExactly(new Item.Choice("a", List.of("b", "c"), 1));
        assertThat(((Item.Choice) read(choices).getFirst()).right()).isEqualTo("c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|not a JSON object (expected {\"context\": …, \"continuation\": …}, found [1])",
                "{\"continuation\": \"x\"}|'context' is missing or wrong (expected a text, found none)",
                "{\"context\": \"x\"}|an item has either a continuation or choices (expected one of 'continuation' and 'choices', found neither)",
                "{\"context\": \"x\", \"continuation\": \"\"}|'continuation' is empty",
                "{\"context\": \"x\", \"continuation\": 3}|'continuation' is missing or wrong (expected a text, found 3)",
                "{\"context\": \"x\", \"choices\": [\"a\"], \"answer\": 0}|'choices' is wrong (expected a list of 2 to 1000 texts, found [\"a\"])",
                "{\"context\": \"x\", \"choices\": [\"a\", \"b\"], \"answer\": 2}|'answer' is not the number of a choice (expected 0 to 1, found 2)",
                "{\"context\": \"x\", \"choices\": [\"a\", \"b\"], \"answer\": 1.0}|'answer' is not the number of a choice (expected 0 to 1, found 1.0)",
                "{\"context\": \"x\", \"choices\": [\"a\", \"\"], \"answer\": 0}|choice 1 is empty"
            })
    void wrongItemsAreRefusedByTheirLine(String line, String expected) throws IOException {
        Path file = file("\n" + line + "\n");

        assertThat(problems(file)).singleElement().hasToString(file + ":2: " + expected);
    }

    @Test
    void allWrongLinesAreToldUpToTen() throws IOException {
        assertThat(problems(file("{\n".repeat(3)))).hasSize(3);
        assertThat(problems(file("{\n".repeat(30)))).hasSize(10);
    }

    @Test
    void aFileHasItemsOfOneKind() throws IOException {
        Path file =
                file(
                        """
                        {"context": "a", "continuation": "b"}
                        {"context": "a", "choices": ["b", "c"], "answer": 1}
                        """);

        assertThat(problems(file))
                .singleElement()
                .hasToString(
                        file
                                + ":2: an item of another type than those before it"
                                + " (expected 'continuation', found 'choices' and 'answer')");
    }

    @Test
    void filesWithoutItemsAreRefused() throws IOException {
        Path empty = file("\n\n");
        Path missing = folder.resolve("missing");
        Path large = file("x".repeat((1 << 20) + 1));

        assertThat(problems(empty)).singleElement().hasToString(empty + ": has no items");
        assertThat(problems(missing)).singleElement().hasToString(missing + ": no such file");
        assertThat(problems(folder)).singleElement().hasToString(folder + ": not a regular file");
        assertThat(problems(large))
                .singleElement()
                .hasToString(large + ":1: the line is too long (expected at most 1048576 bytes)");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("latin");
        Files.write(file, new byte[] {'"', (byte) 0xe9, '"'});

        assertThat(problems(file)).singleElement().hasToString(file + ":1: not valid UTF-8");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "items", ".jsonl"), text);
    }

    static List<Item> read(Path file) {
        Problems problems = new Problems();
        List<Item> items = ItemFile.read(file, problems);
        assertThat(problems.all()).isEmpty();
        return items;
    }

    private static List<Problem> problems(Path file) {
        Problems problems = new Problems();
        ItemFile.read(file, problems);
        return problems.all();
    }
}
