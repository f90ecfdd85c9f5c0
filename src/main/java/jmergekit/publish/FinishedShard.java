package jmergekit.publish;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The record of a shard that was written completely.
///
/// @param bytes its size
/// @param headBytes the bytes in front of its data
/// @param headSha256 the checksum of those bytes, in hex
/// @param note what the run that made the shard needs to know later
record FinishedShard(long bytes, int headBytes, String headSha256, String note) {
    private static final long MAX_BYTES = 256 << 20;
    private static final int MAX_HEAD_BYTES = 128 << 20;

    static FinishedShard of(ShardLayout.Shard shard, String note) {
        byte[] head = shard.head();
        return new FinishedShard(shard.fileSize(), head.length, Sha256.hex(head), note);
    }

    /// Reads a record from a file; empty if there is none, or it is invalid.
    static Optional<FinishedShard> read(Path file) {
        try {
            return of(JsonTree.read(file, MAX_BYTES, file.toString()));
        } catch (MergeException e) {
            return Optional.empty();
        }
    }

    /// Parses the content of such a file.
    static Optional<FinishedShard> parse(byte[] text) {
        try {
            return of(JsonTree.read(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<FinishedShard> of(JsonNode json) {
        int headBytes = json.path("headBytes").asInt(-1);
        return headBytes < 0 || headBytes > MAX_HEAD_BYTES
                ? Optional.empty()
                : Optional.of(
                        new FinishedShard(
                                json.path("bytes").asLong(-1),
                                headBytes,
                                json.path("headSha256").asString(""),
                                json.path("note").asString("")));
    }

    byte[] text() {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("bytes", bytes);
        json.put("headBytes", headBytes);
        json.put("headSha256", headSha256);
        json.put("note", note);
        return JsonTree.MAPPER.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    }

    /// Whether a file is this shard, as far as its size and head show.
    boolean is(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) != bytes) {
                return false;
            }
            try (InputStream in = Files.newInputStream(file)) {
                return Sha256.hex(in.readNBytes(headBytes)).equals(headSha256);
            }
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether this has the size and the head of a layout's shard.
    boolean is(ShardLayout.Shard shard) {
        return equals(of(shard, note));
    }
}
