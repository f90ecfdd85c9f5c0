package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.GatheredBlocks.Block;
import org.junit.jupiter.api.Test;

final class GatheredBlocksTest {
    private final SourceTensor a = FloatTensors.stored(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private final SourceTensor b = FloatTensors.stored(20, 21, 22, 23, 24, 25, 26, 27);

    /// Two rows: of `a` three blocks of two, of `b` two.
    private final GatheredBlocks gathered =
            new GatheredBlocks(
                    List.of(
                            new Block(a, 2, 3),
                            new Block(b, 0, 2),
                            new Block(a, 0, 3),
                            new Block(a, 0, 3)),
                    2,
                    2);

    private static final float[] EXPECTED = {4, 5, 20, 21, 0, 1, 0, 1, 10, 11, 24, 25, 6, 7, 6, 7};

    @Test
    void anyRunOfElementsCanBeRead() {
        assertThat(gathered.elements()).isEqualTo(16);
        for (int from = 0; from < 16; from++) {
            for (int n = 1; from + n <= 16; n++) {
                float[] read = new float[n];
                gathered.read(from, n, read);
                for (int i = 0; i < n; i++) {
                    assertThat(read[i]).isEqualTo(EXPECTED[from + i]);
                }
            }
        }
    }

    @Test
    void storedElementsAreCopiedAsTheyAre() {
        assertThat(gathered.isStored()).isTrue();
        MemorySegment into = MemorySegment.ofArray(new float[9]);
        gathered.copy(3, 9, into);
        for (int i = 0; i < 9; i++) {
            assertThat(into.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(EXPECTED[3 + i]);
        }
    }

    @Test
    void aBlockThatTheSourceDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> new GatheredBlocks(List.of(new Block(a, 3, 3)), 2, 2))
                .hasMessageContaining("block 3 of 3");
        assertThatThrownBy(() -> new GatheredBlocks(List.of(new Block(a, 0, 2)), 2, 2))
                .hasMessageContaining("from 12 elements");
    }
}
