package jmergekit.torchfile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The end of a zip archive to be written: the directory of its members, and the records that
/// locate it.
///
/// Source: APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16.
///
/// @param begin the offset of the directory in the file
record ZipTail(List<StoredMember> members, long begin) {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ZIP64_END_SIGNATURE = 0x06064b50;
    private static final int ZIP64_END_BYTES = 56;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;

    /// Bytes of the record that ends the zip64 directory that its own size does not count.
    private static final int UNCOUNTED = 12;

    private static final int COUNT_IN_ZIP64 = 0xffff;

    ZipTail {
        members = List.copyOf(members);
    }

    private long directoryBytes() {
        return members.stream().mapToLong(StoredMember::recordBytes).sum();
    }

    private boolean isZip64() {
        return members.size() >= COUNT_IN_ZIP64
                || begin >= StoredMember.IN_ZIP64
                || directoryBytes() >= StoredMember.IN_ZIP64;
    }

    long size() {
        return directoryBytes() + (isZip64() ? ZIP64_END_BYTES + LOCATOR_BYTES : 0) + END_BYTES;
    }

    byte[] bytes() {
        long directory = directoryBytes();
        ByteBuffer tail =
                ByteBuffer.allocate(Math.toIntExact(size())).order(ByteOrder.LITTLE_ENDIAN);
        members.forEach(m -> tail.put(m.record()));
        if (isZip64()) {
            putZip64(tail, directory);
        }
        int count = Math.min(members.size(), COUNT_IN_ZIP64);
        tail.putInt(END_SIGNATURE).putShort((short) 0).putShort((short) 0);
        tail.putShort((short) count).putShort((short) count);
        tail.putInt((int) Math.min(directory, StoredMember.IN_ZIP64));
        tail.putInt((int) Math.min(begin, StoredMember.IN_ZIP64));
        tail.putShort((short) 0);
        return tail.array();
    }

    private void putZip64(ByteBuffer tail, long directory) {
        tail.putInt(ZIP64_END_SIGNATURE).putLong(ZIP64_END_BYTES - UNCOUNTED);
        tail.putShort((short) StoredMember.ZIP64_VERSION);
        tail.putShort((short) StoredMember.ZIP64_VERSION);
        tail.putInt(0).putInt(0);
        tail.putLong(members.size()).putLong(members.size());
        tail.putLong(directory).putLong(begin);
        tail.putInt(LOCATOR_SIGNATURE).putInt(0).putLong(begin + directory).putInt(1);
    }
}
