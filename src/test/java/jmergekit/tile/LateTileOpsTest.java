package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each operation is the one of its name, with its operands in their places.
final class LateTileOpsTest
        implements ChangeOpsContract, ExponentialContract, TileOpsContract, ConversionContract {
    @Override
    public TileOps ops() {
        return new LateTileOps(ScalarTileOps::new);
    }

    @Test
    void theFasterOnesAreLoadedOnceAndOnlyForMuchWork() {
        List<TileOps> loaded = new ArrayList<>();
        TileOps ops =
                new LateTileOps(() -> {
                    loaded.add(new ScalarTileOps());
                    return loaded.getLast();
                });
        float[] x = new float[TileOps.TILE];
        for (long done = x.length; done < LateTileOps.ENOUGH; done += x.length) {
            ops.scale(x, 2, x, x.length);
        }
        assertThat(loaded).isEmpty();

        ops.scale(x, 2, x, x.length);
        ops.scale(x, 2, x, x.length);
        assertThat(loaded).hasSize(1);
    }

    @Test
    void aLargeJobHasThemFromTheStart() {
        TileOps faster = new ScalarTileOps();
        TileOps ops = new LateTileOps(() -> faster);

        assertThat(ops.forElements(1000)).isNotSameAs(faster).isNotSameAs(ops);
        assertThat(ops.forElements(LateTileOps.ENOUGH)).isSameAs(faster);
        assertThat(ops.forElements(1000)).isSameAs(faster);
    }
}
