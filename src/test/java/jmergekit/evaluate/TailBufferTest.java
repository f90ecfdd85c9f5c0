package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TailBufferTest {
    private final TailBuffer buffer = new TailBuffer(5);

    private void add(String text) {
        byte[] bytes = (text + "unused").getBytes(StandardCharsets.US_ASCII);
        buffer.add(bytes, text.length());
    }

    private String last(long most) {
        return new String(buffer.last(most), StandardCharsets.US_ASCII);
    }

    @Test
    void keepsTheLastBytesInTheirOrder() {
        assertThat(last(9)).isEmpty();
        add("abc");
        assertThat(last(9)).isEqualTo("abc");
        add("defg");
        assertThat(last(9)).isEqualTo("cdefg");
        assertThat(last(2)).isEqualTo("fg");
        add("");
        add("hijkl");
        assertThat(last(9)).isEqualTo("hijkl");
        add("0123456789xyz");
        assertThat(last(9)).isEqualTo("89xyz");
        assertThat(last(1)).isEqualTo("z");
        assertThat(buffer.total()).isEqualTo(25);
    }
}
