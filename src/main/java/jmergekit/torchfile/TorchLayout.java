package jmergekit.torchfile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.FileLayout;
import jmergekit.weights.TensorEntry;

/// A PyTorch checkpoint to be written, in the format that `torch.save` uses for a dictionary of
/// tensors since version 1.6: a zip archive with a pickle, and one member for the data of each
/// tensor. No two tensors share data.
///
/// @param headBytes the offset of the header of the first tensor's member
public record TorchLayout(List<TensorEntry> entries, long headBytes) implements FileLayout {
    private static final String FOLDER = "archive/";

    /// The version of the archive's layout, which loaders compare.
    private static final String VERSION = "3\n";

    public TorchLayout {
        entries = List.copyOf(entries);
    }

    /// The members that do not depend on the data.
    private record Head(List<StoredMember> members, ByteArrayOutputStream bytes) {
        static Head of(List<TensorSpec> tensors) {
            Head head = new Head(new ArrayList<>(), new ByteArrayOutputStream());
            head.add("data.pkl", StateDictPickle.of(tensors));
            head.add("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            head.add("version", VERSION.getBytes(StandardCharsets.US_ASCII));
            return head;
        }

        private void add(String name, byte[] content) {
            CRC32 crc = new CRC32();
            crc.update(content);
            StoredMember member =
                    new StoredMember(
                            FOLDER + name, bytes.size(), content.length, (int) crc.getValue());
            members.add(member);
            bytes.writeBytes(member.header());
            bytes.writeBytes(content);
        }
    }

    /// The layout of these tensors, in this order. Throws a [MergeException] if there are more than
    /// [TorchHeader#read] would read back.
    ///
    /// @param fileName the name of the file in messages
    public static TorchLayout of(String fileName, List<TensorSpec> tensors) {
        StateDictLimits.check(fileName, tensors);
        for (TensorSpec tensor : tensors) {
            if (tensor.dtype().isPacked()) {
                throw new MergeException(
                        Problem.output(
                                        fileName,
                                        "PyTorch checkpoints cannot store tensor '%s' of %s"
                                                .formatted(tensor.name(), tensor.dtype()))
                                .hint("write safetensors"));
            }
        }
        long headBytes = Head.of(tensors).bytes().size();
        List<TensorEntry> entries = new ArrayList<>(tensors.size());
        long next = headBytes;
        for (int i = 0; i < tensors.size(); i++) {
            StoredMember member = member(i, next, tensors.get(i), 0);
            entries.add(new TensorEntry(tensors.get(i), member.begin()));
            next = member.end();
        }
        return new TorchLayout(entries, headBytes);
    }

    /// How many of the tensors, counted from the first, fit in one file.
    public static int fitting(List<TensorSpec> tensors) {
        return StateDictLimits.fitting(tensors);
    }

    private static StoredMember member(int i, long headerAt, TensorSpec tensor, int crc32) {
        return new StoredMember(FOLDER + "data/" + i, headerAt, tensor.bytes(), crc32);
    }

    private StoredMember member(int i, ToIntFunction<String> crc32) {
        TensorSpec tensor = entries.get(i).spec();
        long headerAt = i == 0 ? headBytes : entries.get(i - 1).end();
        return member(i, headerAt, tensor, crc32.applyAsInt(tensor.name()));
    }

    private Head parts() {
        return Head.of(entries.stream().map(TensorEntry::spec).toList());
    }

    private ZipTail tail(List<StoredMember> head, List<StoredMember> data) {
        return new ZipTail(
                Stream.concat(head.stream(), data.stream()).toList(),
                entries.isEmpty() ? headBytes : entries.getLast().end());
    }

    private List<StoredMember> members(ToIntFunction<String> crc32) {
        return IntStream.range(0, entries.size()).mapToObj(i -> member(i, crc32)).toList();
    }

    @Override
    public long fileSize() {
        ZipTail tail = tail(parts().members(), members(_ -> 0));
        return tail.begin() + tail.size();
    }

    @Override
    public byte[] head() {
        return parts().bytes().toByteArray();
    }

    /// Zip readers other than PyTorch compare them.
    @Override
    public boolean hasChecksums() {
        return true;
    }

    @Override
    public Stream<Piece> pieces(ToIntFunction<String> crc32) {
        List<StoredMember> data = members(crc32);
        ZipTail tail = tail(parts().members(), data);
        return Stream.concat(
                data.stream().map(m -> new Piece(m.headerAt(), m.header())),
                Stream.of(new Piece(tail.begin(), tail.bytes())));
    }
}
