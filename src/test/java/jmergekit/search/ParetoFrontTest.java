package jmergekit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    private static final List<double[]> SIX =
            List.of(
                    new double[] {1, 5},
                    new double[] {2, 4},
                    new double[] {2, 3},
                    new double[] {4, 1},
                    new double[] {0, 0},
                    new double[] {Double.NaN, 9});

    @Test
    void holdsThoseThatNoneBeats() {
        assertThat(ParetoFront.of(SIX)).containsExactly(0, 1, 3);
    }

    @Test
    void equalCandidatesDoNotBeatEachOther() {
        assertThat(ParetoFront.of(List.of(new double[] {1, 1}, new double[] {1, 1})))
                .containsExactly(0, 1);
    }

    @Test
    void isEmptyIfAllFailed() {
        assertThat(ParetoFront.of(List.of(new double[] {Double.NaN, 1}))).isEmpty();
    }

    @Test
    void ranksGoByWhatIsLeftWithoutTheFrontsBefore() {
        assertThat(Fronts.of(SIX).ranks()).containsExactly(0, 0, 1, 0, 2, 3);
    }

    @Test
    void distancesAreTheGapsBetweenNeighbours() {
        List<double[]> front =
                List.of(new double[] {0, 4}, new double[] {1, 3}, new double[] {4, 0});

        // (4 - 0) / 4 in both objectives.
        assertThat(Fronts.of(front).distances())
                .containsExactly(Double.POSITIVE_INFINITY, 2, Double.POSITIVE_INFINITY);
    }

    @Test
    void theWorstIsOfTheLastFront() {
        assertThat(Fronts.of(SIX).worst()).isEqualTo(5);
        assertThat(Fronts.of(SIX.subList(0, 5)).worst()).isEqualTo(4);
    }

    @Test
    void ofThoseAsBadTheFirstIsTheWorst() {
        List<double[]> same = List.of(new double[] {1}, new double[] {0}, new double[] {0});

        assertThat(Fronts.of(same).worst()).isEqualTo(1);
    }
}
