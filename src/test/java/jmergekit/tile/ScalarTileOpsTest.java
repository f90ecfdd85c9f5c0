package jmergekit.tile;

final class ScalarTileOpsTest
        implements ChangeOpsContract, ExponentialContract, TileOpsContract, ConversionContract {
    @Override
    public TileOps ops() {
        return new ScalarTileOps();
    }
}
