package jmergekit.tile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The [TileOps] of this process, chosen once.
///
/// The system property `jmergekit.tileOps` (`scalar` or `vector`) overrides the choice.
final class TileOpsChoice {
    private static final Logger LOG = LoggerFactory.getLogger(TileOpsChoice.class);
    private static final String PROPERTY = "jmergekit.tileOps";
    private static final String MODULE = "jdk.incubator.vector";

    static final TileOps BEST = choose();

    private TileOpsChoice() {}

    private static TileOps choose() {
        String wish = System.getProperty(PROPERTY, "");
        return switch (wish) {
            case "scalar" -> new ScalarTileOps();
            case "vector" -> vector();
            case "" -> automatic();
            default ->
                    throw new IllegalArgumentException(
                            PROPERTY + " is " + wish + ", expected scalar or vector");
        };
    }

    private static TileOps automatic() {
        return VectorModule.isAtHand() ? fastest() : new LateTileOps(TileOpsChoice::fastest);
    }

    private static TileOps fastest() {
        if (!hasModule()) {
            LOG.warn(
                    "merging without vector instructions: add the JVM flag --add-modules "
                            + MODULE);
            return new ScalarTileOps();
        }
        if (!hasOptimizingCompiler()) {
            LOG.warn("merging without vector instructions: this JVM runs without its C2 compiler");
            return new ScalarTileOps();
        }
        if (VectorShapes.preferredBits() < VectorShapes.NARROWEST_BITS) {
            LOG.debug("merging without vector instructions: the CPU does not have them");
            return new ScalarTileOps();
        }
        return vector();
    }

    /// The only reference to the class, which cannot be loaded without the module.
    private static TileOps vector() {
        if (!hasModule()) {
            throw new IllegalStateException(
                    PROPERTY + "=vector needs the JVM flag --add-modules " + MODULE);
        }
        TileOps ops = new VectorTileOps();
        LOG.debug("merging with vectors of {} bits", VectorShapes.FLOATS.vectorBitSize());
        return ops;
    }

    private static boolean hasModule() {
        return VectorModule.isLoaded();
    }

    /// Without C2 every vector is an object, and the Vector API is slower than a plain loop.
    private static boolean hasOptimizingCompiler() {
        String mode = System.getProperty("java.vm.info", "");
        return !mode.contains("interpreted") && !mode.contains("emulated-client");
    }
}
