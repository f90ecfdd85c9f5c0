package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.source.ArrayTensor;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.TokenTexts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of 300 rows, rows 20 and 21 are as those that cannot have been trained, or short.
class PoorlyTrainedTest {
    private static final int ROWS = 300;
    private static final int COLUMNS = 16;

    @TempDir private Path folder;

    private TokenTexts texts(int tokens) {
        List<String> all = new ArrayList<>(List.of("Ġ"));
        for (int i = 1; i < tokens; i++) {
            all.add("x" + "y".repeat(i));
        }
        TinyTokenizer.of(all).write(folder);
        return new TokenTexts(ModelTokenizer.read("model", folder), ROWS);
    }

    private static float[] values() {
        Random random = new Random(3);
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void set(float[] values, int row, float first, float rest) {
        for (int j = 0; j < COLUMNS; j++) {
            values[row * COLUMNS + j] = j == 0 ? first : rest;
        }
    }

    private static BitSet found(float[] values, TokenTexts texts) {
        return PoorlyTrained.of(new Rows(new ArrayTensor(values), COLUMNS), texts);
    }

    @Test
    void rowsLikeThoseBeyondTheVocabularyAreFound() {
        float[] values = values();
        for (int row : new int[] {20, 21, 298, 299}) {
            set(values, row, 2 + row / 1000f, 0.01f);
        }

        BitSet found = found(values, texts(298));

        assertThat(found.get(20)).isTrue();
        assertThat(found.get(21)).isTrue();
        assertThat(found.cardinality()).isLessThanOrEqualTo(6);
    }

    @Test
    void whereThoseAreAsDifferentAsAllTheShortestCount() {
        float[] values = values();
        set(values, 20, 0.1f, 0);

        assertThat(found(values, texts(290)).stream()).containsExactly(20);
    }

    @Test
    void withoutThemItIsTheShortestRows() {
        float[] values = values();
        set(values, 20, 0.1f, 0);
        set(values, 21, 0, 0.01f);

        assertThat(found(values, texts(ROWS)).stream()).containsExactly(20, 21);
    }

    @Test
    void rowsOfUsualLengthAreNotFound() {
        float[] values = values();
        for (int row = 0; row < ROWS; row++) {
            set(values, row, 1, 1 + row / 300f);
        }

        assertThat(found(values, texts(ROWS)).isEmpty()).isTrue();
    }
}
