package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the scripts set before they start the program.
@EnabledOnOs(OS.LINUX)
final class LauncherTest {
    private static String localeFrom(Map<String, String> variables) throws Exception {
        return run(variables, "use_utf8; echo \"${LC_ALL-}\"");
    }

    private static String run(Map<String, String> variables, String commands)
            throws IOException, InterruptedException {
        ProcessBuilder shell =
                new ProcessBuilder(
                                "bash", "-euc", "root=$PWD; . scripts/lib/launch.sh; " + commands)
                        .redirectErrorStream(true);
        shell.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        shell.environment().putAll(variables);
        Process process = shell.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }

    @Test
    void asciiLocalesBecomeUtf8() throws Exception {
        assertThat(localeFrom(Map.of())).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_ALL", "C"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_ALL", "POSIX"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LANG", "C"))).isEqualTo("C.UTF-8");
    }

    @Test
    void withoutTheToolThatKnowsTheNameDecides() throws Exception {
        String script = "PATH=/nowhere; use_utf8; echo \"${LC_ALL-}\"";
        assertThat(run(Map.of("LANG", "POSIX"), script)).isEqualTo("C.UTF-8");
        assertThat(run(Map.of("LANG", "xx_YY.UTF-8"), script)).isEmpty();
    }

    @Test
    void classesOfOldFormatsAreRenewedForTheCache(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("old.jar");
        Files.copy(
                Path.of(
                        CommandLine.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()),
                jar);

        run(Map.of(), "use_jdk; java scripts/lib/RenewClasses.java " + jar);

        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Class<?> renewed = loader.loadClass(CommandLine.class.getName());
            try (InputStream bytes = renewed.getResourceAsStream("CommandLine.class")) {
                assertThat(ClassFile.of().parse(bytes.readAllBytes()).majorVersion())
                        .isEqualTo(ClassFile.JAVA_8_VERSION);
            }
            // Initialised, a class has been verified.
            for (Class<?> part : renewed.getDeclaredClasses()) {
                Class.forName(part.getName(), true, loader);
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(jar);
        }
    }

    private static String writingACache(Path folder, String java) throws Exception {
        return run(
                Map.of(),
                """
                root=%s; jar=$root/target/jar; cache=$root/target/cache; examples=$root/examples
                java() { %s; }
                (owner=$BASHPID; renew_libraries; write_cache; echo goes on) || echo "ends with $?"
                """
                        .formatted(folder, java));
    }

    @Test
    void aStopWhileTheCacheIsWrittenLeavesNothing(@TempDir Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        String stopped = "[[ $1 = *RenewClasses* ]] || kill -TERM $owner";
        assertThat(writingACache(folder, stopped)).isEqualTo("ends with 143");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aCacheThatCouldNotBeWrittenIsEmpty(@TempDir Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        assertThat(writingACache(folder, "false")).isEqualTo("goes on");
        assertThat(target).isDirectoryContaining(f -> f.endsWith("cache"));
        assertThat(target.resolve("cache")).isEmptyFile();
    }

    @Test
    void aMissingFolderForTheCacheIsNoError(@TempDir Path folder) throws Exception {
        assertThat(writingACache(folder, "true")).isEqualTo("goes on");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void jarsBehindALinkAreNotRenewed(@TempDir Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("target"));
        Path elsewhere = Files.createDirectory(folder.resolve("repository"));
        Files.createSymbolicLink(target.resolve("lib"), elsewhere);
        String said = writingACache(folder, "[[ $1 != *RenewClasses* ]] || touch $root/renewed");
        assertThat(said).isEqualTo("goes on");
        assertThat(folder.resolve("renewed")).doesNotExist();
    }

    @Test
    void utf8StaysAsItIs() throws Exception {
        assertThat(localeFrom(Map.of("LC_ALL", "C.UTF-8"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_CTYPE", "C.UTF-8"))).isEmpty();
    }

    /// The command line that `maven package` runs in a project with a wrapper.
    ///
    /// @param version what `mvn --version` prints; empty without `mvn`
    private static String mavenFrom(Path folder, String version) throws Exception {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        if (!version.isEmpty()) {
            executable(tools.resolve("mvn"), "echo \"mvn $*\"; echo '" + version + "'");
        }
        executable(folder.resolve("mvnw"), "echo \"mvnw $*\"; command -v unzip");
        return run(
                Map.of("PATH", tools.toString()),
                "root=%s; maven package 2>&1 | { read -r line; echo \"$line\"; }"
                        .formatted(folder));
    }

    private static void executable(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void mavenFromThePathIsUsedIfItIsNewEnough(@TempDir Path folder) throws Exception {
        for (String version : List.of("3.8.1", "3.9.16", "3.10.0", "4.0.0-rc-4")) {
            assertThat(mavenFrom(folder, "Apache Maven " + version + " (1234abc)"))
                    .as(version)
                    .startsWith("mvn -B -f " + folder + "/pom.xml")
                    .endsWith(" package");
        }
    }

    @Test
    void otherwiseTheWrapperIsUsed(@TempDir Path folder) throws Exception {
        for (String version : List.of("", "Apache Maven 3.6.3", "Apache Maven 3.8.0", "broken")) {
            assertThat(mavenFrom(folder, version))
                    .as(version)
                    .startsWith("mvnw -B -f " + folder + "/pom.xml")
                    .endsWith(" package");
        }
    }

    @Test
    void theWrapperFindsAnUnzip(@TempDir Path folder) throws Exception {
        executable(folder.resolve("mvnw"), "command -v unzip");
        String found =
                run(
                        Map.of("PATH", Files.createDirectory(folder.resolve("tools")).toString()),
                        "maven_command=%s/mvnw; run_maven".formatted(folder));

        assertThat(found).endsWith("scripts/lib/without-unzip/unzip");
        assertThat(Path.of(found)).isExecutable();
    }

    @Test
    void withoutAJdkTheMessageNamesTheArchiveWithARuntime(@TempDir Path folder) throws Exception {
        String message =
                run(
                        Map.of("PATH", "/nowhere", "JAVA_HOME", "", "HOME", folder.toString()),
                        "is_suitable_jdk() { false; }; (use_jdk) || echo \"ends with $?\"");

        assertThat(message)
                .startsWith("error: no JDK 25 or newer found")
                .contains("jmergekit-VERSION-linux-x64.tar.gz from the project's releases page")
                .endsWith("ends with 2");
    }
}
