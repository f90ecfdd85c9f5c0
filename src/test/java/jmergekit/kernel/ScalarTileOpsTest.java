package jmergekit.kernel;

final class ScalarTileOpsTest implements TileOpsContract, ConversionContract {
    @Override
    public TileOps ops() {
        return new ScalarTileOps();
    }
}
