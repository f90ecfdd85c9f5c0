package jmergekit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
}
