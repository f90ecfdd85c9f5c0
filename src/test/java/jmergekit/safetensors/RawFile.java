package jmergekit.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Builds safetensors files by hand, right or wrong.
final class RawFile {
    private RawFile() {}

    /// The header's length, the header, and data bytes 0, 1, 2 and so on.
    static byte[] bytes(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + dataBytes);
        file.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
        for (int i = 0; i < dataBytes; i++) {
            file.put((byte) i);
        }
        return file.array();
    }

    static Path write(Path file, String header, int dataBytes) throws IOException {
        return Files.write(file, bytes(header, dataBytes));
    }

    /// A file whose tensors are one byte each.
    static Path ofBytes(Path file, String... names) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        for (int i = 0; i < names.length; i++) {
            header.append(",\"%s\":".formatted(names[i])).append(entry("U8", "[1]", i, i + 1));
        }
        return write(file, header.append('}').toString(), names.length);
    }

    /// `{"dtype":…,"shape":…,"data_offsets":[…]}`
    static String entry(String dtype, String shape, long begin, long end) {
        return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(dtype, shape, begin, end);
    }
}
