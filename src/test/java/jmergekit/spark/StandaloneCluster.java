package jmergekit.spark;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;

/// A master and two workers, on what Spark takes for two machines: it begins no task twice on the same one.
record StandaloneCluster(String master, List<SparkProcesses.Running> processes)
        implements AutoCloseable {
    /// @param cores that each worker says it has
    static StandaloneCluster start(SparkProcesses spark, int cores) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String address = "spark://127.0.0.1:" + port;
        SparkProcesses.Running master =
                spark.start(
                        "org.apache.spark.deploy.master.Master",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--webui-port",
                        "0");
        StandaloneCluster cluster =
                new StandaloneCluster(
                        address,
                        List.of(
                                master,
                                worker(spark, "127.0.0.1", cores, address),
                                worker(spark, "localhost", cores, address)));
        SparkProcesses.await(() -> MasterAddressTest.answers("127.0.0.1", port), master);
        return cluster;
    }

    private static SparkProcesses.Running worker(
            SparkProcesses spark, String host, int cores, String master) throws IOException {
        return spark.start(
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host,
                "--cores",
                Integer.toString(cores),
                "--memory",
                "1g",
                "--webui-port",
                "0",
                master);
    }

    @Override
    public void close() {
        processes.reversed().forEach(SparkProcesses.Running::close);
    }
}
