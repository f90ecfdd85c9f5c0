package jmergekit.djl;

import java.util.Locale;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Native libraries that the small archives of the program do not contain.
public enum NativePart {
    PYTORCH("PyTorch", "jnilib/pytorch.properties"),
    TOKENIZERS("the tokenizers library", "native/lib/tokenizers.properties");

    private static final String RELEASES = "https://github.com/jmergekit/jmergekit/releases";

    private final String title;
    private final String resource;

    NativePart(String title, String resource) {
        this.title = title;
        this.resource = resource;
    }

    /// Checks that the library is part of this installation.
    ///
    /// @throws MergeException if it is not; the message says how to add it
    public void require() {
        if (isInstalled(resource)) {
            return;
        }
        String version = NativePart.class.getPackage().getImplementationVersion();
        String name = "jmergekit-" + (version == null ? "VERSION" : version);
        throw new MergeException(
                Problem.usage(title, "this installation does not contain it")
                        .hint(
                                "unpack %s-%s-pytorch.tar.gz from %s into the folder that contains %s, or install the package jmergekit-pytorch"
                                        .formatted(name, platform(), RELEASES, name)));
    }

    /// Whether the class path has the resource.
    static boolean isInstalled(String resource) {
        return NativePart.class.getClassLoader().getResource(resource) != null;
    }

    /// This system as the names of archives have it, as in `linux-x64`.
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String platform =
                system.startsWith("mac") ? "macos" : system.startsWith("win") ? "windows" : "linux";
        return platform + (processor.equals("aarch64") ? "-arm64" : "-x64");
    }
}
