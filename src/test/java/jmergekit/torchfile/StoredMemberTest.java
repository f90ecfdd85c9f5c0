package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bytes worked out by hand from APPNOTE.TXT.
class StoredMemberTest {
    private static final String NAME = "archive/data/0";
    private static final long FOUR_GIB = 1L << 32;

    /// In hex with spaces; `name` stands for the name, `pad:N` for N letters `Z`.
    private static byte[] bytes(String text) {
        StringBuilder hex = new StringBuilder();
        for (String part : text.strip().split("\\s+")) {
            if (part.equals("name")) {
                hex.append(HexFormat.of().formatHex(NAME.getBytes(StandardCharsets.US_ASCII)));
            } else if (part.startsWith("pad:")) {
                hex.append("5a".repeat(Integer.parseInt(part.substring(4))));
            } else {
                hex.append(part);
            }
        }
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void theHeaderOfASmallMember() {
        StoredMember member = new StoredMember(NAME, 0, 2, 0x01020304);

        // 30 bytes, 14 of the name, 4 of the field, and 16 more.
        assertThat(member.begin()).isEqualTo(64);
        assertThat(member.end()).isEqualTo(66);
        assertThat(member.header())
                .isEqualTo(
                        bytes(
                                """
                                504b0304 1400 0000 0000 0000 2100 04030201 02000000 02000000
                                0e00 1400 name 4642 1000 pad:16
                                """));
        assertThat(member.record())
                .hasSize(member.recordBytes())
                .isEqualTo(
                        bytes(
                                """
                                504b0102 2d00 1400 0000 0000 0000 2100 04030201 02000000 02000000
                                0e00 0000 0000 0000 0000 00000000 00000000 name
                                """));
    }

    @Test
    void sizeAndPlaceBeyondFourGibibytesAreInZip64() {
        StoredMember member = new StoredMember(NAME, FOUR_GIB + 64, FOUR_GIB, 0);

        // 30 bytes, 14 of the name, 20 of the sizes, 4 of the field, and 60 more.
        assertThat(member.begin()).isEqualTo(FOUR_GIB + 64 + 128);
        assertThat(member.header())
                .isEqualTo(
                        bytes(
                                """
                                504b0304 2d00 0000 0000 0000 2100 00000000 ffffffff ffffffff
                                0e00 5400 name 0100 1000 0000000001000000 0000000001000000
                                4642 3c00 pad:60
                                """));
        assertThat(member.record())
                .hasSize(member.recordBytes())
                .isEqualTo(
                        bytes(
                                """
                                504b0102 2d00 2d00 0000 0000 0000 2100 00000000 ffffffff ffffffff
                                0e00 1c00 0000 0000 0000 00000000 ffffffff name
                                0100 1800 0000000001000000 0000000001000000 4000000001000000
                                """));
    }

    @Test
    void aSmallMemberFarFromTheBeginningHasItsPlaceInZip64() {
        StoredMember member = new StoredMember(NAME, FOUR_GIB - 1, 2, 0);

        assertThat(member.begin()).isEqualTo(FOUR_GIB + 64);
        assertThat(member.record())
                .hasSize(member.recordBytes())
                .endsWith(bytes("ffffffff name 0100 0800 ffffffff00000000"));
    }

    @Test
    void oneByteLessNeedsNoZip64() {
        StoredMember member = new StoredMember(NAME, FOUR_GIB - 2, FOUR_GIB - 2, 0);

        assertThat(member.record()).hasSize(46 + 14).endsWith(bytes("feffffff name"));
        assertThat(member.header()).contains(bytes("feffffff feffffff"));
    }

    @Test
    void theEndOfASmallArchive() {
        List<StoredMember> members = List.of(new StoredMember(NAME, 0, 2, 0));

        ZipTail tail = new ZipTail(members, 66);

        assertThat(tail.bytes())
                .hasSize((int) tail.size())
                .startsWith(members.getFirst().record())
                .endsWith(bytes("504b0506 0000 0000 0100 0100 3c000000 42000000 0000"));
    }

    // 100 records of 60 + 12 bytes: 7200 = 0x1c20.
    @Test
    void aDirectoryBeyondFourGibibytesIsFoundByZip64() {
        StoredMember member = new StoredMember(NAME, FOUR_GIB, 0, 0);
        ZipTail tail = new ZipTail(Collections.nCopies(100, member), FOUR_GIB + 5);

        assertThat(tail.bytes())
                .hasSize((int) tail.size())
                .hasSize(7200 + 56 + 20 + 22)
                .endsWith(
                        bytes(
                                """
                                504b0606 2c00000000000000 2d00 2d00 00000000 00000000
                                6400000000000000 6400000000000000 201c000000000000 0500000001000000
                                504b0607 00000000 251c000001000000 01000000
                                504b0506 0000 0000 6400 6400 201c0000 ffffffff 0000
                                """));
    }

    @Test
    void moreMembersThanSixteenBitsCountNeedZip64() {
        StoredMember member = new StoredMember(NAME, 0, 0, 0);

        assertThat(new ZipTail(Collections.nCopies(65_534, member), 0).bytes())
                .endsWith(bytes("504b0506 0000 0000 feff feff 88ff3b00 00000000 0000"));
        assertThat(new ZipTail(Collections.nCopies(65_535, member), 0).bytes())
                .endsWith(bytes("504b0506 0000 0000 ffff ffff c4ff3b00 00000000 0000"))
                .contains(bytes("504b0606 2c00000000000000"));
    }
}
