package jmergekit;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.apache.spark.SparkConf;
import org.ejml.data.DMatrixRMaj;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import software.amazon.awssdk.regions.Region;

/// Does, in no room at all, what [ArchitectureTest] forbids outside certain rooms. Never run.
final class RuleBreaker {
    private RuleBreaker() {}

    static void breakEveryRule(FileChannel channel) throws IOException {
        channel.map(MapMode.READ_ONLY, 0, 1);
        HttpClient.newHttpClient().close();
        Region.of("");
        FloatVector.zero(FloatVector.SPECIES_PREFERRED);
        Linker.nativeLinker();
        LoadSettings.builder();
        new DMatrixRMaj(1, 1);
        new CommandLine(new Object());
        new SparkConf();
        new Thread(() -> {}).start();
        Executors.newCachedThreadPool().close();
        IntStream.range(0, 1).parallel().sum();
        System.out.println();
        new ProcessBuilder().start();
        Runtime.getRuntime().exec(new String[0]);
        System.exit(0);
        new URLClassLoader(new URL[0]).close();
        throw new RuntimeException();
    }
}
