package jmergekit.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The kernels as PTX text, each in a separate module: the driver compiles whole modules, and most
/// merges use only a few kernels.
///
/// `scripts/build-ptx` writes the text, and places a kernel's first and last line at the margin.
final class KernelText {
    private static final String RESOURCE = "kernels.ptx";
    private static final String ENTRY = ".visible .entry ";

    private final String common;
    private final Map<String, String> entries;

    private KernelText(String common, Map<String, String> entries) {
        this.common = common;
        this.entries = entries;
    }

    static KernelText load() {
        try (InputStream in = KernelText.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build does not contain " + RESOURCE);
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KernelText of(String ptx) {
        String[] parts = ptx.split("(?m)^(?=" + ENTRY.replace(".", "\\.") + ")");
        return new KernelText(
                parts[0],
                Arrays.stream(parts)
                        .skip(1)
                        .collect(Collectors.toMap(KernelText::name, Function.identity())));
    }

    private static String name(String entry) {
        return entry.substring(ENTRY.length(), entry.indexOf('('));
    }

    /// The module with the kernel of that name.
    String module(String kernel) {
        String entry = entries.get(kernel);
        if (entry == null) {
            throw new IllegalArgumentException("there is no kernel " + kernel);
        }
        return common + entry;
    }
}
