package jmergekit.source;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jmergekit.primitive.SourceTensor;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;

/// Reads tensors of a file, shortens it and reads them again. A program: what goes wrong here ends
/// the virtual machine.
final class LostPages {
    /// Enough for every compiler.
    private static final int ROUNDS = 3000;

    private LostPages() {}

    /// One way to read elements of a tensor.
    interface Reading {
        void read(SourceTensor tensor, long from, int n, float[] into);
    }

    private static final float[] BASE = new float[TileOps.TILE];
    private static final float[] SPARE = new float[TileOps.TILE];

    private static final List<Reading> READINGS =
            List.of(
                    SourceTensor::read,
                    (tensor, from, n, into) -> tensor.readDifference(from, n, BASE, into),
                    (tensor, from, n, into) ->
                            tensor.addDifference(from, n, BASE, 0.5f, into, SPARE));

    /// The ways that have loops of their own for a dtype.
    static List<Reading> readings(String dtype) {
        return dtype.equals("BF16") ? READINGS : READINGS.subList(0, 1);
    }

    /// Prints for each tensor that could not be read any more an [InternalError]'s name, once for
    /// each way to read it.
    ///
    /// @param args the file
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        SafetensorsHeader header = SafetensorsHeader.read(file);
        try (WeightFile weights = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                for (Reading reading : readings(entry.spec().dtype().name())) {
                    read(weights, entry, reading, ROUNDS);
                }
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(header.entries().getFirst().begin());
            }
            for (TensorEntry entry : header.entries()) {
                for (Reading reading : readings(entry.spec().dtype().name())) {
                    try {
                        read(weights, entry, reading, 1);
                    } catch (InternalError e) {
                        System.out.println(
                                entry.spec().dtype() + " " + e.getClass().getSimpleName());
                    }
                }
            }
        }
        Files.delete(file);
    }

    private static void read(WeightFile weights, TensorEntry entry, Reading reading, int rounds) {
        int tiles = (int) (entry.spec().shape().elements() / TileOps.TILE);
        SourceTensor tensor = tensor(weights, entry);
        float[] tile = new float[TileOps.TILE];
        for (int i = 0; i < rounds; i++) {
            reading.read(tensor, (long) (i % tiles) * TileOps.TILE, TileOps.TILE, tile);
        }
    }

    // I8 is read as floats of four bits, and as their scales.
    private static SourceTensor tensor(WeightFile weights, TensorEntry entry) {
        StoredTensor stored =
                new StoredTensor(
                        weights.view(entry), entry.spec().shape().elements(), TileOps.best());
        if (entry.spec().dtype() != DType.I8) {
            return stored;
        }
        MemorySegment bytes = weights.bytes(entry);
        TensorSpec spec = new TensorSpec("s", DType.F8_E8M0, Shape.of(stored.elements()));
        return ScaledBlocks.of(
                new Float4Tensor(bytes, stored.elements()),
                new StoredTensor(new TensorView(spec, bytes), stored.elements(), TileOps.best()),
                new ScaledBlocks.Grid(
                        stored.elements() / TileOps.TILE,
                        TileOps.TILE,
                        1,
                        TileOps.MX_BLOCK,
                        false));
    }
}
