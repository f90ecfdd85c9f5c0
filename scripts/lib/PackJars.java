import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies the jars of an installation: `java PackJars.java PROGRAM INTO LICENCES PLATFORM`. PROGRAM is
/// the jar whose class path lists them, and PLATFORM is the name that DJL gives to a system and
/// processor, such as `linux-x86_64`.
///
/// The copies hold the native libraries of that platform only, and have their entries stored instead
/// of compressed: an archive of them is a third smaller, and the JVM opens them faster. Classes as old
/// as picocli's are renewed: see [RenewClasses]. Licences and notices in the jars are also written to
/// the folder LICENCES, in a folder for each jar.
public final class PackJars {
    private static final Pattern NATIVE =
            Pattern.compile(".*/((?:linux|osx|win)-(?:x86_64|aarch64))/(.+)?");

    /// JNA's native libraries; JNA has names of its own for systems and processors.
    private static final Pattern JNA =
            Pattern.compile("com/sun/jna/([a-z0-9]+-[a-z0-9-]+)/.+");
    private static final Map<String, String> JNA_NAMES =
            Map.of(
                    "linux-x86_64", "linux-x86-64",
                    "linux-aarch64", "linux-aarch64",
                    "osx-aarch64", "darwin-aarch64",
                    "win-x86_64", "win32-x86-64");

    private static final Pattern LICENCE =
            Pattern.compile("(?:META-INF/)?(?:LICEN[SC]E|NOTICE|AL2\\.0|LGPL2\\.1|COPYING)[^/]*");

    /// Variants of native libraries that only work with a CUDA build of PyTorch.
    private static final Set<String> OTHER_VARIANTS = Set.of("cu128");

    private final Path into;
    private final Path licences;
    private final String platform;

    private PackJars(Path into, Path licences, String platform) {
        this.into = into;
        this.licences = licences;
        this.platform = platform;
    }

    public static void main(String[] arguments) throws IOException {
        PackJars packing = new PackJars(Path.of(arguments[1]), Path.of(arguments[2]), arguments[3]);
        Files.createDirectories(packing.into);
        for (Path jar : libraries(Path.of(arguments[0]))) {
            packing.pack(jar);
        }
    }

    /// Other files next to them may be left from an earlier build, with older versions.
    private static List<Path> libraries(Path program) throws IOException {
        try (JarFile jar = new JarFile(program.toFile())) {
            String classPath =
                    jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return Stream.of(classPath.split(" ")).sorted().map(program::resolveSibling).toList();
        }
    }

    private void pack(Path jar) throws IOException {
        Path packed = into.resolve(jar.getFileName());
        try (ZipFile old = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(packed))) {
            RenewClasses classes = new RenewClasses(old);
            out.setMethod(ZipOutputStream.STORED);
            for (ZipEntry entry : Collections.list(old.entries())) {
                if (isForeign(entry.getName())) {
                    continue;
                }
                byte[] bytes = classes.renewed(entry);
                store(out, entry, bytes);
                if (LICENCE.matcher(entry.getName().toUpperCase(Locale.ROOT)).matches()) {
                    copyLicence(jar, entry, bytes);
                }
            }
        }
    }

    private boolean isForeign(String name) {
        Matcher jna = JNA.matcher(name);
        if (jna.matches()) {
            return !jna.group(1).equals(JNA_NAMES.get(platform));
        }
        Matcher matcher = NATIVE.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        String inside = matcher.group(2) == null ? "" : matcher.group(2);
        return !matcher.group(1).equals(platform)
                || OTHER_VARIANTS.contains(inside.replaceFirst("/.*", ""));
    }

    private static void store(ZipOutputStream out, ZipEntry entry, byte[] bytes)
            throws IOException {
        ZipEntry stored = new ZipEntry(entry.getName());
        stored.setTimeLocal(entry.getTimeLocal());
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        stored.setCrc(checksum.getValue());
        stored.setSize(bytes.length);
        out.putNextEntry(stored);
        out.write(bytes);
        out.closeEntry();
    }

    private void copyLicence(Path jar, ZipEntry entry, byte[] bytes) throws IOException {
        String library = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        Path folder = licences.resolve(library);
        Files.createDirectories(folder);
        Files.write(folder.resolve(entry.getName().replaceFirst(".*/", "")), bytes);
    }
}
