package jmergekit.torchfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.HeaderReader;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// The tensors of a PyTorch checkpoint. Several may be views of the same bytes.
///
/// @param fileSize in bytes
public record TorchHeader(Path file, long fileSize, List<TensorEntry> entries)
        implements WeightHeader {
    /// The format, as model folders use it.
    public static final WeightFormat FORMAT =
            new WeightFormat(
                    "pytorch_model.bin",
                    Pattern.compile("pytorch_model.*\\.bin"),
                    Pattern.compile("(?!pytorch_model).+\\.(bin|ckpt|pt|pth)"),
                    TorchHeader::read);

    /// Enough to tell the formats apart.
    private static final int START_BYTES = 8;

    private static final int ZIP_START = 0x504b0304;
    private static final int PICKLE_START = 0x80;

    public TorchHeader {
        entries = List.copyOf(entries);
    }

    /// Reads the pickle that describes the tensors; their data is not touched. Throws a
    /// [MergeException] that names the file, as given here, and what in it is wrong.
    public static TorchHeader read(Path file) {
        return HeaderReader.open(file, channel -> read(file, channel));
    }

    private static TorchHeader read(Path file, FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(START_BYTES);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        HeaderReader.refuseLfsPointer(file, start.array());
        SavedObject saved;
        if (start.getInt(0) == ZIP_START) {
            saved = ZipCheckpoint.read(file, channel);
        } else if (Byte.toUnsignedInt(start.get(0)) == PICKLE_START) {
            saved = StreamCheckpoint.read(file, channel);
        } else {
            throw new MergeException(
                    Problem.input(file.toString(), "is no PyTorch checkpoint")
                            .expected("a zip archive or a pickle")
                            .hint("the file is damaged or of another format"));
        }
        return new TorchHeader(file, channel.size(), StateDict.entries(saved));
    }
}
