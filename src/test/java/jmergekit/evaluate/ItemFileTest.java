package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemFileTest {
    @TempDir private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("items.jsonl"), text);
    }

    @Test
    void readsBothKindsAndSkipsEmptyLines() throws IOException {
        Path file =
                file(
                        """
                        {"context": "1+1=", "continuation": "2"}
                        \r
                        {"context": "", "choices": ["a", "ä"], "answer": 1, "id": 7}\
                        """);

        assertThat(ItemFile.read(file))
                .containsExactly(
                        new Item.Continuation("1+1=", "2"),
                        new Item.Choice("", List.of("a", "ä"), 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|not a JSON object",
                "{\"context\": 1, \"continuation\": \"2\"}|'context' is not a text",
                "{\"contxt\": \"a\", \"continuation\": \"2\"}|there is 'contxt' instead",
                "{\"context\": \"a\"}|'continuation' is not a text",
                "{\"context\": \"a\", \"continuation\": \"\"}|'continuation' is empty",
                "{\"context\": \"a\", \"choices\": [\"b\"], \"answer\": 0}|list of 2 to 1000 texts",
                "{\"context\": \"a\", \"choices\": [\"b\", 2], \"answer\": 0}|something else than texts",
                "{\"context\": \"a\", \"choices\": [\"b\", \"c\"], \"answer\": 2}|number from 0 to 1",
                "{\"context\": \"a\", \"choices\": [\"b\", \"c\"], \"answer\": 0.5}|number from 0 to 1",
                "{\"context\": \"a\", \"context\": \"b\"}|not valid JSON",
                "{\"context\": \"\\ud800\", \"continuation\": \"b\"}|not valid Unicode",
            })
    void refusesOtherLines(String line, String reason) throws IOException {
        Path file = file("{\"context\": \"a\", \"continuation\": \"b\"}\n" + line + "\n");

        assertThatThrownBy(() -> ItemFile.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("items.jsonl:2: ")
                .hasMessageContaining(reason);
    }

    @Test
    void namesEveryBadLineUpToTwenty() throws IOException {
        Path file = file("{\n".repeat(30));

        assertThatThrownBy(() -> ItemFile.read(file))
                .isInstanceOfSatisfying(
                        MergeException.class, e -> assertThat(e.problems()).hasSize(20));
    }

    @Test
    void refusesFilesWithoutItemsAndOtherThanFiles() throws IOException {
        assertThatThrownBy(() -> ItemFile.read(file("\n"))).hasMessageContaining("has no items");
        assertThatThrownBy(() -> ItemFile.read(folder)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> ItemFile.read(folder.resolve("none")))
                .hasMessageContaining("no such file");
    }

    @Test
    void refusesHostileFiles() throws IOException {
        assertThatThrownBy(() -> ItemFile.read(file("[".repeat(200))))
                .hasMessageContaining("not valid JSON");
        assertThatThrownBy(() -> ItemFile.read(file(" ".repeat((1 << 20) + 1))))
                .hasMessageContaining("too long a line");
        Path latin = folder.resolve("latin.jsonl");
        Files.write(latin, "{\"context\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ItemFile.read(latin)).hasMessageContaining("UTF-8");
    }

    @Test
    void takesTheFirstItemsOrADraw() {
        List<Item> items =
                IntStream.range(0, 100)
                        .<Item>mapToObj(i -> new Item.Continuation("" + i, "x"))
                        .toList();

        assertThat(ItemFile.some(items, Optional.of(3), false, 1)).isEqualTo(items.subList(0, 3));
        assertThat(ItemFile.some(items, Optional.of(200), true, 1)).isEqualTo(items);
        List<Item> drawn = ItemFile.some(items, Optional.of(10), true, 1);
        assertThat(drawn).hasSize(10).isNotEqualTo(items.subList(0, 10));
        assertThat(drawn).isEqualTo(ItemFile.some(items, Optional.of(10), true, 1));
        assertThat(drawn).isNotEqualTo(ItemFile.some(items, Optional.of(10), true, 2));
        assertThat(drawn).isSortedAccordingTo((a, b) -> items.indexOf(a) - items.indexOf(b));
    }
}
