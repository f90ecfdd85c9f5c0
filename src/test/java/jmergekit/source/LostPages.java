package jmergekit.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFile;

/// Reads tensors of a file, shortens it and reads them again. A program: what goes wrong here ends
/// the virtual machine.
final class LostPages {
    /// Enough for every compiler.
    private static final int ROUNDS = 3000;

    private LostPages() {}

    /// Prints for each tensor that could not be read any more an [InternalError]'s name.
    ///
    /// @param args the file
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        SafetensorsHeader header = SafetensorsHeader.read(file);
        try (WeightFile weights = WeightFile.open(header)) {
            for (TensorEntry entry : header.entries()) {
                read(weights, entry, ROUNDS);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(header.entries().getFirst().begin());
            }
            for (TensorEntry entry : header.entries()) {
                try {
                    read(weights, entry, 1);
                } catch (InternalError e) {
                    System.out.println(entry.spec().dtype() + " " + e.getClass().getSimpleName());
                }
            }
        }
        Files.delete(file);
    }

    private static void read(WeightFile weights, TensorEntry entry, int rounds) {
        int tiles = (int) (entry.spec().shape().elements() / TileOps.TILE);
        StoredTensor tensor =
                new StoredTensor(
                        weights.view(entry), entry.spec().shape().elements(), TileOps.best());
        float[] tile = new float[TileOps.TILE];
        for (int i = 0; i < rounds; i++) {
            tensor.read((long) (i % tiles) * TileOps.TILE, TileOps.TILE, tile);
        }
    }
}
