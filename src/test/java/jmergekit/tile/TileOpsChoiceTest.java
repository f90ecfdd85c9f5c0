package jmergekit.tile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TileOpsChoiceTest {
    @Test
    void vectorsAreTakenWhereTheModuleIs() {
        boolean hasModule = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertThat(TileOps.best() instanceof VectorTileOps).isEqualTo(hasModule);
    }

    @Test
    void theChoiceIsMadeOnce() {
        assertThat(TileOps.best()).isSameAs(TileOps.best());
    }
}
