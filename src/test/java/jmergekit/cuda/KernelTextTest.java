package jmergekit.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The kernels that are shipped are those of the sources, and the ones that are launched.
class KernelTextTest {
    private static final Path SOURCE = Path.of("src", "main", "cuda", "kernels.cu");
    private static final Path ROOM = Path.of("src", "main", "java", "jmergekit", "cuda");
    private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^\\.func ");
    private static final Pattern LAUNCH =
            Pattern.compile("\\b(?:launch|launchRows|launchBlocks|kernel)\\(\\s*\"(\\w+)\"");

    private static String ptx;
    private static Set<String> kernels;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = KernelText.class.getResourceAsStream("kernels.ptx")) {
            ptx = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        kernels = found(ENTRY, ptx);
    }

    @Test
    void shippedTextIsOfTheKernelsAsTheyAreNow() throws IOException, NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(SOURCE));

        assertThat(ptx.lines().findFirst().orElseThrow())
                .as("%s was edited: run scripts/build-ptx", SOURCE)
                .isEqualTo("// sha256 of kernels.cu: " + HexFormat.of().formatHex(hash));
    }

    @Test
    void launchedKernelsAreTheShippedOnes() throws IOException {
        Set<String> launched = new TreeSet<>();
        try (Stream<Path> files = Files.list(ROOM)) {
            for (Path file : files.toList()) {
                launched.addAll(found(LAUNCH, Files.readString(file)));
            }
        }

        assertThat(launched).isNotEmpty().isEqualTo(kernels);
    }

    @Test
    void aModuleHoldsItsKernelOnly() {
        KernelText text = KernelText.load();

        for (String kernel : kernels) {
            assertThat(ENTRY.matcher(text.module(kernel)).results().map(m -> m.group(1)))
                    .containsExactly(kernel);
        }
    }

    @Test
    void aModuleIsWholeByItself() {
        KernelText text = KernelText.load();
        List<String> directives = List.of(".version 6.4", ".target sm_75", ".address_size 64");
        long functions = FUNCTION.matcher(ptx).results().count();

        assertThat(functions).isPositive();
        for (String kernel : kernels) {
            String module = text.module(kernel);
            assertThat(module.lines().limit(4)).as(kernel).containsAll(directives);
            // What kernels call comes before them all.
            assertThat(FUNCTION.matcher(module).results().count()).isEqualTo(functions);
        }
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> KernelText.load().module("sum_up"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no kernel sum_up");
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(m -> found.add(m.group(1)));
        return found;
    }
}
