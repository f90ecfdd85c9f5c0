package jmergekit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

class SafetensorsLayoutTest {
    @Test
    void headerIsWhatTheFormatAsksFor() {
        List<TensorSpec> tensors = List.of(new TensorSpec("w\"é", DType.BF16, Shape.of(2, 1)));
        String header =
                new String(SafetensorsLayout.header(tensors, Map.of()), StandardCharsets.UTF_8);
        assertThat(header.stripTrailing())
                .isEqualTo(
                        "{\"__metadata__\":{\"format\":\"pt\"},\"w\\\"é\":{\"dtype\":\"BF16\","
                                + "\"shape\":[2,1],\"data_offsets\":[0,4]}}");
        assertThat(SafetensorsLayout.header(tensors, Map.of()).length % 8).isZero();
    }

    @Test
    void asManyTensorsAsFitAreCounted() {
        List<TensorSpec> many = new ArrayList<>();
        for (int i = 0; i < 250_001; i++) {
            many.add(new TensorSpec("w" + i, DType.F32, new Shape(List.of(1L))));
        }
        assertThat(SafetensorsLayout.fitting(many.subList(0, 250_000))).isEqualTo(250_000);
        assertThat(SafetensorsLayout.fitting(many)).isEqualTo(250_000);

        String name = "\"é".repeat(1_000);
        List<TensorSpec> longNames = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            longNames.add(new TensorSpec(name + i, DType.F32, new Shape(List.of(1L))));
        }
        int fitting = SafetensorsLayout.fitting(longNames);
        assertThat(fitting).isBetween(10_000, 11_000);
        assertThat(SafetensorsLayout.of("m", longNames.subList(0, fitting)).dataStart())
                .isLessThan(100_000_000);
    }
}
