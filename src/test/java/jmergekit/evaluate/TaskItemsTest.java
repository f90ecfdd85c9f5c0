package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskItemsTest {
    @TempDir Path folder;

    @Test
    void theLastThirdIsHeldBack() throws IOException {
        TaskItems items = read(task(numbered(8), Optional.empty()), Optional.empty(), false);

        assertThat(contexts(items.search())).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(contexts(items.heldOut())).containsExactly("6", "7");
    }

    @Test
    void theLimitIsForTheSearchAlone() throws IOException {
        TaskItems items = read(task(numbered(9), Optional.empty()), Optional.of(2), false);

        assertThat(contexts(items.search())).containsExactly("0", "1");
        assertThat(contexts(items.heldOut())).containsExactly("6", "7", "8");
    }

    @Test
    void drawnItemsAreHeldBackFromTheSearchWhateverTheLimit() throws IOException {
        Task task = task(numbered(30), Optional.empty());

        TaskItems all = read(task, Optional.empty(), true);
        TaskItems few = read(task, Optional.of(5), true);

        assertThat(all.search()).hasSize(20).doesNotContainAnyElementsOf(all.heldOut());
        assertThat(all.search())
                .isNotEqualTo(ItemFileTest.read(task.items().orElseThrow()).subList(0, 20));
        assertThat(few.heldOut()).isEqualTo(all.heldOut()).hasSize(10);
        assertThat(all.search()).hasSize(20).containsAll(few.search());
        assertThat(read(task, Optional.of(5), true)).isEqualTo(few);
    }

    @Test
    void itemsAreDrawnByTheSeedAlone() throws IOException {
        Task task = task(numbered(9), Optional.empty());

        assertThat(contexts(read(task, Optional.empty(), true).heldOut()))
                .containsExactly("4", "5", "6");
    }

    @Test
    void theFileOfTheSearchIsNotHeldOut() throws IOException {
        Path file = file(numbered(3));
        Path again = file.getParent().resolve(".").resolve(file.getFileName());
        Task task =
                new Task(
                        "task",
                        Optional.empty(),
                        Optional.of(file),
                        Optional.of(again),
                        Optional.empty(),
                        Optional.empty());

        MergeException e =
                catchThrowableOfType(
                        MergeException.class, () -> read(task, Optional.empty(), false));

        assertThat(e.getMessage())
                .contains("task: the held-out items are the same as those of the search");
    }

    @Test
    void aHeldOutFileIsAskedAsAWhole() throws IOException {
        TaskItems items = read(task(numbered(4), Optional.of(numbered(3))), Optional.of(1), true);

        assertThat(items.search()).hasSize(1);
        assertThat(contexts(items.heldOut())).containsExactly("0", "1", "2");
    }

    @Test
    void allThatIsWrongWithTheTasksIsTold() throws IOException {
        Task none =
                new Task(
                        "none",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        Task few = task(numbered(2), Optional.empty());
        Task missing = task(numbered(3), Optional.of("x"));

        MergeException e =
                catchThrowableOfType(
                        MergeException.class,
                        () ->
                                TaskItems.read(
                                        List.of(few, missing, none), Optional.empty(), false, 0));

        assertThat(e.problems()).hasSize(3);
        assertThat(e.getMessage())
                .contains(
                        "too few items to hold out a third of them (expected at least 3, found 2)")
                .contains(":1: not valid JSON")
                .contains("none: the task has no file of items");
    }

    private static String numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"context\": \"%d\", \"continuation\": \"x\"}\n".formatted(i))
                .collect(Collectors.joining());
    }

    private Task task(String items, Optional<String> heldOut) throws IOException {
        return new Task(
                "task",
                Optional.empty(),
                Optional.of(file(items)),
                heldOut.isEmpty() ? Optional.empty() : Optional.of(file(heldOut.get())),
                Optional.empty(),
                Optional.empty());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "items", ".jsonl"), text);
    }

    private static TaskItems read(Task task, Optional<Integer> limit, boolean shuffle) {
        return TaskItems.read(List.of(task), limit, shuffle, 7).getFirst();
    }

    private static Stream<String> contexts(List<Item> items) {
        return items.stream().map(Item::context);
    }
}
