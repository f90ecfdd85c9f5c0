package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelNameTest {
    @ParameterizedTest
    @CsvSource({
        "../../models/a,../../models/a",
        "models/a,models/a",
        "org/name,org/name",
        "/srv/models/a,a",
        "/srv/models/a/,a",
        "/srv/models/a/.,a",
        "~/models/a,a",
        "C:\\models\\a,a",
        "D:/models/a,a",
        "\\\\host\\models\\a,a",
        "/,model"
    })
    void onlyAbsolutePathsAreShortened(String path, String expected) {
        assertThat(ModelName.text(ModelReference.of(path))).isEqualTo(expected);
    }

    @Test
    void revisionAndAdapterFollowThePath() {
        ModelReference reference =
                new ModelReference(
                        "/srv/a",
                        Optional.of("v1"),
                        Optional.of(new AdapterReference("/srv/lora", Optional.of("v2"))),
                        Optional.empty());
        assertThat(ModelName.text(reference)).isEqualTo("a@v1+lora@v2");
    }

    @Test
    void whatLiesInAHubCacheIsFromTheHub() {
        Path cached = Path.of("/cache/models--org--name/snapshots/0123abc");
        assertThat(ModelName.hubId(ModelReference.of("org/name"), cached)).contains("org/name");
        assertThat(ModelName.hubId(ModelReference.of("gpt2"), cached)).contains("gpt2");
    }

    @ParameterizedTest
    @CsvSource({
        "org/name,/somewhere/org/name",
        "name,/somewhere/name",
        "./name,/somewhere/name",
        "../name,/name",
        "/srv/name,/srv/name",
        "~/name,/home/name",
        "a/b/c,/somewhere/a/b/c"
    })
    void foldersOnDiskAreNot(String path, String folder) {
        assertThat(ModelName.hubId(ModelReference.of(path), Path.of(folder))).isEmpty();
    }
}
