package jmergekit.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;

/// A jar that may have merge methods.
///
/// @param path as the user wrote it
/// @param version the `Implementation-Version` of its manifest; or else the hash of the jar
/// @param hasMethods whether it lists merge methods
/// @param libraries jars with classes that it needs
record PluginJar(String path, Path file, String version, boolean hasMethods, List<Path> libraries) {
    /// The entry that lists the classes of its methods, for [java.util.ServiceLoader].
    static final String ENTRY = "META-INF/services/" + MergeMethod.class.getName();

    private static final int LONGEST_VERSION = 100;

    PluginJar {
        libraries = List.copyOf(libraries);
    }

    /// Opens a jar; empty, with a problem, if it is not one.
    static Optional<PluginJar> open(String path, Path file, Problems problems) {
        try (JarFile jar = new JarFile(file.toFile())) {
            boolean hasMethods = jar.getEntry(ENTRY) != null;
            String version =
                    implementationVersion(jar).map(v -> "version " + v).orElseGet(() -> hash(file));
            return Optional.of(new PluginJar(path, file, version, hasMethods, List.of()));
        } catch (IOException e) {
            problems.add(
                    Problem.usage(path, "not a jar that can be read")
                            .expected("a jar with the entry " + ENTRY)
                            .found(IoReason.of(e))
                            .hint("correct the path in " + Plugins.VARIABLE));
            return Optional.empty();
        }
    }

    private static Optional<String> implementationVersion(JarFile jar) throws IOException {
        Manifest manifest = jar.getManifest();
        return manifest == null
                ? Optional.empty()
                : Optional.ofNullable(
                                manifest.getMainAttributes()
                                        .getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                        .map(String::strip)
                        .filter(v -> !v.isEmpty() && v.length() <= LONGEST_VERSION);
    }

    private static String hash(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
            }
            return "sha256 " + HexFormat.of().formatHex(sha.digest());
        } catch (IOException e) {
            return "of unknown version";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The same with jars that it may need.
    PluginJar with(List<Path> more) {
        return new PluginJar(path, file, version, hasMethods, more);
    }

    /// The jar in records of merges: its file name and version.
    String title() {
        return "%s, %s".formatted(file.getFileName(), version);
    }

    /// Loads its methods, and checks what they say about themselves.
    List<LoadedMethod> load(Problems problems) {
        List<LoadedMethod> loaded = new ArrayList<>();
        for (MergeMethod method : new ServiceMethods(this, loader(), problems).all()) {
            InfoCheck.of(this, method, problems)
                    .map(info -> GuardedMethod.of(method, info))
                    .ifPresent(guarded -> loaded.add(new LoadedMethod(this, guarded)));
        }
        return loaded;
    }

    // Never closed: classes are loaded while methods run.
    private URLClassLoader loader() {
        URL[] urls =
                Stream.concat(Stream.of(file), libraries.stream())
                        .map(PluginJar::url)
                        .toArray(URL[]::new);
        return new URLClassLoader("plugin", urls, MergeMethod.class.getClassLoader());
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file has a URL", e);
        }
    }
}
