package jmergekit.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.torchfile.TorchHeader;
import jmergekit.torchfile.TorchLayout;
import jmergekit.weights.FileLayout;
import jmergekit.weights.TensorEntry;

/// PyTorch checkpoints of a few tensors. What is expected was written by PyTorch itself.
final class TorchFile {
    private TorchFile() {}

    static SortedMap<String, StoredTensor> read(Path file) throws IOException {
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (TensorEntry entry : TorchHeader.read(file).entries()) {
                TensorSpec spec = entry.spec();
                if (entry.strides().isPresent()) {
                    throw new IOException(
                            "%s: '%s' is strided".formatted(file.getFileName(), spec.name()));
                }
                tensors.put(
                        spec.name(),
                        new StoredTensor(
                                spec.dtype().name(),
                                spec.shape().dimensions().stream().map(Math::toIntExact).toList(),
                                bytes.slice(
                                        Math.toIntExact(entry.begin()),
                                        Math.toIntExact(spec.bytes()))));
            }
        } catch (MergeException damaged) {
            throw new IOException(damaged.getMessage(), damaged);
        }
        return tensors;
    }

    /// Checksums are left out: nobody compares them.
    static void write(Path file, SortedMap<String, StoredTensor> tensors) throws IOException {
        List<TensorSpec> specs = new ArrayList<>();
        for (Map.Entry<String, StoredTensor> e : tensors.entrySet()) {
            StoredTensor tensor = e.getValue();
            specs.add(
                    new TensorSpec(
                            e.getKey(),
                            DType.ofSafetensors(tensor.dtype()).orElseThrow(),
                            new Shape(tensor.shape().stream().map(Long::valueOf).toList())));
        }
        TorchLayout layout = TorchLayout.of(file.toString(), specs);
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(layout.fileSize()));
        all.put(0, layout.head());
        for (FileLayout.Piece piece : layout.pieces(_ -> 0).toList()) {
            all.put((int) piece.begin(), piece.bytes());
        }
        for (TensorEntry entry : layout.entries()) {
            ByteBuffer data = tensors.get(entry.spec().name()).bytes();
            all.put((int) entry.begin(), data, 0, data.limit());
        }
        Files.write(file, all.array());
    }
}
