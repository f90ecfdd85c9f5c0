package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.RowTable;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.ScalarTileOps;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemappedRowsTest {
    private static final int NONE = RowTable.NONE;

    @Test
    void ownRowsComeInTheOrderAsked() {
        RowTable table =
                table(new int[][] {{2, 0, 1}}, new int[] {0, 0, 0}, new int[] {2, 0, 1}, 3);

        assertThat(read(table, 0, matrix(2, 10, 11, 20, 21, 30, 31)))
                .containsExactly(30, 31, 10, 11, 20, 21);
    }

    @Test
    void anotherModelsRowStandsInForAMissingOne() {
        int[][] own = {{0, NONE}, {0, 1}};
        RowTable table = table(own, new int[] {0, 1}, new int[] {0, 1}, 2);
        SourceTensor small = matrix(2, 1, 2);
        SourceTensor large = matrix(2, 5, 6, 7, 8);

        assertThat(read(table, 0, small, large)).containsExactly(1, 2, 7, 8);
        assertThat(read(table, 1, small, large)).containsExactly(5, 6, 7, 8);
    }

    @Test
    void forcedRowIsTheSubstituteInEveryModel() {
        int[][] own = {{0, 1}, {0, 1}};
        BitSet forced = new BitSet();
        forced.set(1);
        RowTable table = new RowTable(own, forced, new int[] {0, 1}, new int[] {0, 0}, 2);

        assertThat(read(table, 0, matrix(1, 1, 2), matrix(1, 8, 9))).containsExactly(1, 8);
        assertThat(read(table, 1, matrix(1, 1, 2), matrix(1, 8, 9))).containsExactly(8, 8);
    }

    @Test
    void zerosStandInWhereNothingElseDoes() {
        RowTable table = table(new int[][] {{0, NONE}}, new int[] {0, NONE}, new int[] {0, 0}, 2);

        assertThat(read(table, 0, matrix(2, 3, 4))).containsExactly(3, 4, 0, 0);
    }

    @Test
    void meanIsOverTheModelsThatHaveTheRow() {
        int[][] own = {{NONE}, {0}, {1}};
        RowTable table = table(own, new int[] {RowTable.MEAN}, new int[] {0}, 1);

        assertThat(read(table, 0, matrix(2), matrix(2, 1, 2), matrix(2, 9, 9, 5, 8)))
                .containsExactly(3, 5);
    }

    @Test
    void paddingIsTheMeanOfTheRowsGivenForTokens() {
        int[][] own = {{1, NONE, NONE, NONE}, {0, 0, NONE, NONE}};
        int[] substitutes = {0, 1, RowTable.MEAN_OF_TOKENS, RowTable.MEAN_OF_TOKENS};
        RowTable table = table(own, substitutes, new int[] {1, 0, 0, 0}, 2);
        SourceTensor first = matrix(2, 100, 100, 2, 4);
        SourceTensor second = matrix(2, 6, 8);

        // Rows for tokens: (2, 4), then the other model's (6, 8).
        assertThat(read(table, 0, first, second)).containsExactly(2, 4, 6, 8, 4, 6, 4, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 4096, 5000})
    void anyPieceIsThatPieceOfTheWhole(int columns) {
        Random random = new Random(columns);
        int rows = Math.max(4, 20_000 / columns);
        SourceTensor first = random(random, rows * columns);
        SourceTensor second = random(random, rows * columns);
        int[][] own = new int[2][rows];
        int[] model = new int[rows];
        int[] row = new int[rows];
        for (int r = 0; r < rows; r++) {
            own[0][r] = random.nextInt(4) == 0 ? NONE : random.nextInt(3) == 0 ? 0 : r;
            own[1][r] = rows - 1 - r;
            model[r] = r % 3 == 0 ? NONE : r % 3 == 1 ? 1 : RowTable.MEAN;
            row[r] = random.nextInt(rows);
        }
        RowTable table = table(own, model, row, rows);
        RemappedRows mapped = mapped(table, 0, columns, first, second);
        double[] whole = naive(table, 0, columns, first, second);

        for (int i = 0; i < 300; i++) {
            int n = 1 + random.nextInt(TileOps.TILE);
            int from = random.nextInt(rows * columns - Math.min(n, rows * columns) + 1);
            float[] piece = new float[TileOps.TILE];
            mapped.read(from, Math.min(n, rows * columns - from), piece);
            for (int k = 0; k < Math.min(n, rows * columns - from); k++) {
                assertThat(piece[k]).isEqualTo((float) whole[from + k]);
            }
        }
    }

    @Test
    void theDTypeIsTheModelsOwn() {
        RemappedRows rows =
                mapped(
                        table(new int[][] {{0}}, new int[] {0}, new int[] {0}, 1),
                        0,
                        1,
                        matrix(1, 1));

        assertThat(rows.dtype()).isEqualTo(DType.F32);
        assertThat(rows.elements()).isEqualTo(1);
        assertThat(rows.bytes()).isEmpty();
    }

    @Test
    void aRowOfAModelThatIsNotAtHandIsADefect() {
        RowTable table = table(new int[][] {{NONE}, {0}}, new int[] {1}, new int[] {0}, 1);
        RemappedRows rows = new RemappedRows(table, 0, Map.of(0, matrix(1, 1)), 1);

        assertThatThrownBy(() -> rows.read(0, 1, new float[1]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1");
    }

    @Test
    void modelsWhoseRowsAreNeededAreKnown() {
        int[][] own = {{0, NONE, NONE}, {0, 1, NONE}, {NONE, 2, NONE}};
        int[] substitutes = {0, RowTable.MEAN, NONE};
        RowTable table = table(own, substitutes, new int[] {0, 0, 0}, 3);

        assertThat(table.needed(0).stream()).containsExactly(1, 2);
        assertThat(table.needed(1).stream()).isEmpty();
        assertThat(table.needed(2).stream()).containsExactly(0);
    }

    @Test
    void onlyAllRowsInTheirPlacesAreTheIdentity() {
        int[][] own = {{0, 1}, {1, 0}};
        RowTable table = table(own, new int[] {0, 0}, new int[] {0, 1}, 2);

        assertThat(table.isIdentity(0, 2)).isTrue();
        assertThat(table.isIdentity(0, 3)).isFalse();
        assertThat(table.isIdentity(1, 2)).isFalse();
    }

    private static RowTable table(int[][] own, int[] model, int[] row, int tokens) {
        return new RowTable(own, new BitSet(), model, row, tokens);
    }

    private static float[] read(RowTable table, int model, SourceTensor... sources) {
        int columns = 1;
        for (SourceTensor source : sources) {
            columns = Math.max(columns, columnsOf(source));
        }
        RemappedRows rows = mapped(table, model, columns, sources);
        float[] all = new float[Math.toIntExact(rows.elements())];
        rows.read(0, all.length, all);
        return all;
    }

    private static int columnsOf(SourceTensor source) {
        return (int) ((StoredTensor) source).view().spec().shape().rowLength();
    }

    private static RemappedRows mapped(
            RowTable table, int model, long columns, SourceTensor... sources) {
        Map<Integer, SourceTensor> byModel = new HashMap<>();
        for (int m = 0; m < sources.length; m++) {
            byModel.put(m, sources[m]);
        }
        return new RemappedRows(table, model, byModel, columns);
    }

    /// Row by row, without pieces.
    private static double[] naive(RowTable table, int model, int columns, SourceTensor... sources) {
        double[] all = new double[table.rows() * columns];
        for (int r = 0; r < table.rows(); r++) {
            for (int c = 0; c < columns; c++) {
                int given = table.given(model, r);
                int substitute = table.substituteModel(r);
                double value = 0;
                if (given != NONE) {
                    value = element(sources[model], given * columns + c);
                } else if (substitute == RowTable.MEAN) {
                    List<SourceTensor> having = new ArrayList<>();
                    for (int m = 0; m < sources.length; m++) {
                        if (table.own(m, r) != NONE) {
                            having.add(sources[m]);
                            value += element(sources[m], table.own(m, r) * columns + c);
                        }
                    }
                    value /= having.size();
                } else if (substitute >= 0) {
                    value = element(sources[substitute], table.substituteRow(r) * columns + c);
                }
                all[r * columns + c] = value;
            }
        }
        return all;
    }

    private static float element(SourceTensor source, long at) {
        float[] one = new float[1];
        source.read(at, 1, one);
        return one[0];
    }

    private static SourceTensor random(Random random, int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = random.nextInt(1000) - 500;
        }
        return stored(Shape.of(elements), values);
    }

    private static SourceTensor matrix(int columns, float... values) {
        return stored(Shape.of(values.length / columns, columns), values);
    }

    private static SourceTensor stored(Shape shape, float... values) {
        byte[] bytes = new byte[values.length * Float.BYTES];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < values.length; i++) {
            segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES, values[i]);
        }
        TensorSpec spec = new TensorSpec("x", DType.F32, shape);
        return new StoredTensor(new TensorView(spec, segment), values.length, new ScalarTileOps());
    }
}
