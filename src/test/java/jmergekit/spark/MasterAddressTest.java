package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterAddressTest {
    /// Whether a standalone master is there.
    static boolean answers(String host, int port) {
        try {
            MasterAddress.check("--master", "spark://" + host + ":" + port);
            return true;
        } catch (MergeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark://a:7077",
                "spark://a:7077,b:7077",
                "local",
                "local[4]",
                "local[*]",
                "local-cluster[2,1,1024]",
                "local-cluster[2, 1, 1024]",
                "yarn",
                "k8s://https://a:6443"
            })
    void spellingsOfSparkAreTaken(String address) {
        assertThat(MasterAddress.problem("--master", address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:7077", "spark://", "local-cluster[2,1]", "http://a", "local[2"})
    void othersAreNot(String address) {
        assertThat(MasterAddress.problem("--master", address))
                .hasValueSatisfying(p ->
                        assertThat(p)
                                .hasToString(
                                        "--master: not a valid address of a cluster (expected"
                                                + " spark://HOST:PORT,"
                                                + " local-cluster[N,CORES,MEMORY], local[N], yarn"
                                                + " or k8s://…, found '"
                                                + address
                                                + "')"));
    }

    @Test
    void oneMasterOfSeveralIsEnough() throws IOException {
        int free;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = gone.getLocalPort();
        }
        try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String nobody = "127.0.0.1:" + free;
            String somebody = "127.0.0.1:" + there.getLocalPort();

            assertThatCode(() ->
                            MasterAddress.check("--master", "spark://" + nobody + "," + somebody))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> MasterAddress.check("--master", "spark://" + nobody))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("--master: no Spark master answers there")
                    .hasMessageContaining(nobody);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark://a", "spark://a:b", "spark://127.0.0.1:99999"})
    void anAddressWithoutAPortIsRefused(String address) {
        assertThatThrownBy(() -> MasterAddress.check("--cluster", address))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("--cluster: no Spark master answers there");
    }
}
