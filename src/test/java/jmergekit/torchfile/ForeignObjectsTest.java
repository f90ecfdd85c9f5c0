package jmergekit.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import jmergekit.fixture.PickleBytes;
import jmergekit.fixture.ZipBytes;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training checkpoints: where their tensors lie, and what is beside them.
class ForeignObjectsTest {
    @TempDir Path folder;

    private TorchHeader read(Consumer<PickleBytes> pairs) throws IOException {
        PickleBytes pickle = PickleBytes.protocol2().op('}').mark();
        pairs.accept(pickle);
        return TorchHeader.readTraining(write(pickle.op('u').stop()));
    }

    private Path write(byte[] pickle) throws IOException {
        return new ZipBytes()
                .add("m/data.pkl", pickle)
                .add("m/data/0", new byte[6])
                .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII))
                .write(folder.resolve("m.ckpt"));
    }

    private static PickleBytes tensors(PickleBytes p) {
        return p.op('}').text("w").row("ByteStorage", "0", 6).op('s');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict",
                "model_state_dict",
                "model",
                "module",
                "params_ema",
                "params",
                "generator"
            })
    void tensorsAreFoundUnderTheirUsualNames(String name) throws IOException {
        TorchHeader header =
                read(p -> {
                    p.text("epoch").number(3);
                    tensors(p.text(name));
                });

        assertThat(header.keys()).isEqualTo(name);
        assertThat(header.entries()).singleElement().matches(e -> e.spec().name().equals("w"));
    }

    @Test
    void namesAreTriedInAFixedOrder() throws IOException {
        TorchHeader header =
                read(p -> {
                    tensors(p.text("params"));
                    tensors(p.text("generator"));
                    tensors(p.text("params_ema"));
                });

        assertThat(header.keys()).isEqualTo("params_ema");
    }

    @Test
    void partsLieInParts() throws IOException {
        TorchHeader header = read(p -> tensors(p.text("state_dict").op('}').text("model")).op('s'));

        assertThat(header.keys()).isEqualTo("state_dict.model");
    }

    @Test
    void aDictionaryOfTensorsIsTakenAsItIs() throws IOException {
        TorchHeader header = read(p -> p.text("model").row("ByteStorage", "0", 6));

        assertThat(header.keys()).isEmpty();
        assertThat(header.entries()).singleElement().matches(e -> e.spec().name().equals("model"));
    }

    @Test
    void objectsBesideThePartAreOfNoInterest() throws IOException {
        TorchHeader header =
                read(p -> {
                    tensors(p.text("state_dict"));
                    p.text("hparams").global("omegaconf", "DictConfig").op(')', 0x81);
                    p.op('}').text("a").row("ByteStorage", "0", 6).op('s', 'b');
                    p.text("list").global("some", "List").op(')', 'R', 'N', 'a').mark();
                    p.op('N', 'N', 'e');
                    p.text("dict").global("some", "Dict").op(')', 'R').text("k").op('N', 's');
                    p.text("old").global("copyreg", "_reconstructor").mark();
                    p.global("some", "Old").global("builtins", "object").op('N', 't', 'R');
                });

        assertThat(header.leftAside()).isEmpty();
        assertThat(header.entries()).hasSize(1);
    }

    @Test
    void objectsAmongTheTensorsAreNamed() throws IOException {
        TorchHeader header =
                read(p -> {
                    p.text("w").row("ByteStorage", "0", 6);
                    p.text("old").global("copyreg", "_reconstructor").mark();
                    p.global("some", "Old").global("builtins", "object").op('N', 't', 'R');
                    p.text("class").global("some", "Class");
                });

        assertThat(header.leftAside())
                .containsExactly(
                        "'old', an object of 'some.Old'", "'class', the class 'some.Class'");
    }

    @Test
    void tensorsOfOtherClassesAreRefused() {
        assertThatThrownBy(() ->
                        read(p -> {
                            p.text("w").row("ByteStorage", "0", 6);
                            p.text("q").global("torch._utils", "_rebuild_qtensor").mark();
                            p.storage("torch", "ByteStorage", "0", 6).op('t', 'R');
                        }))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "has an object of 'torch._utils._rebuild_qtensor' under 'q', where a tensor"
                                + " should be");
        assertThatThrownBy(() ->
                        read(p -> {
                            p.text("w").row("ByteStorage", "0", 6).text("d");
                            p.global("torch._tensor", "_rebuild_from_type_v2").mark();
                            p.global("torch._utils", "_rebuild_tensor_v2");
                            p.global("torchao", "Quantised").mark();
                            p.storage("torch", "ByteStorage", "0", 6).op('t', '}', 't', 'R');
                        }))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("has an object of 'torchao.Quantised' under 'd'");
    }

    @Test
    void weightsOfModelFoldersAreReadAsStrictlyAsBefore() throws IOException {
        PickleBytes pickle = PickleBytes.protocol2().op('}');
        Path file = write(pickle.text("x").global("some", "Class").op('s').stop());

        assertThatThrownBy(() -> TorchHeader.read(file))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("its pickle uses 'some.Class'");
    }

    @Test
    void floodsOfObjectsAreRefused() {
        PickleBytes flood =
                PickleBytes.protocol2().global("a", "b").op('q', 0, ')', 'q', 1, '0', '0');
        for (int i = 0; i < 3_000_000; i++) {
            flood.op('h', 0, 'h', 1, 'R');
        }
        byte[] pickle = flood.stop();

        assertThatThrownBy(() -> TorchHeader.readTraining(write(pickle)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("holds too many values");
    }
}
