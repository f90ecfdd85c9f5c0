package jmergekit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import jmergekit.problem.MergeException;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

/// Plans with tensors in parts and rearranged sources, through JSON and back.
class RearrangedJsonTest {
    private static final Source MATRIX =
            new Source.Given(
                    new TensorSpec("m", DType.F32, Shape.of(4, 3)),
                    Values.of(0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32));

    private static String roundTrip(TensorTask task) {
        Plan plan =
                new Plan(
                        List.of("A"),
                        List.of(task),
                        ShardLayout.plan(
                                ShardFormat.SAFETENSORS, List.of(task.output()), Long.MAX_VALUE),
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        Map.of(),
                        Plan.Listing.EMPTY);
        String json = written(plan);

        Plan back = read(json);

        assertThat(back.tasks()).isEqualTo(List.of(task));
        assertThat(written(back)).isEqualTo(json);
        return json;
    }

    private static String written(Plan plan) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanJson.write(plan, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Plan read(String json) {
        return PlanJson.read(json.getBytes(StandardCharsets.UTF_8), "plan.json");
    }

    private static TensorTask copy(String name, Source source) {
        return new TensorTask(
                new TensorSpec(name, DType.F32, source.shape()),
                List.of(new TaskInput(0, source)),
                new Work.Copy());
    }

    private static TensorTask parts() {
        Source first = new Rearranged.Rows(MATRIX, 3, 0, 1, Shape.of(1, 3));
        Source rest = new Rearranged.Rows(MATRIX, 3, 1, 1, Shape.of(3, 3));
        return TensorTask.ofParts(
                new TensorSpec("x", DType.F32, Shape.of(4, 3)),
                List.of(copy("x.0", first), copy("x.1", rest)));
    }

    @Test
    void rowsOfAMatrix() {
        assertThat(roundTrip(copy("x", new Rearranged.Rows(MATRIX, 3, 1, 2, Shape.of(2, 3)))))
                .contains("\"is\":\"rows\",\"columns\":3,\"first\":1,\"step\":2,\"shape\":[2,3]");
    }

    @Test
    void transposedMatrices() {
        assertThat(roundTrip(copy("x", new Rearranged.Transposed(MATRIX))))
                .contains("\"shape\":[3,4]")
                .contains("\"is\":\"transposed\"");
    }

    @Test
    void rowsInTurns() {
        Source even = new Rearranged.Rows(MATRIX, 3, 0, 2, Shape.of(2, 3));
        Source odd = new Rearranged.Rows(MATRIX, 3, 1, 2, Shape.of(2, 3));

        assertThat(roundTrip(copy("x", new Interleaved(List.of(even, odd)))))
                .contains("\"is\":\"interleaved\"");
    }

    @Test
    void otherShapes() {
        assertThat(roundTrip(copy("x", new Rearranged.Shaped(MATRIX, Shape.of(2, 2, 3)))))
                .contains("\"is\":\"shaped\",\"shape\":[2,2,3]");
    }

    @Test
    void tensorsInParts() {
        assertThat(roundTrip(parts())).contains("\"work\":\"parts\"");
    }

    @Test
    void tensorsInPartsInsideOfOthers() {
        roundTrip(copy("y", new Source.Made(parts(), DType.F32)));
    }

    @Test
    void bytesAsNumbersOfFourBits() throws IOException {
        String json =
                Files.readString(Path.of("src", "test", "resources", "plan", "packed.json"))
                        .strip();

        Plan plan = read(json);

        assertThat(written(plan)).isEqualTo(json);
        Source.Scaled scaled = (Source.Scaled) plan.tasks().getFirst().inputs().getLast().source();
        assertThat(scaled.tensor())
                .isInstanceOfSatisfying(
                        Rearranged.Viewed.class,
                        v -> {
                            assertThat(v.dtype()).isEqualTo(DType.F4);
                            assertThat(v.shape()).isEqualTo(Shape.of(2, 4, 32));
                            assertThat(v.tensor().shape()).isEqualTo(Shape.of(2, 4, 1, 16));
                        });
    }

    @Test
    void whatDoesNotFitIsRefused() {
        String rows = roundTrip(copy("x", new Rearranged.Rows(MATRIX, 3, 1, 2, Shape.of(2, 3))));
        String shaped = roundTrip(copy("x", new Rearranged.Shaped(MATRIX, Shape.of(2, 2, 3))));

        for (String hostile :
                List.of(
                        rows.replace("\"first\":1", "\"first\":2"),
                        rows.replace("\"step\":2", "\"step\":0"),
                        rows.replace("\"step\":2", "\"step\":9223372036854775807"),
                        rows.replace("\"columns\":3", "\"columns\":0"),
                        shaped.replace("[2,2,3],\"tensor\"", "[2,2,4],\"tensor\""))) {
            assertThatThrownBy(() -> read(hostile))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("not a usable plan");
        }
    }

    @Test
    void partsThatDoNotFillTheirTensorAreRefused() {
        String json = roundTrip(parts());
        String tooLong =
                json.replaceFirst(
                        "\"name\":\"x\",\"dtype\":\"F32\",\"shape\":\\[4,3\\]",
                        "\"name\":\"x\",\"dtype\":\"F32\",\"shape\":[5,3]");

        assertThat(tooLong).isNotEqualTo(json);
        assertThatThrownBy(() -> read(tooLong))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("parts of 12 elements of tensor 'x' [5, 3]");
    }
}
