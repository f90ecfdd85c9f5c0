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
/// @param keys the path to the tensors in a training checkpoint, joined by dots; empty if they are
///     the whole checkpoint, or under `state_dict` of a model's weights
/// @param leftAside skipped objects next to the tensors, with their keys, in words
public record TorchHeader(
        Path file, long fileSize, List<TensorEntry> entries, String keys, List<String> leftAside)
        implements WeightHeader {
    /// The format, as model folders use it.
    public static final WeightFormat FORMAT =
            new WeightFormat(
                    "pytorch_model.bin",
                    Pattern.compile("pytorch_model.*\\.bin"),
                    Pattern.compile("(?!pytorch_model).+\\.(bin|ckpt|pt|pth)"),
                    TorchHeader::read);

    /// The format of all checkpoints, including those with more than weights.
    public static final WeightFormat TRAINING =
            new WeightFormat(
                    "pytorch_model.bin",
                    Pattern.compile(".+\\.(bin|ckpt|pt|pth)", Pattern.CASE_INSENSITIVE),
                    WeightFormat.NOTHING,
                    TorchHeader::readTraining);

    /// Enough bytes to distinguish the formats.
    private static final int START_BYTES = 8;

    private static final int ZIP_START = 0x504b0304;
    private static final int PICKLE_START = 0x80;

    public TorchHeader {
        entries = List.copyOf(entries);
        leftAside = List.copyOf(leftAside);
    }

    /// Reads the pickle that describes the tensors, without reading their data. Throws a
    /// [MergeException] that names the file, as given here, and what is wrong in it.
    public static TorchHeader read(Path file) {
        return HeaderReader.open(
                file,
                channel ->
                        StateDict.weights(
                                saved(file, channel, ForeignObjects.REFUSED), channel.size()));
    }

    /// The same for a training checkpoint: optimiser states and everything else besides the model's
    /// tensors are skipped, without creating them as objects.
    public static TorchHeader readTraining(Path file) {
        return HeaderReader.open(
                file,
                channel ->
                        StateDict.training(
                                saved(file, channel, ForeignObjects.PASSED_OVER), channel.size()));
    }

    private static SavedObject saved(Path file, FileChannel channel, ForeignObjects foreign)
            throws IOException {
        ByteBuffer start = ByteBuffer.allocate(START_BYTES);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
        HeaderReader.refuseLfsPointer(file, start.array());
        if (start.getInt(0) == ZIP_START) {
            return ZipCheckpoint.read(file, channel, foreign);
        }
        if (Byte.toUnsignedInt(start.get(0)) == PICKLE_START) {
            return StreamCheckpoint.read(file, channel, foreign);
        }
        throw new MergeException(
                Problem.input(file.toString(), "is not a PyTorch checkpoint")
                        .expected("a zip archive or a pickle")
                        .hint("the file is damaged or has another format"));
    }
}
