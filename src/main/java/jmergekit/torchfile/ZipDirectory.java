package jmergekit.torchfile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The directory of a zip archive: its members and where their data is. Overlapping members and
/// duplicate names are refused, so that every other reader sees the same content. Checksums are not
/// verified, since the data is not read.
///
/// Source: APPNOTE.TXT 6.3.10, the ZIP file format specification.
final class ZipDirectory {
    private static final String PART = "its zip directory";

    /// The most members; a large checkpoint has some thousands in one file.
    private static final int MAX_MEMBERS = 500_000;

    private static final int MEMBER_SIGNATURE = 0x02014b50;
    private static final int HEADER_SIGNATURE = 0x04034b50;

    /// Bytes of a member's local header before its name.
    private static final int HEADER_BYTES = 30;

    private static final int ENCRYPTED = 1;
    private static final int ZIP64_EXTRA = 1;
    private static final long IN_ZIP64 = 0xffff_ffffL;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, ZipMember> members;

    private ZipDirectory(Path file, FileChannel channel, Map<String, ZipMember> members) {
        this.file = file;
        this.channel = channel;
        this.members = members;
    }

    /// Reads the directory. Throws a [MergeException] if it is damaged.
    static ZipDirectory read(Path file, FileChannel channel) throws IOException {
        ZipEnd end = ZipEnd.find(file, channel);
        if (end.members() > MAX_MEMBERS) {
            throw new MergeException(
                    Problem.input(
                            file.toString(),
                            "its zip directory lists %d members, at most %d are read"
                                    .formatted(end.members(), MAX_MEMBERS)));
        }
        FileInput input = new FileInput(file, PART, channel, end.begin(), end.end());
        List<ZipMember> listed = new ArrayList<>();
        for (long i = 0; i < end.members(); i++) {
            listed.add(member(input, end.begin()));
        }
        return new ZipDirectory(file, channel, apart(input, listed, end.begin()));
    }

    private static ZipMember member(FileInput input, long directoryAt) throws IOException {
        long at = input.position();
        if (input.i32() != MEMBER_SIGNATURE) {
            throw input.damaged(at, "no member begins there");
        }
        input.skip(4);
        boolean encrypted = (input.u16() & ENCRYPTED) != 0;
        int method = input.u16();
        input.skip(8);
        long storedBytes = input.u32();
        long bytes = input.u32();
        int nameBytes = input.u16();
        int extraBytes = input.u16();
        int commentBytes = input.u16();
        input.skip(8);
        long headerAt = input.u32();
        String name = new String(input.bytes(nameBytes), StandardCharsets.UTF_8);
        long extraEnd = input.position() + extraBytes;
        while (extraEnd - input.position() >= 4) {
            int id = input.u16();
            long fieldEnd = input.position() + 2 + input.u16();
            if (id == ZIP64_EXTRA) {
                bytes = bytes == IN_ZIP64 ? input.i64() : bytes;
                storedBytes = storedBytes == IN_ZIP64 ? input.i64() : storedBytes;
                headerAt = headerAt == IN_ZIP64 ? input.i64() : headerAt;
            }
            input.skip(fieldEnd - input.position());
        }
        input.skip(extraEnd - input.position() + commentBytes);
        ZipMember member =
                new ZipMember(name, encrypted, method, headerAt, directoryAt, storedBytes, bytes);
        if (headerAt < 0
                || bytes < 0
                || storedBytes < 0
                || headerAt > directoryAt - HEADER_BYTES
                || storedBytes > directoryAt - HEADER_BYTES - headerAt) {
            throw input.damaged(
                    at,
                    "member '%s' would have %d bytes from byte %d on, and the directory begins at %d"
                            .formatted(name, storedBytes, headerAt, directoryAt));
        }
        return member;
    }

    private static Map<String, ZipMember> apart(
            FileInput input, List<ZipMember> listed, long directoryAt) {
        listed.sort(Comparator.comparingLong(ZipMember::headerAt));
        Map<String, ZipMember> members = new LinkedHashMap<>();
        for (int i = 0; i < listed.size(); i++) {
            ZipMember member = listed.get(i);
            long next = i + 1 < listed.size() ? listed.get(i + 1).headerAt() : directoryAt;
            if (next - member.headerAt() < HEADER_BYTES + member.storedBytes()) {
                throw input.damaged(
                        member.headerAt(),
                        "members '%s' and '%s' overlap"
                                .formatted(member.name(), listed.get(i + 1).name()));
            }
            if (members.put(member.name(), member.endingAt(next)) != null) {
                throw input.damaged("two members have the name '%s'".formatted(member.name()));
            }
        }
        return members;
    }

    Collection<String> names() {
        return members.keySet();
    }

    Optional<ZipMember> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /// The offset of a member's data, which its local header determines. Throws a [MergeException]
    /// for a member that is compressed or encrypted.
    long dataBegin(ZipMember member) throws IOException {
        if (!member.isPlain()) {
            throw new MergeException(
                    Problem.input(
                                    file.toString(),
                                    "member '%s' is %s"
                                            .formatted(
                                                    member.name(),
                                                    member.encrypted()
                                                            ? "encrypted"
                                                            : "compressed"))
                            .hint(
                                    "PyTorch stores members unchanged: save the file again with"
                                            + " PyTorch"));
        }
        String part = "the header of member '%s'".formatted(member.name());
        FileInput input = FileInput.ofHeader(file, part, channel, member.headerAt(), member.end());
        if (input.i32() != HEADER_SIGNATURE) {
            throw input.damaged(member.headerAt(), "no member begins there");
        }
        input.skip(22);
        int nameBytes = input.u16();
        int extraBytes = input.u16();
        String name = new String(input.bytes(nameBytes), StandardCharsets.UTF_8);
        if (!name.equals(member.name())) {
            throw input.damaged(member.headerAt(), "its name is '%s'".formatted(name));
        }
        input.skip(extraBytes);
        if (member.bytes() > member.end() - input.position()) {
            throw input.damaged("its data overlaps the bytes after it");
        }
        return input.position();
    }
}
