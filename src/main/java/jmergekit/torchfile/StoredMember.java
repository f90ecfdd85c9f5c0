package jmergekit.torchfile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A member of a zip archive to be written, neither compressed nor encrypted: its local header,
/// padded so that its data begins at a multiple of 64 bytes, and its record in the directory.
///
/// Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.5.3. The padding field is the one that
/// PyTorch uses.
///
/// @param headerAt the offset of the header in the file
/// @param bytes the size of its data
/// @param crc32 the checksum of its data
record StoredMember(String name, long headerAt, long bytes, int crc32) {
    /// Replaces a number that is in the zip64 field.
    static final long IN_ZIP64 = 0xffff_ffffL;

    /// The version of the format that has zip64, 4.5.
    static final int ZIP64_VERSION = 45;

    static final int VERSION = 20;

    private static final int ALIGNMENT = 64;

    private static final int HEADER_SIGNATURE = 0x04034b50;
    private static final int HEADER_BYTES = 30;
    private static final int RECORD_SIGNATURE = 0x02014b50;
    private static final int RECORD_BYTES = 46;
    private static final int ZIP64_EXTRA = 1;
    private static final int FIELD_BYTES = 4;

    /// `FB`
    private static final int PADDING_EXTRA = 0x4246;

    private static final byte PADDING = 'Z';

    /// 1 January 1980, the earliest possible date.
    private static final int DATE = 1 << 5 | 1;

    /// The offset of its data.
    long begin() {
        long least = headerAt + HEADER_BYTES + name.length() + sizesBytes() + FIELD_BYTES;
        return Math.ceilDiv(least, ALIGNMENT) * ALIGNMENT;
    }

    /// The first byte after its data.
    long end() {
        return Math.addExact(begin(), bytes);
    }

    private boolean isLarge() {
        return bytes >= IN_ZIP64;
    }

    private boolean isFar() {
        return headerAt >= IN_ZIP64;
    }

    private int sizesBytes() {
        return isLarge() ? FIELD_BYTES + 2 * Long.BYTES : 0;
    }

    /// The bytes from `headerAt` to its data.
    byte[] header() {
        int length = (int) (begin() - headerAt);
        int extra = length - HEADER_BYTES - name.length();
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(HEADER_SIGNATURE);
        putCommon(header, isLarge());
        header.putShort((short) extra).put(name.getBytes(StandardCharsets.US_ASCII));
        if (isLarge()) {
            header.putShort((short) ZIP64_EXTRA).putShort((short) (2 * Long.BYTES));
            header.putLong(bytes).putLong(bytes);
        }
        int padding = header.remaining() - FIELD_BYTES;
        header.putShort((short) PADDING_EXTRA).putShort((short) padding);
        while (header.hasRemaining()) {
            header.put(PADDING);
        }
        return header.array();
    }

    // Common to header and record: from the required version to the length of the name.
    private void putCommon(ByteBuffer buffer, boolean zip64) {
        buffer.putShort((short) (zip64 ? ZIP64_VERSION : VERSION));
        buffer.putShort((short) 0).putShort((short) 0);
        buffer.putShort((short) 0).putShort((short) DATE);
        buffer.putInt(crc32);
        int size = (int) Math.min(bytes, IN_ZIP64);
        buffer.putInt(size).putInt(size);
        buffer.putShort((short) name.length());
    }

    /// The size of [#record].
    int recordBytes() {
        int numbers = (isLarge() ? 2 : 0) + (isFar() ? 1 : 0);
        int extra = numbers == 0 ? 0 : FIELD_BYTES + numbers * Long.BYTES;
        return RECORD_BYTES + name.length() + extra;
    }

    /// Its record in the directory.
    byte[] record() {
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int extra = recordBytes() - RECORD_BYTES - name.length();
        record.putInt(RECORD_SIGNATURE).putShort((short) ZIP64_VERSION);
        putCommon(record, extra > 0);
        record.putShort((short) extra);
        // No comment, on the first disk, no attributes.
        record.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        record.putInt((int) Math.min(headerAt, IN_ZIP64));
        record.put(name.getBytes(StandardCharsets.US_ASCII));
        if (extra > 0) {
            record.putShort((short) ZIP64_EXTRA).putShort((short) (extra - FIELD_BYTES));
            if (isLarge()) {
                record.putLong(bytes).putLong(bytes);
            }
            if (isFar()) {
                record.putLong(headerAt);
            }
        }
        return record.array();
    }
}
