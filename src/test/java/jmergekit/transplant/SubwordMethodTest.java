package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubwordMethodTest {
    @Test
    void embeddingsAndHeadWeighPiecesInOppositeOrders() {
        SubwordMethod weighted = SubwordMethod.WEIGHTED_MEAN;

        assertThat(weighted.weights(3, Side.HEAD)).containsExactly(1 / 6.0, 2 / 6.0, 3 / 6.0);
        assertThat(weighted.weights(3, Side.EMBEDDINGS)).containsExactly(3 / 6.0, 2 / 6.0, 1 / 6.0);
    }

    @Test
    void aHeadTakesTheFirstPieceAndEmbeddingsTheLast() {
        assertThat(SubwordMethod.FIRST_LAST.weights(3, Side.HEAD)).containsExactly(1, 0, 0);
        assertThat(SubwordMethod.FIRST_LAST.weights(3, Side.EMBEDDINGS)).containsExactly(0, 0, 1);
    }

    @Test
    void aMeanIsAShareOfTheSum() {
        assertThat(SubwordMethod.MEAN.weights(4, Side.HEAD)).containsExactly(.25, .25, .25, .25);
        assertThat(SubwordMethod.SUM.weights(2, Side.HEAD)).containsExactly(1, 1);
    }
}
