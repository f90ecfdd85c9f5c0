package jmergekit.tile;

/// On the width that `jmergekit.vectorBits` says.
final class VectorTileOpsTest
        implements ChangeOpsContract, ExponentialContract, TileOpsContract, ConversionContract {
    @Override
    public TileOps ops() {
        return new VectorTileOps();
    }
}
